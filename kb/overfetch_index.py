"""Exact scoped search over an index that cannot filter: fetch more than is asked for, and prove that nothing is missing."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.admission import Admission
from kb.encoder import FloatArray
from kb.scope import SearchScope
from kb.vector_index import Scored

MARGIN = 1.5
"""Fetched per wanted passage beyond what the admitted share promises; a second, larger fetch follows where that was too few."""
ROWS_AT_ONCE = 16_384


class Flat(Protocol):
    """Nearest rows by inner product among all of them, with no filter. ``largest_k`` is the most that one search can return."""

    largest_k: int

    def search(self, queries: FloatArray, k: int) -> tuple[FloatArray, NDArray[np.int64]]:
        """Scores and rows [queries, k], best first."""


class OverfetchIndex:
    """Implements `kb.vector_index.VectorIndex` over ``flat``, which holds the rows ``ordinals`` of ``vectors`` [passages, dimension].

    The nearest n of all rows contain the nearest k admitted ones as soon as k of the n are admitted: whatever was not fetched
    scores no better than the last that was. Where even the most that ``flat`` can return has too few, the admitted
    rows, which are then a small share, are compared one by one. Safe for several threads if ``flat`` is.
    """

    def __init__(self, flat: Flat, vectors: FloatArray, ordinals: NDArray[np.int32], admission: Admission) -> None:
        self._flat = flat
        self._vectors = vectors
        self._ordinals = ordinals
        self._admission = admission

    def search(self, vectors: FloatArray, k: int, scope: SearchScope) -> list[list[Scored]]:
        """The ``k`` best admitted passages for each row of ``vectors`` [queries, dimension], best first.

        Returns fewer when fewer are admitted, never one that is not. Raises ValueError for vectors of another dimension.
        """
        queries = np.ascontiguousarray(vectors, dtype=np.float32)
        if queries.ndim != 2 or queries.shape[1] != self._vectors.shape[1]:
            raise ValueError(f"query vectors of shape {queries.shape} for an index of dimension {self._vectors.shape[1]}")
        admitted = self._admission.mask(scope)[self._ordinals]
        wanted = min(k, int(np.count_nonzero(admitted)))
        if wanted < 1 or not len(queries):
            return [[] for _ in queries]
        found: dict[int, list[Scored]] = {}
        for fetched in self._sizes(wanted, admitted):
            open_queries = [query for query in range(len(queries)) if query not in found]
            found |= self._complete(queries, open_queries, fetched, wanted, admitted)
            if len(found) == len(queries):
                break
        return [found[query] if query in found else self._compare_all(queries[query], wanted, admitted) for query in range(len(queries))]

    def _sizes(self, wanted: int, admitted: NDArray[np.bool_]) -> Sequence[int]:
        """How many rows to fetch, in the first attempt and in the second: none where no fetch could be enough."""
        most = min(self._flat.largest_k, len(admitted))
        if wanted > most:
            return ()
        share = float(np.count_nonzero(admitted)) / len(admitted)
        first = min(most, int(np.ceil(MARGIN * wanted / share)))
        return (first, most) if first < most else (most,)

    def _complete(
        self, queries: FloatArray, chosen: Sequence[int], fetched: int, wanted: int, admitted: NDArray[np.bool_]
    ) -> dict[int, list[Scored]]:
        """The results of those of the ``chosen`` queries for which ``fetched`` rows were provably enough."""
        if not chosen:
            return {}
        scores, rows = self._flat.search(queries[list(chosen)], fetched)
        complete = {}
        for query, its_scores, its_rows in zip(chosen, scores, rows, strict=True):
            allowed = (its_rows >= 0) & admitted[np.maximum(its_rows, 0)]
            if np.count_nonzero(allowed) >= wanted:
                complete[query] = self._scored(its_scores[allowed], its_rows[allowed])[:wanted]
        return complete

    def _compare_all(self, query: FloatArray, wanted: int, admitted: NDArray[np.bool_]) -> list[Scored]:
        rows = np.flatnonzero(admitted)
        scores = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            scores[part] = self._vectors[self._ordinals[rows[part]]] @ query
        best = np.argpartition(-scores, wanted - 1)[:wanted]
        return self._scored(scores[best], rows[best])

    def _scored(self, scores: FloatArray, rows: NDArray[np.int64]) -> list[Scored]:
        found = [Scored(int(self._ordinals[row]), score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True)]
        return sorted(found, key=lambda scored: (-scored.score, scored.ordinal))
