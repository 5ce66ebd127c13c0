"""The oracle has teeth: whatever a wrong rollback, removal or forgetting would leave is convicted."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import ingest.run
from kb.document import document_id
from kb.store import VersionStore
from tests.reliability.shop_folder import ShopFolder
from tests.reliability.snapshot import Snapshot, compare, snapshot
from tests.reliability.victim import SOURCE, InProcessPool, forget_document, go_back, ingest_night, remove_old

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VersionStore:
    """Three versions of a shop."""
    monkeypatch.setattr(ingest.run, "ParserPool", InProcessPool)
    shop = ShopFolder(tmp_path / "shop", documents=5)
    for _ in range(3):
        ingest_night(tmp_path / "data", shop.folder)
        shop.edit()
    return VersionStore(tmp_path / "data")


def kinds(store: VersionStore, *states: Snapshot, acknowledged: bool = True) -> list[str]:
    return sorted({violation.kind for violation in compare(store, states, acknowledged)})


def back_to_the_first(store: VersionStore) -> list[Snapshot]:
    before = snapshot(store)
    return [before, replace(before, current="000001", held="000001")]


def test_a_rollback_without_its_hold_is_half_visible(store: VersionStore) -> None:
    states = back_to_the_first(store)
    assert kinds(store, *states, acknowledged=False) == []
    assert kinds(store, *states) == ["lost"]
    go_back(store.data, "000001")
    assert kinds(store, *states) == []
    store.layout.hold.unlink()
    assert kinds(store, *states, acknowledged=False) == ["half-visible"]


def test_a_removed_version_that_should_stay_is_lost(store: VersionStore) -> None:
    before = snapshot(store)
    states = [before, before.only(before.kept(1))]
    assert set(states[-1].versions) == {"000003", "000002"}
    assert kinds(store, *states) == ["phantom"]  # the first should be gone
    remove_old(store.data, "1")
    assert kinds(store, *states) == []
    shutil.rmtree(store.layout.versions / "000002")
    assert kinds(store, *states, acknowledged=False) == ["lost"]


def test_a_version_in_the_place_of_another_is_convicted(store: VersionStore) -> None:
    before = snapshot(store)
    shutil.rmtree(store.layout.versions / "000003")
    shutil.copytree(store.layout.versions / "000002", store.layout.versions / "000003")
    assert kinds(store, before) == ["failed start"]


def test_what_was_forgotten_and_is_still_there_is_convicted(store: VersionStore) -> None:
    before = snapshot(store)
    path = min(set(before.versions["000001"]) & set(before.versions["000003"]))
    key, kept = document_id(SOURCE, path), store.objects.read(before.versions["000001"][path])
    states = [before, before.without(frozenset({key}))]
    forget_document(store.data, key)
    assert kinds(store, *states) == []
    entries = json.loads(store.layout.forgotten.read_text())
    store.layout.forgotten.write_text(json.dumps([{**entry, "done": False} for entry in entries]))
    assert kinds(store, *states) == ["lost"] and kinds(store, *states, acknowledged=False) == []
    store.layout.forgotten.write_text(json.dumps(entries))
    store.objects.put(kept)
    assert kinds(store, *states) == ["phantom"]


def test_what_stays_is_the_newest_the_current_its_parent_the_held_and_the_highest() -> None:
    ids = [f"{number:06d}" for number in range(1, 8)]
    parents = dict(zip(ids[1:], ids, strict=False)) | {"000001": None, "000005": "000002"}
    state = Snapshot({one: {} for one in ids}, parents, "000005", "000005")
    assert state.kept(1) == {"000007", "000005", "000002"}
    assert state.only(frozenset(ids) - {"000002"}).kept(2) == {"000007", "000006", "000005", "000004"}
