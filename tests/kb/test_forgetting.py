import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.deletion import Remains, remains_of, traces_of
from kb.document import document_id
from kb.errors import VersionDamagedError
from kb.forgetting import document_ids, purge
from kb.inspection import inspect
from kb.live import LiveVersion
from kb.store import VersionStore
from kb.version import Version
from tests.kb.builders import FIELDS, contents_of, make_document, publish
from tests.kb.faults import Faults, Killed

SECRET = "The griffon kettle was recalled. 召回的水壶会漏电。"
KEPT = "Returns are free within 30 days. 三十天内免费退货。"
DOCUMENT = document_id("shop", "recall.md")


def no_files(_version: Version, _folder: Path, _gone: frozenset[str]) -> None:
    """These versions hold nothing but what the store writes."""


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    """Two versions that hold the secret, and a third, current, that does not."""
    store = VersionStore(tmp_path / "data")
    for texts in (("Old.", SECRET), ("New.", SECRET), ("Newest.",)):
        documents = [make_document("returns.md", [KEPT, texts[0]]), *(make_document("recall.md", [text]) for text in texts[1:])]
        for document in documents:
            store.objects.put(document.text.encode())
        publish(store, contents_of(documents))
    return store


def forget(store: VersionStore) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    with store.writer() as writer:
        done = purge(store, writer, frozenset({DOCUMENT}), no_files)
    return done.rewritten, done.emptied, done.objects


def texts(store: VersionStore, version_id: str) -> list[str]:
    version = store.open(version_id)
    try:
        version.warm()
        return [passage.text for passage in version.passages(range(len(version.vectors)))]
    finally:
        version.close()


def bytes_on_disk(store: VersionStore) -> Iterator[bytes]:
    yield from (path.read_bytes() for path in store.data.rglob("*") if path.is_file())


def test_nothing_on_the_disk_holds_it_any_more(store: VersionStore) -> None:
    assert any(b"griffon" in content for content in bytes_on_disk(store))
    assert forget(store) == (("000001", "000002"), (), 1)
    assert store.version_ids() == ["000003", "000002", "000001"]
    assert sorted(path.name for path in store.layout.versions.iterdir()) == ["000001.1", "000002.1", "000003"]
    assert texts(store, "000001") == [KEPT, "Old."] and texts(store, "000002") == [KEPT, "New."]
    assert not any(b"griffon" in content or "漏电".encode() in content for content in bytes_on_disk(store))
    for version_id in store.version_ids():
        version = store.open(version_id)
        assert list(traces_of(version, DOCUMENT)) == []
        assert inspect(version, store.objects).problems == ()
        version.close()
    manifest = store.manifest("000002")
    assert list(manifest.forgotten) == [DOCUMENT]
    assert (manifest.parent, manifest.why, manifest.counts["documents"]) == ("000001", "a test", 1)
    assert forget(store) == ((), (), 0)


