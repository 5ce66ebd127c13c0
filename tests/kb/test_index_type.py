"""The one place that chooses a version's vector index."""

import numpy as np
import pytest

from kb import index_type
from kb.errors import KnowledgeBaseError
from kb.index_type import FLAT, SMALLEST_ON_GPU, build_index, index_type_for
from kb.scope import Scope
from kb.store import VersionStore
from tests.contracts.test_vector_index import CpuFlat, admission_of, unit
from tests.kb.builders import publish_sample


def test_every_size_is_searched_exactly() -> None:
    assert {index_type_for(size) for size in (0, 1, 100_000, 5_000_000)} == {FLAT}
    with pytest.raises(ValueError, match="-1"):
        index_type_for(-1)


def test_the_manifest_records_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    data = tmp_path_factory.mktemp("data")
    publish_sample(data)
    assert VersionStore(data).versions()[0].index_type == FLAT


def test_a_type_of_a_later_release_is_refused() -> None:
    admission = admission_of([Scope()], np.zeros(3, np.int32))
    with pytest.raises(KnowledgeBaseError, match="'ivf'.*Install the release"):
        build_index("ivf", unit(3, 0), np.arange(3, dtype=np.int32), admission)


def test_a_gpu_takes_large_indexes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_type, "gpu_count", lambda: 1)
    monkeypatch.setattr(index_type, "GpuFlat", CpuFlat)
    for size, kind in ((SMALLEST_ON_GPU - 1, "FaissIndex"), (SMALLEST_ON_GPU, "OverfetchIndex")):
        admission = admission_of([Scope()], np.zeros(size, np.int32))
        index = build_index(FLAT, unit(size, 0), np.arange(size, dtype=np.int32), admission)
        assert type(index).__name__ == kind
