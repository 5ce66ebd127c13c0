"""The vector index interface. One contract test runs against every implementation (tests/contracts/)."""

from dataclasses import dataclass
from typing import Protocol

from kb.encoder import FloatArray
from kb.scope import SearchScope


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage, by its ordinal in the version, and a score (higher is better)."""

    ordinal: int
    score: float


class VectorIndex(Protocol):
    """Exact nearest passages by inner product, among those that ``scope`` admits."""

    def search(self, vectors: FloatArray, k: int, scope: SearchScope) -> list[list[Scored]]:
        """The ``k`` best admitted passages for each row of ``vectors`` [queries, dimension], best first.

        Returns fewer when fewer are admitted, never one that is not.
        """
