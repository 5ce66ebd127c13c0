"""Which vector index a version gets, decided in this one place; and building it on what this machine has."""

import numpy as np
from numpy.typing import NDArray

from kb.admission import Admission
from kb.encoder import FloatArray
from kb.errors import KnowledgeBaseError
from kb.faiss_gpu import GpuFlat, gpu_count
from kb.faiss_index import FaissIndex
from kb.overfetch_index import OverfetchIndex
from kb.vector_index import VectorIndex

FLAT = "flat"
SMALLEST_ON_GPU = 20_000
"""Vectors below which a GPU is not worth the copy: a CPU searches them in a few milliseconds."""


def index_type_for(passages: int) -> str:
    """The type that the manifest of a version with ``passages`` passages records.

    Always ``flat`` so far: graph and inverted-file indexes lose results under a scope (docs/decisions/0001-flat-index-from-vectors.md),
    and past about a million passages one machine is too small for a flat one, which is when another store takes over.
    """
    if passages < 0:
        raise ValueError(f"a version cannot have {passages} passages")
    return FLAT


def build_index(index_type: str, vectors: FloatArray, ordinals: NDArray[np.int32], admission: Admission) -> VectorIndex:
    """The index of ``index_type`` over the rows ``ordinals`` of ``vectors`` [passages, dimension]: on a GPU where there is one and it pays.

    Where it runs is this machine's affair: both give the same results. Raises KnowledgeBaseError
    for a type that this release does not know.
    """
    if index_type != FLAT:
        raise KnowledgeBaseError(
            f"The version has an index of type {index_type!r}, which this Citedesk cannot read. Install the release that wrote it."
        )
    if len(ordinals) >= SMALLEST_ON_GPU and gpu_count() > 0:
        return OverfetchIndex(GpuFlat(vectors, ordinals), vectors, ordinals, admission)
    return FaissIndex(vectors, ordinals, admission)
