"""A flat FAISS index in a GPU's memory. It has no filter by id: `kb.overfetch_index` makes scoped search over it exact."""

from functools import cache
from threading import Lock

import faiss
import numpy as np
from numpy.typing import NDArray

from kb.encoder import FloatArray

LARGEST_K = 2048
"""What FAISS can select on a GPU in one search (GpuIndexFlat)."""
ROWS_AT_ONCE = 65_536
SCRATCH_BYTES = 256 << 20
"""Working memory on the GPU; the library would take 1.5 GB by default, and a language model lives there too."""

_turn = Lock()  # the resources of one GPU may be used by one thread at a time


def gpu_count() -> int:
    """How many GPUs FAISS sees: 0 with the CPU build (the extra ``cpu``)."""
    return int(faiss.get_num_gpus()) if hasattr(faiss, "StandardGpuResources") else 0


@cache
def _resources() -> "faiss.StandardGpuResources":
    resources = faiss.StandardGpuResources()
    resources.setTempMemory(SCRATCH_BYTES)
    return resources


class GpuFlat:
    """Implements `kb.overfetch_index.Flat` on the first GPU, over the rows ``ordinals`` of ``vectors`` [passages, dimension]."""

    largest_k = LARGEST_K

    def __init__(self, vectors: FloatArray, ordinals: NDArray[np.int32]) -> None:
        with _turn:
            self._index = faiss.GpuIndexFlatIP(_resources(), vectors.shape[1])
            for start in range(0, len(ordinals), ROWS_AT_ONCE):
                self._index.add(np.ascontiguousarray(vectors[ordinals[start : start + ROWS_AT_ONCE]], dtype=np.float32))

    def search(self, queries: FloatArray, k: int) -> tuple[FloatArray, NDArray[np.int64]]:
        """Scores and rows [queries, k] of the nearest vectors, best first. ``k`` is at most `largest_k` and the number of rows."""
        with _turn:
            scores, rows = self._index.search(queries, k)
        return scores, rows
