import errno
import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.gate import GateResult
from ingest.ledger import LEDGER_NAME
from ingest.options import IngestOptions
from ingest.progress import ProgressListener
from ingest.report import IngestReport
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.errors import ConfigurationError, NoVersionError, SourceError
from kb.scope import SearchScope
from kb.version import Version
from tests.ingest.builders import CountingEncoder, Shop, failure, manual_pdf, states, write_files

pytestmark = pytest.mark.slow  # every test starts real child processes: they run in the integration stage

FILES: dict[str, str | bytes] = {
    "returns.md": "# Returns\n\nYou may return goods within 30 days.\n\n## Costs\n\nReturning is free.\n",
    "faq.csv": "question,answer\nHow long?,30 days.\nWho pays?,We do.\n",
    "internal/_scope.yaml": "audience: internal\n",
    "internal/notes.md": "# Notes\n\nGoodwill up to 50 euros.\n",
    "manual.pdf": manual_pdf(),
}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "acme", FILES)


def _live(shop: Shop) -> Version:
    return shop.store.open_current()


def test_the_first_run_publishes_all(shop: Shop, folder: Path) -> None:
    report = shop.ingest(folder, options=IngestOptions(who="Ada", why="first"))
    assert (report.outcome, report.exit_code, report.version) == ("published", 0, "000001")
    assert states(report) == dict.fromkeys(["returns.md", "faq.csv", "internal/notes.md", "manual.pdf"], "ingested")
    assert report.counts["documents"] == report.counts["added"] == 4
    version = _live(shop)
    assert version.manifest.who == "Ada" and LEDGER_NAME in version.manifest.files
    assert version.manifest.counts["passages"] == report.counts["passages"] == sum(file.passages for file in report.files)
    for document in version.all_documents():
        original = shop.store.objects.read(document.content_hash)
        assert original == (folder / document.path).read_bytes()
        assert document.scope.audience == ("internal" if document.path.startswith("internal/") else "public")
        for passage in version.passages_of(document.id):
            assert passage.text == document.text[passage.start : passage.end]
    version.close()
    json.dumps(report.to_json())


