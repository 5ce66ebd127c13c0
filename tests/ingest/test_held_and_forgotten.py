"""An ingest run meets a hold, documents that were forgotten, and versions to be removed."""

import shutil
from pathlib import Path

import pytest

from ingest.forgetting import find_holdings, finish_forgetting, forget, refusal, remember
from ingest.ledger import read_ledger
from ingest.options import IngestOptions
from kb.document import document_id
from kb.errors import KnowledgeBaseError, VersionDamagedError
from kb.forgotten import Forgotten, read_forgotten
from kb.rollback import roll_back
from kb.store import VersionStore
from kb.version import Version
from tests.ingest.builders import Shop, failure, states, write_files
from tests.kb.faults import Faults, Killed

FILES: dict[str, str | bytes] = {
    "returns.md": "# Returns\n\nYou may return goods within 30 days.\n",
    "退货.md": "# 退货\n\n三十天内可以免费退货。\n",
    "recall.md": "# Recall\n\nThe griffon kettle leaks current.\n",
    "rows.jsonl": '{"_id": "a", "text": "Row about lamps."}\n{"_id": "b", "text": "Row about the wyvern toaster."}\n',
}
RECALL, ROW = document_id("acme", "recall.md"), document_id("acme", "b")

slow = pytest.mark.slow  # starts real child processes


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "acme", FILES)


def drop(store: VersionStore, *documents: str) -> None:
    with store.writer() as writer:
        forget(store, writer, find_holdings(store, frozenset(documents)), "Ada", "a request")


def whole_disk(store: VersionStore) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(store.data.rglob("*")) if path.is_file())


@slow
def test_where_a_lone_file_lay_is_forgotten_with_it(shop: Shop, folder: Path) -> None:
    shop.ingest(folder, folder / "recall.md")
    drop(shop.store, document_id("recall.md", "recall.md"))
    version = shop.store.open_current()
    assert list(read_ledger(version.path).places) == ["acme"]
    version.close()


