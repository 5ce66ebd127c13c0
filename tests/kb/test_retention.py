import shutil
from pathlib import Path

import pytest

from kb.errors import KnowledgeBaseError
from kb.retention import kept_versions, prune
from kb.rollback import roll_back
from kb.store import VersionStore
from tests.kb.builders import FIELDS, contents_of, make_document, publish
from tests.kb.faults import Faults, Killed

pytestmark = pytest.mark.slow


def text(number: int) -> str:
    return f"Kettle {number} boils water. 水壶{number}。"


def publish_numbers(store: VersionStore, *numbers: int) -> None:
    """A version each, of one document with its original, and of one that all share."""
    for number in numbers:
        store.objects.put(text(number).encode())
        store.objects.put(b"Shared.")
        publish(store, contents_of([make_document("kettle.md", [text(number)]), make_document("shared.md", ["Shared."])]))


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    store = VersionStore(tmp_path / "data")
    publish_numbers(store, 1, 2, 3, 4, 5)
    return store


def pruned(store: VersionStore, keep: int) -> tuple[str, ...]:
    with store.writer() as writer:
        return prune(store, writer, keep).versions


def originals(store: VersionStore) -> int:
    return len([path for path in store.objects.root.glob("??/*") if path.is_file()])


def test_the_newest_stay_with_their_originals(store: VersionStore) -> None:
    assert originals(store) == 6
    assert pruned(store, 3) == ("000002", "000001")
    assert store.version_ids() == ["000005", "000004", "000003"]
    assert originals(store) == 4
    for version_id in store.version_ids():
        version = store.open(version_id)
        assert all(store.objects.read(one) for one in version.content_hashes())
        version.close()
    assert pruned(store, 3) == ()
    assert list(store.layout.staging.iterdir()) == []


@pytest.mark.parametrize("keep", [1, 2])
def test_the_current_one_and_its_parent_stay(store: VersionStore, keep: int) -> None:
    assert pruned(store, keep) == ("000003", "000002", "000001")


def test_after_a_rollback_what_is_held_its_parent_and_the_highest_number_stay(store: VersionStore) -> None:
    with store.writer() as writer:
        roll_back(store, writer, "000002", "Ada", "")
    assert pruned(store, 1) == ("000004", "000003")
    assert store.version_ids() == ["000005", "000002", "000001"]
    publish_numbers(store, 6)
    assert store.current_id() == "000006"


def test_where_the_parent_is_gone_the_next_lower_stays(store: VersionStore) -> None:
    shutil.rmtree(store.layout.versions / "000004")
    assert kept_versions(store, 1) == {"000005", "000003"}


def test_a_version_without_a_pointer_keeps_all(store: VersionStore) -> None:
    store.layout.current.unlink()
    assert pruned(store, 1) == ()
    store.layout.current.write_text("latest\n")
    with pytest.raises(KnowledgeBaseError, match="CURRENT"):
        pruned(store, 1)
    assert len(store.version_ids()) == 5


def test_a_damaged_version_costs_no_original(store: VersionStore) -> None:
    (store.layout.versions / "000004" / "passages.sqlite").write_bytes(b"")
    with store.writer() as writer:
        result = prune(store, writer, 2)
    assert result.versions == ("000003", "000002", "000001")
    assert result.objects == 0 and "000004" in str(result.problem)
    assert originals(store) == 6


def test_a_reader_reads_on(store: VersionStore) -> None:
    version = store.open("000001")
    version.warm()
    assert "000001" in pruned(store, 1)
    assert version.passages([0])[0].text == text(1)
    assert version.vectors[0].any()
    version.close()


def test_the_current_version_cannot_be_removed(store: VersionStore) -> None:
    with store.writer() as writer, pytest.raises(KnowledgeBaseError, match="is current"):
        writer.remove_version("000005")


def test_a_number_that_was_emptied_is_not_used_again(store: VersionStore) -> None:
    with store.writer() as writer:
        roll_back(store, writer, "000001", "Ada", "")
        writer.empty_version("000005")
        assert store.is_empty("000005")
        assert writer.stage().id == "000006"
    assert FIELDS.forced is None


def test_killed_at_every_call_every_version_is_whole_or_gone(
    store: VersionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pruned(store, 3)
    publish_numbers(store, 6)
    counted = VersionStore(Path(shutil.copytree(store.data, tmp_path / "counted")))
    with monkeypatch.context() as patch:
        faults = Faults(patch, 0, Killed)
        assert pruned(counted, 2) == ("000004", "000003")
    assert faults.calls >= 12
    for fail_at in range(1, faults.calls + 1):
        copy = VersionStore(Path(shutil.copytree(store.data, tmp_path / str(fail_at))))
        with monkeypatch.context() as patch, pytest.raises(Killed):
            Faults(patch, fail_at, Killed)
            pruned(copy, 2)
        for version_id in copy.version_ids():
            version = copy.open(version_id)
            assert all(copy.objects.read(one) for one in version.content_hashes())
            version.close()
        assert copy.current_id() == "000006"
        pruned(copy, 2)
        assert copy.version_ids() == ["000006", "000005"]
        assert list(copy.layout.staging.iterdir()) == []