def test_a_second_run_changes_nothing_and_encodes_nothing(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    report = shop.ingest(folder)
    assert (report.outcome, report.exit_code, report.version) == ("unchanged", 3, "000001")
    assert set(states(report).values()) == {"unchanged"} and not shop.encoder.texts
    assert shop.store.version_ids() == ["000001"]


def test_unchanged_files_are_not_parsed_again(shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.ingest(folder)
    parsed = []
    monkeypatch.setattr("ingest.parse.pool.ParserPool.parse", lambda pool, file: parsed.append(file.name))
    shop.ingest(folder)
    assert parsed == []


def test_only_what_changed_is_encoded(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    before = _live(shop)
    vectors = {passage.id: before.vectors[row].tobytes() for row, passage in enumerate(before.passages(range(len(before.vectors))))}
    before.close()
    (folder / "returns.md").write_text("# Returns\n\nYou may return goods within 45 days.\n\n## Costs\n\nReturning is free.\n")
    report = shop.ingest(folder)
    assert report.outcome == "published" and report.counts["changed"] == 1 and report.counts["unchanged"] == 3
    assert [text for text in shop.encoder.texts if "45 days" in text] == shop.encoder.texts and len(shop.encoder.texts) == 1
    after = _live(shop)
    same = [passage for passage in after.passages(range(len(after.vectors))) if passage.id in vectors]
    assert len(same) == len(vectors) - 1
    for passage in same:
        assert after.vectors[after.ordinal(passage.id) or 0].tobytes() == vectors[passage.id]
    after.close()


def test_a_folder_that_becomes_internal_takes_its_documents_along(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    (folder / "_scope.yaml").write_text("audience: internal\n")
    report = shop.ingest(folder)
    assert report.outcome == "published" and report.counts["changed"] == 3 and not shop.encoder.texts
    version = _live(shop)
    assert {document.scope.audience for document in version.all_documents()} == {"internal"}
    assert version.manifest.counts["passages_public"] == 0
    version.close()


def test_in_file_metadata_wins_over_the_folder(shop: Shop, folder: Path) -> None:
    (folder / "internal/press.md").write_text("---\naudience: public\ntitle: Press\n---\nWrite to the press office.\n")
    shop.ingest(folder)
    version = _live(shop)
    audiences = {document.path: document.scope.audience for document in version.all_documents()}
    version.close()
    assert audiences["internal/press.md"] == "public" and audiences["internal/notes.md"] == "internal"


def test_a_new_encoder_embeds_everything_anew(shop: Shop, folder: Path) -> None:
    first = shop.ingest(folder)
    shop.encoder = CountingEncoder("-2")
    report = shop.ingest(folder)
    assert report.outcome == "published" and report.counts["embedded"] == first.counts["embedded"] > 0
    assert any("encoder changed" in note for note in report.notes)
    assert set(states(report).values()) == {"unchanged"}


def test_what_is_gone_disappears_and_other_sources_stay(shop: Shop, folder: Path, tmp_path: Path) -> None:
    other = write_files(tmp_path / "other", {"about.md": "# About\n\nWe sell things.\n"})
    shop.ingest(folder, other)
    (folder / "returns.md").unlink()
    report = shop.ingest(folder)
    assert report.outcome == "published" and report.counts["removed"] == 1 and not shop.encoder.texts
    assert set(shop.titles()) == {"acme/faq.csv", "acme/internal/notes.md", "acme/manual.pdf", "other/about.md"}
    assert {file.source for file in report.files} == {"acme"}
    again = shop.ingest(other, folder)
    assert again.outcome == "unchanged" and set(states(again).values()) == {"unchanged"}


def test_losing_most_of_a_source_must_be_confirmed(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    for path in ("returns.md", "faq.csv", "manual.pdf"):
        (folder / path).unlink()
    with pytest.raises(SourceError, match="lost 3 of its 4 documents.*--confirm-loss acme"):
        shop.ingest(folder)
    assert len(shop.titles()) == 4
    report = shop.ingest(folder, options=IngestOptions(confirm_loss=frozenset({"acme"})))
    assert report.outcome == "published" and report.counts["removed"] == 3


def test_two_folders_of_one_name_do_not_replace_each_other(shop: Shop, folder: Path, tmp_path: Path) -> None:
    other = write_files(tmp_path / "fr/acme", {"returns.md": "Vingt jours.", "faq.csv": "question,answer\nQuoi ?,Rien.\n"})
    write_files(other, {"internal/notes.md": "Autre texte.", "manual.pdf": FILES["manual.pdf"]})
    third = write_files(tmp_path / "third", {"x.md": "X."})
    shop.ingest(folder)
    shop.ingest(third)  # a run without it remembers where it was read
    before = shop.titles()
    with pytest.raises(SourceError, match=r"'acme' was read from .*/acme before. Now it is .*/fr/acme, and .*--name.*--confirm-loss acme"):
        shop.ingest(other)
    assert shop.titles() == before
    report = shop.ingest(other, options=IngestOptions(confirm_loss=frozenset({"acme"})))
    assert report.published
    with pytest.raises(SourceError, match="was read from .*/fr/acme before"):
        shop.ingest(folder)


def test_a_source_that_moved_is_the_same_source(shop: Shop, folder: Path, tmp_path: Path) -> None:
    shop.ingest(folder)
    (tmp_path / "new").mkdir()
    moved = Path(shutil.move(folder, tmp_path / "new/acme"))
    (moved / "returns.md").write_text("# Returns\n\nYou may return goods within 45 days.\n")
    assert shop.ingest(moved).outcome == "published"
    for path in ("returns.md", "faq.csv", "internal/notes.md"):  # at its own place anything may change at once
        (moved / path).write_text("question,answer\nNew?,Yes.\n")
    assert shop.ingest(moved).outcome == "published"


def test_moving_files_within_a_source_is_no_loss(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    (folder / "docs").mkdir()
    for path in ("returns.md", "faq.csv", "manual.pdf"):
        shutil.move(folder / path, folder / "docs" / path)
    report = shop.ingest(folder)
    assert report.outcome == "published" and report.counts["removed"] == report.counts["added"] == 3 and not shop.encoder.texts


def test_an_empty_folder_in_place_of_a_source_is_refused(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(SourceError, match="lost 4 of its 4"):
        shop.ingest(folder)


def test_bad_files_never_stop_the_good_ones(shop: Shop, folder: Path) -> None:
    bad: dict[str, str | bytes] = {
        "bad/empty.md": b"",
        "bad/cut.pdf": manual_pdf()[:300],
        "bad/page.pdf": b"<html>log in</html>",
        "bad/secret.md": "---\naudience: staff\n---\nx",
        "bad/talk.pptx": b"PK",
        "bad/sub/_scope.yaml": "audience: [",
        "bad/sub/note.md": "Our margins are high.",
    }
    report = shop.ingest(write_files(folder, bad))
    assert (report.outcome, report.exit_code) == ("partial", 5)
    assert {file.path for file in report.failed} == set(bad) - {"bad/sub/_scope.yaml"} and all(file.reason for file in report.failed)
    assert set(shop.titles()) == {f"acme/{path}" for path in FILES if not path.endswith("_scope.yaml")}
    again = shop.ingest(folder)
    assert (again.outcome, again.version) == ("partial", "000001") and not shop.encoder.texts


def test_pictures_are_told_of_and_cost_nothing_else(shop: Shop, folder: Path) -> None:
    report = shop.ingest(write_files(folder, {"logo.png": b"\x89PNG", "sub/.DS_Store": b"x", "sub/~$manual.docx": b"x"}))
    assert (report.outcome, report.exit_code) == ("published", 0)
    files = [{"source": "acme", "path": "logo.png"}]
    assert report.to_json()["skipped"] == {"count": 1, "kinds": {".png": 1}, "files": files, "by_wish": []}
    assert shop.ingest(folder).skipped.rows == [("acme", "logo.png")]  # also of a night without changes


def test_a_file_that_nobody_can_read_is_skipped_by_wish_and_told_of_each_night(shop: Shop, folder: Path) -> None:
    shop.ingest(write_files(folder, {"cut.pdf": manual_pdf()[:300]}))
    assert shop.ingest(folder).exit_code == 5
    write_files(folder, {"_scope.yaml": "files: {cut.pdf: {skip: true}, faq.csv: {skip: true}}"})
    report = shop.ingest(folder)
    assert (report.outcome, report.counts["removed"], report.failed) == ("published", 1, ())  # what the table gave is gone
    assert report.skipped.by_wish == [("acme", "cut.pdf"), ("acme", "faq.csv")] and not report.notes
    again = shop.ingest(folder)
    assert again.exit_code == 3 and again.to_json()["skipped"]["by_wish"] == [
        {"source": "acme", "path": "cut.pdf"},
        {"source": "acme", "path": "faq.csv"},
    ]
    write_files(folder, {"_scope.yaml": ""})
    report = shop.ingest(folder)
    assert (report.outcome, report.counts["added"]) == ("partial", 1) and not report.skipped.by_wish


def test_a_file_that_fails_keeps_yesterdays_document(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    before = shop.titles()
    (folder / "manual.pdf").write_bytes(b"broken")
    report = shop.ingest(folder)
    assert report.outcome == "partial" and "kept yesterday's" in (failure(report, "manual.pdf").reason or "")
    assert failure(report, "manual.pdf").passages > 0 and shop.titles() == before
    write_files(folder, {"manual.pdf": FILES["manual.pdf"]})
    assert shop.ingest(folder).outcome == "unchanged"


class _Writer:
    """Writes into a file whenever it is read, ``times`` times."""

    def __init__(self, file: Path, times: int) -> None:
        self.file, self.times, self.reads = file, times, 0
        self._read = Path.read_bytes

    def read_bytes(self, path: Path) -> bytes:
        if path == self.file:
            self.reads += 1
            if self.reads <= self.times:
                path.write_text(f"# Returns\n\nYou may return goods within {self.reads} days.\n")
        return self._read(path)


def _ingest_while_written(shop: Shop, folder: Path, times: int, monkeypatch: pytest.MonkeyPatch) -> IngestReport:
    writer = _Writer(folder / "returns.md", times)
    monkeypatch.setattr("ingest.read.SETTLE_SECONDS", 0.0)
    monkeypatch.setattr(Path, "read_bytes", lambda path: writer.read_bytes(path))
    (folder / "returns.md").write_text("# Returns\n\nHalf of")
    return shop.ingest(folder)


def test_a_file_that_is_written_while_it_is_read_keeps_yesterdays_document(
    shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.ingest(folder)
    report = _ingest_while_written(shop, folder, 99, monkeypatch)
    reason = failure(report, "returns.md").reason or ""
    assert "it is being written" in reason and "kept yesterday's" in reason and failure(report, "returns.md").passages == 2


def test_a_file_whose_writer_is_done_is_read_as_it_is_then(shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = _ingest_while_written(shop, folder, 2, monkeypatch)
    assert report.outcome == "published"
    assert shop.ingest(folder).outcome == "unchanged"
    version = _live(shop)
    assert any("within 2 days" in passage.text for passage in version.passages(range(len(version.vectors))))
    version.close()


def test_a_document_kept_from_yesterday_becomes_internal_with_its_folder(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    write_files(folder, {"manual.pdf": b"broken", "_scope.yaml": "audience: internal\n"})
    shop.ingest(folder)
    version = _live(shop)
    assert {passage.scope.audience for passage in version.passages(range(len(version.vectors)))} == {"internal"}
    assert not version.admission.mask(SearchScope(as_of=date(2026, 1, 1))).any()
    version.close()


def test_a_scope_file_that_breaks_publishes_nothing_new(shop: Shop, folder: Path) -> None:
    shop.ingest(folder)
    write_files(folder, {"internal/_scope.yaml": "audiance: internal\n", "internal/new.md": "Secret."})
    report = shop.ingest(folder)
    assert report.outcome == "partial" and {file.path for file in report.failed} == {"internal/notes.md", "internal/new.md"}
    assert "acme/internal/new.md" not in shop.titles() and "acme/internal/notes.md" in shop.titles()


def test_jsonl_documents_go_by_their_ids(shop: Shop, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    lines = [json.dumps({"_id": f"d{number}", "title": f"T{number}", "text": f"Text {number}."}) for number in range(6)]
    corpus.write_text("\n".join(lines))
    first = shop.ingest(corpus)
    assert first.outcome == "published" and set(shop.titles()) == {f"corpus.jsonl/d{number}" for number in range(6)}
    version = _live(shop)
    document = next(iter(version.all_documents()))
    version.close()
    assert shop.store.objects.read(document.content_hash).decode() == lines[0]
    corpus.write_text("\n".join([*lines[1:], "broken"]))
    second = shop.ingest(corpus)
    assert second.outcome == "partial" and [file.path for file in second.failed] == ["corpus.jsonl:6"]
    assert len(shop.titles()) == 6, "which document the broken line was nobody knows: none is dropped"
    corpus.write_text("\n".join(lines[1:]))
    assert shop.ingest(corpus).counts["removed"] == 1


def test_a_broken_jsonl_file_keeps_its_documents_however_long_it_stays_broken(shop: Shop, tmp_path: Path) -> None:
    folder = write_files(tmp_path / "s", {"c.jsonl": '{"_id": "a", "text": "Text A."}\n{"_id": "b", "text": "Text B."}', "x.md": "One."})
    shop.ingest(folder)
    for text in ("Two.", "Three."):
        write_files(folder, {"c.jsonl": "", "x.md": text})
        report = shop.ingest(folder)
        assert report.outcome == "partial" and failure(report, "c.jsonl").passages == 2
        assert set(shop.titles()) == {"s/a", "s/b", "s/x.md"}
    write_files(folder, {"c.jsonl": '{"_id": "a", "text": "Text A."}'})
    assert shop.ingest(folder).counts["removed"] == 1


def test_two_files_cannot_claim_one_document(shop: Shop, tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "s", {"a.md": "Text A.", "c.jsonl": '{"_id": "a.md", "text": "Text B."}\n{"_id": "b", "text": "Text C."}'}
    )
    report = shop.ingest(folder)
    assert report.outcome == "partial" and "already" in (failure(report, "a.md").reason or "")
    assert set(shop.titles()) == {"s/a.md", "s/b"}


class _StubGate:
    def __init__(self, passed: bool) -> None:
        self.passed = passed
        self.seen: tuple[int, str | None] | None = None

    def check(self, staged: Version, live: Version | None, progress: ProgressListener) -> GateResult:
        progress.phase("gate", 10)
        self.seen = (len(staged.passages(range(len(staged.vectors)))), None if live is None else live.id)
        return GateResult(self.passed, "8 of 10 questions found", {"found": 8})


def test_the_gate_decides(shop: Shop, folder: Path) -> None:
    gate = _StubGate(False)
    report = shop.ingest(folder, options=IngestOptions(gate=gate))
    assert (report.outcome, report.exit_code, report.version) == ("refused", 4, None)
    assert gate.seen == (report.counts["passages"], None) and "8 of 10" in report.notes[0]
    with pytest.raises(NoVersionError):
        shop.store.open_current()
    passing = _StubGate(True)
    assert shop.ingest(folder, options=IngestOptions(gate=passing)).outcome == "published"
    assert shop.store.versions()[0].gate == {"passed": True, "summary": "8 of 10 questions found", "details": {"found": 8}}
    (folder / "returns.md").write_text("New text.")
    refused = shop.ingest(folder, options=IngestOptions(gate=gate))
    assert (refused.outcome, refused.version) == ("refused", shop.store.current_id())
    assert list((shop.store.data / "kb/staging").iterdir()) == []


def test_a_refusal_is_overruled_with_a_reason_that_the_manifest_keeps(shop: Shop, folder: Path) -> None:
    options = IngestOptions(gate=_StubGate(False), force="the manual was withdrawn", who="Ada")
    report = shop.ingest(folder, options=options)
    assert (report.outcome, report.exit_code, report.version) == ("published", 0, "000001")
    gate = shop.store.versions()[0].gate
    assert gate is not None and gate["passed"] is False and gate["forced"] == {"reason": "the manual was withdrawn", "who": "Ada"}
    assert "the manual was withdrawn" in report.notes[0]
    (folder / "returns.md").write_text("New text.")
    shop.ingest(folder, options=IngestOptions(gate=_StubGate(True), force="again", who="Ada"))
    assert "forced" not in (shop.store.versions()[0].gate or {})
    with pytest.raises(ConfigurationError, match="give a reason"):
        IngestOptions(force=" ")


def test_nothing_to_publish_is_a_failure(shop: Shop, tmp_path: Path) -> None:
    report = shop.ingest(write_files(tmp_path / "s", {"a.md": b""}))
    assert (report.outcome, report.exit_code, report.version) == ("failed", 1, None)
    assert shop.store.current_id() is None


def test_a_second_writer_is_told_to_come_back(shop: Shop, folder: Path) -> None:
    with shop.store.writer():
        report = shop.ingest(folder)
    assert (report.outcome, report.exit_code) == ("busy", 75)


def test_sources_must_be_named_apart(shop: Shop, folder: Path) -> None:
    with pytest.raises(SourceError, match="Two sources have the name 'acme'"):
        shop.ingest(folder, folder)
    with pytest.raises(SourceError, match="No source"):
        shop.ingest()


def test_a_folder_that_cannot_be_read_stops_the_run(shop: Shop, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.ingest(folder)
    real = os.scandir

    def scandir(path: str) -> Any:
        if str(path).endswith("internal"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr("os.scandir", scandir)
    with pytest.raises(SourceError, match="internal cannot be read .Permission denied"):
        shop.ingest(folder)
    assert len(shop.titles()) == 4


class _Listener:
    def __init__(self) -> None:
        self.steps: dict[str, list[int]] = {}
        self._name = ""

    def phase(self, name: str, total: int) -> None:
        self._name = name
        self.steps[name] = [total, 0]

    def advance(self, steps: int) -> None:
        self.steps[self._name][1] += steps

    def done(self) -> None:
        assert self.steps[self._name][0] == self.steps[self._name][1]


def test_progress_adds_up(shop: Shop, folder: Path) -> None:
    listener = _Listener()
    ingest(shop.store, shop.encoder, [SourceSpec.from_path(folder)], progress=listener)
    assert list(listener.steps) == ["plan", "parse", "embed", "write", "gate"]
    assert all(total == done for total, done in listener.steps.values())
    assert listener.steps["plan"] == [4, 4]
