"""Every error that Citedesk raises on purpose. Faces map these by type; none of them knows HTTP.

    CitedeskError                   says what happened, where, and what to do next
    ├── ConfigurationError          a setting is missing or contradicts another
    ├── KnowledgeBaseError
    │   ├── NoVersionError          nothing has been published into this data folder yet
    │   ├── VersionNotFoundError    the named version is not kept
    │   ├── VersionDamagedError     a file differs from the manifest, or cannot be read
    │   ├── EncoderMismatchError    the version was embedded with another encoder
    │   ├── StoreBusyError          another writer holds the lock
    │   ├── StorageFullError        no space left, with how much is needed
    │   └── StorageDeniedError      the data folder cannot be read or written
    ├── EncoderError                the encoder cannot be prepared or loaded
    ├── QuestionError
    │   ├── EmptyQuestionError      nothing to answer
    │   └── QuestionTooLongError    longer than the limit
    ├── IngestError
    │   ├── SourceError             a source cannot be read, or lost too much at once
    │   └── ParseError              one document cannot be parsed; the others go on
    ├── StateUnavailableError       the state database (keys, runs, …) is away or locked
    ├── DeadlineError               a phase ran past its deadline
    ├── GenerationError             the language model failed, or is known to be down
    │   └── PromptTooLongError      what it would have to read does not fit into its context
    └── AccessError
        ├── InvalidKeyError         no key, or not a valid one
        └── ScopeDeniedError        the key is valid but may not do this
"""


class CitedeskError(Exception):
    """The root of every deliberate error. ``str(error)`` is a sentence for the user."""


class ConfigurationError(CitedeskError):
    """A setting is missing, malformed, or contradicts another."""


class KnowledgeBaseError(CitedeskError):
    """Something is wrong with the knowledge base on disk."""


class NoVersionError(KnowledgeBaseError):
    """Nothing has been published into this data folder yet."""


class VersionNotFoundError(KnowledgeBaseError):
    """The named version is not kept in this data folder."""


class VersionDamagedError(KnowledgeBaseError):
    """A file of a version differs from its manifest or cannot be read."""


class EncoderMismatchError(KnowledgeBaseError):
    """The version was embedded with an encoder other than the configured one."""


class StoreBusyError(KnowledgeBaseError):
    """Another writer holds the lock of this data folder."""


class StorageFullError(KnowledgeBaseError):
    """The disk has no room for what is to be written."""


class StorageDeniedError(KnowledgeBaseError):
    """The data folder cannot be read or written by this process."""


class EncoderError(CitedeskError):
    """The encoder cannot be prepared or loaded."""


class QuestionError(CitedeskError):
    """The question cannot be answered as it was asked."""


class EmptyQuestionError(QuestionError):
    """The question holds no text."""


class QuestionTooLongError(QuestionError):
    """The question is longer than the configured limit."""


class UnknownRegionError(CitedeskError):
    """The region that a request names is no country, no group of countries, and in no document that the caller may see."""


class IngestError(CitedeskError):
    """An ingest run cannot go on."""


class SourceError(IngestError):
    """A source cannot be read, or it lost too many documents at once."""


class ParseError(IngestError):
    """One document cannot be parsed. The run goes on without it."""


class StateUnavailableError(CitedeskError):
    """The database of keys, runs and the like cannot be reached, or did not finish in time."""


class DeadlineError(CitedeskError):
    """A phase of answering ran past its deadline."""


class GenerationError(CitedeskError):
    """The language model failed, took too long, stopped without an end, or is known to be down."""


class PromptTooLongError(GenerationError):
    """The question with the least that belongs to it does not fit into the language model's context."""


class AccessError(CitedeskError):
    """The caller may not do this."""


class InvalidKeyError(AccessError):
    """The key is missing, unknown, expired or revoked."""


class ScopeDeniedError(AccessError):
    """The key is valid but lacks the scope this action needs."""