def test_of_the_gate_it_keeps_what_quotes_nothing(store: VersionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    details = {"exam": "none", "broken": [{"question": "Is the griffon kettle recalled?", "answer": SECRET}]}
    gate = {"passed": False, "summary": "griffon", "details": details, "forced": {"reason": "a test", "who": "Ada"}}
    monkeypatch.setattr("tests.kb.builders.FIELDS", replace(FIELDS, gate=gate))
    publish(store, contents_of([make_document("returns.md", [KEPT]), make_document("recall.md", [SECRET])]))
    forget(store)
    kept = {"passed": False, "forced": gate["forced"], "details": {"exam": "none"}}
    assert (store.manifest("000004").gate, store.manifest("000002").gate) == (kept, None)


def test_a_running_server_takes_the_revision_over(store: VersionStore) -> None:
    publish(store, contents_of([make_document("recall.md", [SECRET]), make_document("returns.md", [KEPT])]))
    store.objects.put(SECRET.encode())
    store.objects.put(KEPT.encode())
    live = LiveVersion(store)
    with live.lease() as before:
        forget(store)
        assert live.refresh() and live.id == "000004"
        assert before.passages([0])[0].text == SECRET
        with live.lease() as after:
            assert after.document(DOCUMENT) is None and after is not before
    assert not live.refresh() and live.problem is None
    live.close()


def test_a_version_may_lose_all_it_has(store: VersionStore) -> None:
    publish(store, contents_of([make_document("recall.md", [SECRET])]))
    store.objects.put(SECRET.encode())
    assert forget(store)[0] == ("000001", "000002", "000004")
    assert texts(store, "000004") == []


def test_a_damaged_version_is_emptied_for_nobody_can_tell(store: VersionStore) -> None:
    (store.layout.versions / "000001" / "passages.sqlite").write_bytes(b"x")
    assert forget(store) == (("000002",), ("000001",), 2)
    assert store.version_ids() == ["000003", "000002", "000001"] and store.is_empty("000001")
    assert forget(store) == ((), (), 0)


def test_a_damaged_current_version_stops_it(store: VersionStore) -> None:
    (store.layout.versions / "000003" / "passages.sqlite").write_bytes(b"x")
    with pytest.raises(VersionDamagedError, match="current version is damaged"):
        forget(store)


@pytest.mark.slow
def test_killed_at_every_call_each_version_is_old_or_new(store: VersionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = VersionStore(Path(shutil.copytree(store.data, tmp_path / "counted")))
    with monkeypatch.context() as patch:
        faults = Faults(patch, 0, Killed)
        forget(counted)
    assert faults.calls > 40
    seen = set()
    for fail_at in range(1, faults.calls + 1):
        copy = VersionStore(Path(shutil.copytree(store.data, tmp_path / str(fail_at))))
        with monkeypatch.context() as patch, pytest.raises(Killed):
            Faults(patch, fail_at, Killed)
            forget(copy)
        first, second = texts(copy, "000001"), texts(copy, "000002")
        seen.add((len(first), len(second)))
        assert first in ([KEPT, "Old."], [KEPT, "Old.", SECRET]) and second in ([KEPT, "New."], [KEPT, "New.", SECRET])
        forget(copy)
        assert not any(b"griffon" in content for content in bytes_on_disk(copy))
        assert list(copy.layout.staging.iterdir()) == []
        shutil.rmtree(copy.data)
    assert seen == {(3, 3), (2, 3), (2, 2)}


def test_what_a_name_may_stand_for() -> None:
    assert document_ids(DOCUMENT) == {DOCUMENT}
    assert document_ids("店铺/召回/水壶.md") == {document_id("店铺", "召回/水壶.md"), document_id("店铺/召回", "水壶.md")}
    assert document_ids("nothing") == frozenset()


def remains(store: VersionStore) -> Remains:
    version = store.open("000002")
    try:
        return remains_of(version, DOCUMENT)
    finally:
        version.close()


def traces(store: VersionStore, version_id: str) -> list[str]:
    version = store.open(version_id)
    try:
        return list(traces_of(version, DOCUMENT, [remains(store)]))
    finally:
        version.close()


def test_a_deleted_document_leaves_no_trace_and_a_present_one_does(store: VersionStore) -> None:
    assert traces(store, "000003") == []
    assert traces(store, "000001") == ["Version 000001 holds the document."]


def test_its_words_and_its_vector_are_found_where_they_were_left(store: VersionStore) -> None:
    left = remains(store)
    assert [passage.text for passage in left.passages] == [SECRET]
    contents = contents_of([make_document("other.md", ["Something else."]), make_document("returns.md", [KEPT])], seed=8)
    contents.vectors[0] = left.vectors[0]
    publish(store, contents)
    assert traces(store, "000004") == [f"Version 000004 has its vector under another text, passage {contents.passages[0].id}."]
    shutil.copytree(store.layout.versions / "000002" / "lexical", tmp := store.data / "lexical")
    contents = contents_of([make_document("a.md", ["Nothing."]), make_document("b.md", ["Of."]), make_document("c.md", ["It."])], seed=7)
    publish(store, contents)
    version = store.open("000005")
    shutil.rmtree(version.path / "lexical")
    shutil.copytree(tmp, version.path / "lexical")
    found = list(traces_of(version, DOCUMENT, [left]))
    version.close()
    assert len(found) == 1 and "words that only it had" in found[0]
