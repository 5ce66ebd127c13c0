"""Pairs of documents, or of FAQ pairs, that are alike, as they are reported."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class DuplicatePlace:
    """One side of a pair."""

    source: str
    path: str
    question: str | None = None


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two that are alike. ``similarity`` is 1 if they differ in punctuation, case and spaces at most, and else the share of short runs of
    characters that they have in common. ``numbers_differ`` tells that different numbers stand in them: most likely two models.
    """

    kind: Literal["document", "faq"]
    similarity: float
    numbers_differ: bool
    first: DuplicatePlace
    second: DuplicatePlace


@dataclass(frozen=True, slots=True)
class Duplicates:
    """How many pairs were found, and the first of them, those with the same numbers before others, the most alike first.

    Of several that are all alike, each is paired once.
    """

    count: int = 0
    pairs: tuple[DuplicatePair, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"count": self.count, "pairs": [asdict(pair) for pair in self.pairs]}

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to tell about them, in at most one sentence."""
        if not self.count:
            return ()
        told = "; ".join(_sentence(pair) for pair in self.pairs[:MOST_TOLD])
        more = f"; and {self.count - MOST_TOLD} more" if self.count > MOST_TOLD else ""
        return (f"The same or nearly the same, and nothing was merged ({self.count}): {told}{more}.",)


def _sentence(pair: DuplicatePair) -> str:
    sides = [f"{side.source}/{side.path}" + (f" ({side.question!r})" if side.question else "") for side in (pair.first, pair.second)]
    how = "the same text" if pair.similarity == 1 else f"{100 * pair.similarity:.0f} % alike"
    return f"{' and '.join(sides)} ({how}{', but their numbers differ' if pair.numbers_differ else ''})"
