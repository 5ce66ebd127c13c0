"""Why a sentence may not be sent: a sentence of ours for people, and one word for programs."""

from typing import Literal, TypeAlias, get_args

ReasonKind: TypeAlias = Literal[
    "number", "date", "code", "address", "name", "region", "negation", "condition", "wording", "citation", "quote", "language",
    "placeholder", "unsure", "other_words", "empty", "picture", "markup", "link", "canary", "speaks_to_model", "other",
]  # fmt: skip
REASON_KINDS: tuple[ReasonKind, ...] = get_args(ReasonKind)


class Reason(str):
    """The sentence. ``kind`` is the word, one of a few, by which removed sentences are counted."""

    kind: ReasonKind

    def __new__(cls, kind: ReasonKind, sentence: str) -> "Reason":
        """``sentence`` with its ``kind``."""
        made = super().__new__(cls, sentence)
        made.kind = kind
        return made


def kind_of(reason: str) -> ReasonKind:
    """The kind of ``reason``; ``other`` for a sentence without one."""
    return reason.kind if isinstance(reason, Reason) else "other"
