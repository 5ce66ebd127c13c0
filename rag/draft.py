"""What passes between the stages: the evidence a generator gets, and the draft sentences it gives."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from kb.search import Hit
from rag.answer import AbstainReason, Generator, Usage
from rag.query import Query
from rag.unit import Unit


@dataclass(frozen=True, slots=True)
class ScoredUnit:
    """A unit, what the reader thinks of it (a logit), its cosine with the question, and the sum of all that speaks for it.

    Higher is better, in each.
    """

    unit: Unit
    logit: float
    cosine: float
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was found for a question. ``question`` is the rewritten text; ``units`` are scored, best first.

    ``abstain`` is the reason why this evidence cannot answer, or None; ``gap`` says in a sentence what is missing, which
    need not be reason enough.
    ``confidence`` is the reader's, the logit of "something here answers", and None when it was not asked. ``units`` are empty when
    the question is declined.
    """

    question: str
    hits: tuple[Hit, ...]
    units: tuple[ScoredUnit, ...]
    abstain: AbstainReason | None = None
    gap: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence before verification, without markers.

    ``quotes`` are the hits it was taken from with the literal words, where a generator quotes; ``cited`` the hits whose
    markers a model wrote beside it, where the verifier has to find the words itself. ``support`` is the generator's own score.
    """

    text: str
    quotes: tuple[tuple[Hit, str], ...] = ()
    support: float = 0.0
    separator: str = ""
    cited: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """The writer ran into the limit on its length; what it had not finished is left out."""


class AnswerGenerator(Protocol):
    """Writes draft sentences from evidence, one after the other."""

    @property
    def label(self) -> Generator:
        """Which generator this is."""

    def generate(self, query: Query, evidence: Evidence) -> AsyncIterator[Draft | Usage | Cut]:
        """The draft sentences, in order; a `Cut` where there was more to say, a `Usage` last when the generator counts its own tokens.

        Raises:
            GenerationError: the model behind it failed, took too long, or ended without saying that it was done. What was
                yielded before stands.
        """