@slow
def test_a_held_version_is_not_published_over(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    (folder / "returns.md").write_text("# Returns\n\nYou may return goods within 45 days.\n")
    shop.ingest(folder)
    with shop.store.writer() as writer:
        roll_back(shop.store, writer, "000001", "Ada", "wrong days")
    for _ in range(2):
        report = shop.ingest(folder)
        assert (report.outcome, report.exit_code, report.version, report.files) == ("refused", 4, "000001", ())
        assert "is held since" in report.notes[0] and "by Ada (wrong days)" in report.notes[0] and "--release" in report.notes[0]
    assert shop.store.version_ids() == ["000002", "000001"]
    forced = shop.ingest(folder, options=IngestOptions(force="the days are right after all"))
    assert (forced.outcome, forced.version) == ("published", "000003")
    assert shop.store.manifest("000003").forced == "the days are right after all"
    assert shop.store.manifest("000003").parent == "000001"
    assert shop.store.hold() is None and not shop.store.layout.hold.exists()


@slow
def test_an_unreadable_hold_publishes_nothing(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    shop.store.layout.hold.write_text("held")
    (folder / "returns.md").write_text("# Returns\n\nNever.\n")
    with pytest.raises(VersionDamagedError, match="rollback --release"):
        shop.ingest(folder)
    assert shop.store.version_ids() == ["000001"]


@slow
def test_old_versions_go_after_a_publication(shop: Shop, folder: Path) -> None:
    options = IngestOptions(keep_versions=2)
    for number in range(4):
        (folder / "returns.md").write_text(f"# Returns\n\nWithin {number} days.\n")
        shop.ingest(folder, options=options)
    assert shop.store.version_ids() == ["000004", "000003"]
    disk = whole_disk(shop.store)
    assert b"Within 2 days" in disk and b"Within 1 days" not in disk
    assert shop.ingest(folder, options=options).outcome == "unchanged"


@slow
def test_what_was_forgotten_does_not_come_back(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    drop(shop.store, RECALL, ROW)
    disk = whole_disk(shop.store)
    assert b"griffon" not in disk and b"wyvern" not in disk and b"recall.md" not in disk
    revision = shop.store.layout.folder("000001")
    assert revision is not None and revision.name == "000001.1"
    assert read_ledger(revision).places["acme"].endswith("/acme")
    ledger = read_ledger(revision).sources["acme"]
    assert set(ledger) == {"returns.md", "退货.md", "rows.jsonl"} and ledger["rows.jsonl"].documents == ("a",)
    for _ in range(2):
        report = shop.ingest(folder)
        assert (report.outcome, report.exit_code) == ("partial", 5)
        assert "was forgotten on" in (failure(report, "recall.md").reason or "")
        assert shop.store.version_ids() == ["000001"]
    (folder / "recall.md").rename(folder / "renamed.md")
    (folder / "rows.jsonl").write_text(str(FILES["rows.jsonl"]) + '{"_id": "c", "text": "Row about fans."}\n')
    report = shop.ingest(folder)
    assert report.outcome == "partial" and states(report)["c"] == "ingested"
    assert {file.path for file in report.failed} == {"renamed.md", "b"}
    assert b"griffon" not in whole_disk(shop.store) and b"wyvern" not in whole_disk(shop.store)
    with shop.store.writer():
        assert remember(shop.store, frozenset({RECALL})) == 1
    assert states(shop.ingest(folder))["renamed.md"] == "ingested"


@slow
def test_the_next_run_finishes_a_forgetting_that_was_killed(
    shop: Shop, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at every fifth call; at every call of what it consists of in tests/kb/test_forgetting.py."""
    shop.ingest(folder)
    with monkeypatch.context() as patch:
        faults = Faults(patch, 0, Killed)
        drop(VersionStore(Path(shutil.copytree(shop.store.data, tmp_path / "counted"))), RECALL)
    begun = 0
    for fail_at in range(1, faults.calls + 1, 5):
        copy = VersionStore(Path(shutil.copytree(shop.store.data, tmp_path / str(fail_at))))
        with monkeypatch.context() as patch, pytest.raises(Killed):
            Faults(patch, fail_at, Killed)
            drop(copy, RECALL)
        copy.open_current().close()
        entries = read_forgotten(copy.layout)
        begun += bool(entries)
        with copy.writer() as writer:
            if any(not entry.done for entry in entries):
                with pytest.raises(KnowledgeBaseError, match="cut short"):
                    remember(copy, frozenset({RECALL}))
            finish_forgetting(copy, writer)
        assert all(entry.done for entry in read_forgotten(copy.layout))
        assert (b"griffon" in whole_disk(copy)) == (not entries)
        assert list(copy.layout.staging.iterdir()) == []
    assert begun > 5


@slow
def test_content_that_another_document_shares_stays(shop: Shop, folder: Path) -> None:
    shutil.copy(folder / "recall.md", folder / "twin.md")
    shop.ingest(folder)
    with shop.store.writer() as writer:
        done = forget(shop.store, writer, find_holdings(shop.store, frozenset({RECALL})), "Ada", "a request")
    assert [twin.name.path for twin in done.twins] == ["twin.md"] and done.purged.objects == 0
    (entry,) = read_forgotten(shop.store.layout)
    assert entry.content is None and entry.done
    version: Version = shop.store.open_current()
    twin = version.document(document_id("acme", "twin.md"))
    version.close()
    assert twin is not None and shop.store.objects.read(twin.content_hash) == str(FILES["recall.md"]).encode()
    (folder / "twin.md").write_text("# Recall\n\nThe griffon kettle was mended.\n")
    assert failure(shop.ingest(folder), "recall.md").reason


def test_why_a_document_may_not_come_back() -> None:
    entry = Forgotten(RECALL, "a" * 64, "2026-05-04T03:02:01+00:00", "Ada", "a request", True)
    expected = f"it was forgotten on 2026-05-04; `citedesk forget --remember {RECALL}` lets it come back"
    assert refusal([entry], "acme", "recall.md", "b" * 64) == refusal([entry], "acme", "other.md", "a" * 64) == expected
    assert refusal([entry], "acme", "other.md", "b" * 64) is None
