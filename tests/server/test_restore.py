"""A restore, killed at every call."""

import shutil
from pathlib import Path

import pytest

from kb.encoders.hashing import HashingEncoder
from kb.errors import NoVersionError
from kb.inspection import inspect
from kb.store import VersionStore
from server.backup.made import made_backups
from server.backup.make import make_backup
from server.backup.restore import restore
from server.state.database import StateDatabase
from server.state.keys import KeyStore
from tests.kb.faults import Faults, Killed
from tests.server import shop


@pytest.fixture
def backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of a shop of three documents with a key."""
    few = shop.items(0)[:3]
    monkeypatch.setattr("tests.server.shop.items", lambda number: [*few[1:], few[0]] if number else few)
    data = tmp_path / "origin"
    shop.publish(data, 0, HashingEncoder())
    database = StateDatabase.open(data)
    KeyStore(database).create_key("front", "public", ("chat",))
    database.close()
    make_backup(VersionStore(data), tmp_path / "backup.tar", None, "Ada")
    return tmp_path / "backup.tar"


def keys(data: Path) -> list[str]:
    database = StateDatabase.open(data)
    try:
        return [key.name for key in KeyStore(database).list_keys()]
    finally:
        database.close()


def sound(store: VersionStore) -> bool:
    version = store.open_current()
    try:
        return inspect(version, store.objects).sound
    finally:
        version.close()


@pytest.mark.slow
@pytest.mark.parametrize("in_use", [False, True])
def test_killed_at_every_call_it_is_not_there_or_whole(
    backup: Path, tmp_path: Path, in_use: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tmp_path / "base"
    base.mkdir()
    if in_use:
        shop.publish(base, 1, HashingEncoder())
    counted = VersionStore(Path(shutil.copytree(base, tmp_path / "counted")))
    with monkeypatch.context() as patch:
        faults = Faults(patch, 0, Killed)
        restore(backup, counted, "Ada", "")
    assert faults.calls > 40
    before, after = (("000001", None), ("000002", "000002")) if in_use else ((None, None), ("000001", None))
    seen = set()
    for fail_at in range(1, faults.calls + 1):
        store = VersionStore(Path(shutil.copytree(base, tmp_path / str(fail_at))))
        with monkeypatch.context() as patch, pytest.raises(Killed):
            Faults(patch, fail_at, Killed)
            restore(backup, store, "Ada", "")
        hold = store.hold()
        state = store.current_id(), None if hold is None else hold.version
        seen.add(state)
        assert state in (before, after)
        if state[0] is not None:
            assert sound(store)
        if state == before:
            done = restore(backup, store, "Ada", "")
            assert done.before == before[0]
        assert sound(store)
        assert in_use or keys(store.data) == ["front"]
        assert list(store.layout.staging.iterdir()) == []
        shutil.rmtree(store.data)
    assert seen == {before, after}


def test_a_backup_of_nothing_is_none(tmp_path: Path) -> None:
    store = VersionStore(tmp_path / "empty")
    with pytest.raises(NoVersionError):
        make_backup(store, tmp_path / "b.tar", None, "Ada")
    assert not store.data.exists() and made_backups(store.data) == ()
