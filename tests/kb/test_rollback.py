import errno
import os
import shutil
from pathlib import Path

import pytest

from kb.errors import KnowledgeBaseError, VersionDamagedError, VersionNotFoundError
from kb.hold import Hold
from kb.rollback import default_target, roll_back
from kb.store import VersionStore
from tests.kb.builders import publish, sample_contents
from tests.kb.faults import Faults, Killed

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    """Three versions, the third current."""
    store = VersionStore(tmp_path / "data")
    for number in range(3):
        publish(store, sample_contents(number))
    return store


def back(store: VersionStore, target: str, why: str = "wrong prices 价格错误") -> None:
    with store.writer() as writer:
        roll_back(store, writer, target, "Ada", why)


def state(store: VersionStore) -> tuple[str | None, str | None]:
    """The current version, and who holds it why."""
    hold = store.hold()
    return store.current_id(), None if hold is None else f"{hold.version} {hold.why}"


def test_back_to_the_parent_and_held(store: VersionStore) -> None:
    assert default_target(store) == "000002"
    back(store, "000002")
    assert state(store) == ("000002", "000002 wrong prices 价格错误")
    assert default_target(store) == "000001"
    hold = store.hold()
    assert hold is not None
    assert str(hold) == f"Version 000002 is held since {hold.when}, by Ada (wrong prices 价格错误)."
    assert str(Hold("000002", "", "", "now")) == "Version 000002 is held since now, by somebody who gave no name."


def test_the_current_version_can_be_held_where_it_is(store: VersionStore) -> None:
    back(store, "000003", "before the sale")
    assert state(store) == ("000003", "000003 before the sale")


def test_a_publication_ends_the_hold_and_follows_what_was_held(store: VersionStore) -> None:
    back(store, "000001")
    assert publish(store, sample_contents(9)) == "000004"
    assert store.manifest("000004").parent == "000001"
    assert state(store) == ("000004", None)
    assert not store.layout.hold.exists()


def test_the_first_version_has_none_before_it(store: VersionStore) -> None:
    back(store, "000001")
    with pytest.raises(VersionNotFoundError, match="no version before 000001"):
        default_target(store)
    with pytest.raises(VersionNotFoundError, match="citedesk versions"):
        back(store, "000009")


def test_where_the_manifest_is_lost_the_number_tells_the_parent(store: VersionStore) -> None:
    (store.layout.versions / "000003" / "manifest.json").unlink()
    assert default_target(store) == "000002"


def test_a_damaged_version_is_not_gone_back_to(store: VersionStore) -> None:
    path = store.layout.versions / "000002" / "vectors.npy"
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(VersionDamagedError, match="vectors.npy"):
        back(store, "000002")
    assert state(store) == ("000003", None)


def test_a_spoilt_pointer_is_mended(store: VersionStore) -> None:
    store.layout.current.write_text("latest\n")
    back(store, "000002")
    assert state(store) == ("000002", "000002 wrong prices 价格错误")


def test_a_spoilt_hold_holds_until_it_is_mended(store: VersionStore) -> None:
    store.layout.hold.write_text("{")
    with pytest.raises(VersionDamagedError, match=r"HOLD.*rollback --release"):
        store.hold()
    with store.writer():
        pass
    assert store.layout.hold.exists()
    back(store, "000002")
    assert state(store) == ("000002", "000002 wrong prices 价格错误")


def try_back(store: VersionStore, monkeypatch: pytest.MonkeyPatch, fail_at: int, error: BaseException) -> int | None:
    """Rolls back to version 1 with a fault at call ``fail_at``; the number of calls if nothing failed."""
    with monkeypatch.context() as patch:
        faults = Faults(patch, fail_at, lambda: error)
        try:
            back(store, "000001", "second")
        except (Killed, KnowledgeBaseError):
            return None
        return faults.calls


@pytest.mark.parametrize("error", [Killed(), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), OSError(errno.EIO, "failed")])
@pytest.mark.parametrize("held_before", [False, True])
def test_a_fault_at_every_call_leaves_before_or_after(
    store: VersionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, held_before: bool
) -> None:
    if held_before:
        back(store, "000002", "first")
    before, after = state(store), ("000001", "000001 second")
    counted = VersionStore(Path(shutil.copytree(store.data, tmp_path / "counted")))
    calls = try_back(counted, monkeypatch, 0, error)
    assert calls is not None and calls > 8
    seen = set()
    for fail_at in range(1, calls + 1):
        copy = VersionStore(Path(shutil.copytree(store.data, tmp_path / str(fail_at))))
        assert try_back(copy, monkeypatch, fail_at, error) is None
        seen.add(state(copy))
        assert state(copy) in (before, after)
        kept = state(copy)
        with copy.writer():
            pass
        assert state(copy) == kept
    assert seen == {before, after}
