"""The answer, and the events of which it is the sum."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from rag.reason import ReasonKind, kind_of
from rag.validity import Validity

Verdict: TypeAlias = Literal["supported", "contradicted", "not_found"]
FinishReason: TypeAlias = Literal["stop", "length", "content_filter"]
"""Why an answer ends where it does, in OpenAI's words: it is complete, ran into a limit on its length, or may not be shown."""
AbstainReason: TypeAlias = Literal[
    "not_in_knowledge_base", "conflicting_passages", "outside_scope", "needs_person", "nothing_verified", "frozen"
]
ABSTAIN_REASONS: tuple[AbstainReason, ...] = get_args(AbstainReason)


@dataclass(frozen=True, slots=True)
class Citation:
    """One cited passage. ``quote`` is literally in the passage; ``start``/``end`` are its span in the document's text.

    ``number`` counts from 1 in order of first use. ``source`` is the source's name, ``document`` the path within it.
    """

    number: int
    passage_id: str
    document_id: str
    source: str
    document: str
    title: str
    quote: str
    start: int
    end: int
    page: int | None
    public_url: str | None
    language: str


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One verified sentence (or table row), without markers, and the numbers of the citations that support it.

    ``separator`` stands before the sentence in the answer's text. ``support`` is a score in [0, 1]. A ``notice`` is a fixed sentence of
    ours about the answer (its day, rules elsewhere): nothing supports it, and it cites nothing.
    """

    text: str
    citations: tuple[int, ...]
    support: float
    verdict: Verdict = "supported"
    separator: str = ""
    notice: bool = False

    @property
    def rendered(self) -> str:
        """The sentence as it is sent: separator, text, and a ``[n]`` marker per citation."""
        markers = "".join(f"[{number}]" for number in self.citations)
        return f"{self.separator}{self.text}{' ' if markers else ''}{markers}"


@dataclass(frozen=True, slots=True)
class RemovedSentence:
    """A sentence that was not sent, and why. For agents and logs; never shown to a shopper."""

    text: str
    reason: str

    @property
    def kind(self) -> ReasonKind:
        """One word for the reason."""
        return kind_of(self.reason)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two retrieved passages that contradict each other."""

    passage_ids: tuple[str, str]
    note: str


@dataclass(frozen=True, slots=True)
class Generator:
    """Which generator wrote the answer; ``degraded`` when it stood in for another that failed."""

    name: str
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of the prompt and of the completion, by the generator's own count."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One grounded answer. ``timings`` are seconds per stage (docs/watching.md names them).

    ``gap`` tells an agent what is missing when it was declined.

    ``validity`` tells for which day and region it holds. ``verified`` is False for the plain model's texts alone, which no knowledge
    base was asked about (then ``kb_version`` is empty).
    """

    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    generator: Generator
    kb_version: str
    usage: Usage
    removed: tuple[RemovedSentence, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    abstained: bool = False
    reason: AbstainReason | None = None
    gap: str | None = None
    escalate: bool = False
    timings: Mapping[str, float] = field(default_factory=dict)
    validity: Validity | None = None
    finish: FinishReason = "stop"
    verified: bool = True

    @property
    def text(self) -> str:
        """The answer's text with its ``[n]`` markers: the rendered sentences one after the other."""
        return "".join(sentence.rendered for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class SentenceEvent:
    """A verified sentence leaves."""

    sentence: AnswerSentence


@dataclass(frozen=True, slots=True)
class CitationEvent:
    """A citation that a sentence just sent, or about to be sent, uses."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class EndEvent:
    """The answer is complete; ``answer`` is the sum of all the events before."""

    answer: Answer


AnswerEvent: TypeAlias = SentenceEvent | CitationEvent | EndEvent
