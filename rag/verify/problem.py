"""What is wrong with a claim, and what was found about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kb.search import Hit
from rag.answer import Verdict
from rag.reason import Reason

ProblemKind = Literal["number", "date", "code", "address", "name", "region", "negation", "condition", "wording", "citation"]
_WHAT: dict[str, str] = {
    "number": "The passage does not say “{text}” of this",
    "date": "The passage does not say “{text}” of this",
    "code": "The passage does not say “{text}” of this",
    "address": "The address “{text}” is not in the passage",
    "name": "The passage is not about “{text}”",
    "region": "The passage does not say this of “{text}”",
    "negation": "The passage says the opposite of “{text}”",
    "condition": "The passage sets a condition where this says “{text}”",
    "wording": "No passage says this",
    "citation": "There is no passage [{text}]",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What a passage does not bear out: the claim's ``text[start:end]``. ``told`` is what the passage has instead, if anything."""

    kind: ProblemKind
    text: str
    start: int
    end: int
    told: str | None = None

    @property
    def message(self) -> str:
        """One sentence for a person."""
        told = f"; it says “{self.told}”" if self.told else ""
        return f"{_WHAT[self.kind].format(text=self.text)}{told}."


@dataclass(frozen=True, slots=True)
class Finding:
    """What one claim came to. ``hit`` and ``quote`` are the passage and its literal words that bear it out, or come nearest.

    ``support`` is a probability in [0, 1].
    """

    verdict: Verdict
    support: float
    hit: Hit | None
    quote: str
    problems: Sequence[Problem] = ()

    @property
    def reason(self) -> str:
        """Why it is not supported, in one sentence; empty when it is."""
        return Reason(self.problems[0].kind, self.problems[0].message) if self.problems else ""
