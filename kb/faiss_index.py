"""Exact vector search on the CPU with FAISS: a flat index and a bitmap of what the search's scope admits."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import faiss
import numpy as np
from numpy.typing import NDArray

from kb.admission import Admission
from kb.encoder import FloatArray
from kb.scope import SearchScope
from kb.vector_index import Scored

ROWS_AT_ONCE = 65_536  # while filling: bounds the copy that FAISS needs beside its own
CACHED_SELECTIONS = 32  # one bit per vector each


@dataclass(frozen=True, slots=True)
class _Selection:
    """What FAISS is told about a scope. ``parameters`` is None when everything is admitted; ``kept`` is the memory it points to."""

    admitted: int
    parameters: faiss.SearchParameters | None
    kept: tuple[object, ...] = ()


class FaissIndex:
    """Implements `kb.vector_index.VectorIndex` over some passages of a version.

    ``vectors`` [passages, dimension] are those of the whole version, of which the rows ``ordinals`` are indexed; the copy
    that FAISS holds takes 4 bytes × dimension per row. Safe for several threads.

    Only a flat index is exact under a selector: graph indexes lose results with it, and some return forbidden ones.
    """

    def __init__(self, vectors: FloatArray, ordinals: NDArray[np.int32], admission: Admission) -> None:
        self._ordinals = ordinals
        self._admission = admission
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        for start in range(0, len(ordinals), ROWS_AT_ONCE):
            self._index.add(np.ascontiguousarray(vectors[ordinals[start : start + ROWS_AT_ONCE]], dtype=np.float32))
        self._selections: OrderedDict[SearchScope, _Selection] = OrderedDict()
        self._lock = Lock()

    def search(self, vectors: FloatArray, k: int, scope: SearchScope) -> list[list[Scored]]:
        """The ``k`` best admitted passages for each row of ``vectors`` [queries, dimension], best first.

        Returns fewer when fewer are admitted, never one that is not. Raises ValueError for vectors of another dimension.
        """
        queries = self._checked(vectors)
        selection = self._selection(scope)
        wanted = min(k, selection.admitted)
        if wanted < 1 or not len(queries):
            return [[] for _ in queries]
        scores, rows = self._index.search(queries, wanted, params=selection.parameters)
        mask = self._admission.mask(scope)
        return [self._scored(scores[query], rows[query], mask) for query in range(len(queries))]

    def _checked(self, vectors: FloatArray) -> FloatArray:
        queries = np.ascontiguousarray(vectors, dtype=np.float32)
        if queries.ndim != 2 or queries.shape[1] != self._index.d:
            raise ValueError(f"query vectors of shape {queries.shape} for an index of dimension {self._index.d}")
        return queries

    def _selection(self, scope: SearchScope) -> _Selection:
        with self._lock:
            known = self._selections.get(scope)
            if known is not None:
                self._selections.move_to_end(scope)
                return known
        selection = self._select(scope)
        with self._lock:
            self._selections[scope] = selection
            if len(self._selections) > CACHED_SELECTIONS:
                self._selections.popitem(last=False)
        return selection

    def _select(self, scope: SearchScope) -> _Selection:
        admitted = self._admission.mask(scope)[self._ordinals]
        count = int(np.count_nonzero(admitted))
        if count == len(admitted):
            return _Selection(count, None)
        bits = np.packbits(admitted, bitorder="little")  # FAISS reads bit (id & 7) of byte (id >> 3)
        selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        parameters = faiss.SearchParameters()
        parameters.sel = selector
        return _Selection(count, parameters, (selector, bits))

    def _scored(self, scores: FloatArray, rows: NDArray[np.int64], mask: NDArray[np.bool_]) -> list[Scored]:
        found = [(int(self._ordinals[row]), score) for row, score in zip(rows.tolist(), scores.tolist(), strict=True) if row >= 0]
        admitted = [Scored(ordinal, score) for ordinal, score in found if mask[ordinal]]  # checked again: a leak is worse than a gap
        return sorted(admitted, key=lambda scored: (-scored.score, scored.ordinal))
