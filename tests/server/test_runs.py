"""The record of runs: begun, watched, ended, and marked when nobody ended it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.report import FileReport, IngestReport
from kb.errors import SourceError
from server.runs.history import RunHistory
from server.runs.record import outline, recorded_run
from server.runs.run_lock import RunLock, is_held, lock_path
from server.runs.run_progress import RecordedProgress, SharedProgress
from server.runs.stop_signals import StopSignal, stop_signals
from server.settings import Settings
from server.state.database import StateDatabase
from server.state.run import Run, RunEnding, RunRequest, RunSource
from server.state.runs import REPORTS_KEPT, RunStore, new_run_id
from tests.server import shop
from tests.server.receiver import receiving

SOURCES = (RunSource("店铺", "/srv/店铺"), RunSource("faq.csv", "/srv/faq.csv"))
REQUEST = RunRequest(SOURCES, "Ada", "每晚", ("faq.csv",), "the gate is wrong")
REPORT = IngestReport(
    "partial", "000002", (FileReport("店铺", "退货.md", "ingested", passages=3), FileReport("店铺", "broken.pdf", "failed", "no PDF")),
    {"documents": 1, "failed": 1}, 2.5, ("A note.",), {"passed": True, "summary": "Fine.", "details": {}}, published=True,
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    database = StateDatabase.open(tmp_path)
    yield RunStore(database)
    database.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


def begin(store: RunStore, number: int = 0) -> Run:
    return store.begin(f"{new_run_id()}-{number}", REQUEST, "cli", "000001")


def get(store: RunStore, identifier: str) -> Run:
    found = store.get(identifier)
    assert found is not None
    return found


def ending_of(run: Run) -> RunEnding:
    assert run.ending is not None
    return run.ending


def test_a_row_from_its_beginning_to_its_end(store: RunStore) -> None:
    run = begin(store)
    assert (run.state, run.request, run.version_before, run.ending, run.seconds) == ("running", REQUEST, "000001", None, None)
    store.advance(run.id, "embed", 64, 200)
    going = get(store, run.id)
    assert (going.phase, going.done, going.total) == ("embed", 64, 200)
    assert [one.id for one in store.unfinished()] == [run.id]
    ending = RunEnding("partial", 5, "000002", {"failed": 1}, {"passed": True}, {"documents": {"added": 1}}, ("Eine Notiz.",), None)
    assert store.end(run.id, ending, {"files": []})
    ended = get(store, run.id)
    assert ended.state == "ended" and ended.ending == ending and ended.seconds is not None and store.unfinished() == []
    assert store.report(run.id) == {"files": []}
    assert not store.end(run.id, RunEnding("died", None)) and get(store, run.id).ending == ending  # the first word counts
    json.dumps(ended.to_json())


def test_pages_are_newest_first(store: RunStore) -> None:
    made = [begin(store, number).id for number in range(5)]
    assert [run.id for run in store.page(2)] == made[:2:-1] and [run.id for run in store.page(9, 4)] == made[:1]
    assert store.count() == 5 and store.get("none") is None and store.report("none") is None


def test_old_reports_go_and_their_rows_stay(store: RunStore) -> None:
    made = [begin(store, number).id for number in range(REPORTS_KEPT + 2)]
    for identifier in made:
        store.end(identifier, RunEnding("published", 0), {"files": []})
    assert [store.report(identifier) is not None for identifier in made] == [False] * 2 + [True] * REPORTS_KEPT
    assert store.count() == len(made)


def test_a_run_is_recorded_with_its_report(settings: Settings, store: RunStore) -> None:
    with recorded_run(settings, REQUEST, "up") as record:
        assert is_held(settings.data, record.id) and get(store, record.id).state == "running"
        record.progress.phase("parse", 7)
        assert get(store, record.id).phase == "parse"
        assert record.end(REPORT) == REPORT
    run = get(store, record.id)
    ending = ending_of(run)
    assert (run.trigger, ending.outcome, ending.exit_code, ending.version_after) == ("up", "partial", 5, "000002")
    assert ending.notes == ("A note.",) and ending.gate == REPORT.gate and store.report(run.id) == REPORT.to_json()
    assert not is_held(settings.data, run.id) and list((settings.data / "runs").iterdir()) == []


@pytest.mark.parametrize(
    ("error", "outcome", "code", "words"),
    [
        (SourceError("The source /x does not exist."), "failed", 1, "/x does not exist"),
        (ZeroDivisionError("the text of a document"), "failed", 1, "ZeroDivisionError"),
        (KeyboardInterrupt(), "interrupted", 130, "keyboard; nothing was published"),
        (StopSignal(signal.SIGTERM), "interrupted", 143, "signal 15; nothing was published"),
    ],
)
def test_an_error_ends_the_row_and_goes_on(
    settings: Settings, store: RunStore, error: BaseException, outcome: str, code: int, words: str
) -> None:
    with pytest.raises(type(error)), recorded_run(settings, REQUEST, "cli") as record:
        raise error
    ending = ending_of(get(store, record.id))
    assert (ending.outcome, ending.exit_code) == (outcome, code)
    assert ending.problem is not None and words in ending.problem and "text of a document" not in ending.problem
    assert not is_held(settings.data, record.id)


def test_a_signal_while_the_record_is_opened_lets_go_of_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_arguments: object) -> None:
        raise StopSignal(signal.SIGTERM)

    monkeypatch.setattr(RunStore, "begin", stopped)
    with pytest.raises(StopSignal), recorded_run(settings, REQUEST, "cli"):
        pytest.fail("the run began")
    assert list((settings.data / "runs").iterdir()) == []


def test_a_signal_after_the_publication_does_not_deny_it(settings: Settings, store: RunStore) -> None:
    with pytest.raises(KeyboardInterrupt), recorded_run(settings, REQUEST, "cli") as record:
        shop.publish(settings.data)
        raise KeyboardInterrupt
    ending = ending_of(get(store, record.id))
    assert ending.version_after == "000001" and ending.problem is not None and "version 000001 had been published" in ending.problem


def test_an_error_after_the_report_changes_nothing(settings: Settings, store: RunStore) -> None:
    with pytest.raises(KeyboardInterrupt), recorded_run(settings, REQUEST, "cli") as record:
        record.end(REPORT)
        raise KeyboardInterrupt
    assert ending_of(get(store, record.id)).outcome == "partial"


def test_a_dead_run_is_marked_by_whoever_looks(settings: Settings, store: RunStore) -> None:
    dead, alive = begin(store, 1), begin(store, 2)
    lock = RunLock.take(settings.data, alive.id)
    history = RunHistory(store, settings.data)
    assert [run.id for run in history.running()] == [alive.id]
    got = history.get(dead.id)
    assert got is not None and got.state == "died" and ending_of(got).exit_code is None and got.seconds is None
    assert [run.state for run in history.page(9)] == ["running", "died"] and history.mark_dead() == []
    lock.hand_over()  # lets go as the kernel does when a process dies: the file stays
    assert [run.id for run in history.mark_dead()] == [alive.id] and not lock_path(settings.data, alive.id).exists()


def test_a_run_that_ends_while_it_is_looked_at_is_not_marked(settings: Settings, store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin(store)

    def ends_meanwhile(*_arguments: object) -> bool:
        store.end(run.id, RunEnding("published", 0, "000002"))
        return False

    monkeypatch.setattr("server.runs.history.is_held", ends_meanwhile)
    got = RunHistory(store, settings.data).get(run.id)
    assert got is not None and ending_of(got).outcome == "published"


def test_a_lock_is_handed_to_a_child(settings: Settings) -> None:
    lock = RunLock.take(settings.data, "a")
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock.descriptor,))
    lock.hand_over()
    assert is_held(settings.data, "a")
    child.kill()
    child.communicate()
    assert not is_held(settings.data, "a")


def test_what_children_said_is_swept_when_their_runs_have_ended(settings: Settings, store: RunStore) -> None:
    alive, ended = begin(store, 1), begin(store, 2)
    lock = RunLock.take(settings.data, alive.id)
    store.end(ended.id, RunEnding("published", 0))
    for name in (alive.id, ended.id, "unknown"):
        (settings.data / "runs" / f"{name}.log").touch()
    RunHistory(store, settings.data).sweep()
    assert {path.name for path in (settings.data / "runs").glob("*.log")} == {f"{alive.id}.log"}
    lock.release()


def test_what_cannot_be_recorded_is_a_note(settings: Settings) -> None:
    (settings.data / "state.sqlite").write_bytes(b"this is not a database" * 100)
    with recorded_run(settings, REQUEST, "cli") as record:
        record.progress.phase("parse", 1)
        report = record.end(REPORT)
    assert report.outcome == "partial" and report.notes[0] == "A note." and len(report.notes) == 2
    assert "could not be written" in report.notes[1] and "state.sqlite" in report.notes[1]


def test_a_record_that_fails_halfway_is_one_note(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with recorded_run(settings, REQUEST, "cli") as record:
        monkeypatch.setattr(RunStore, "advance", _disk_fails)
        for _ in range(3):
            record.progress.phase("parse", 1)
        report = record.end(REPORT)
    assert len(report.notes) == 2 and "No space left" in report.notes[1]


def _disk_fails(*_arguments: object) -> None:
    raise OSError(28, "No space left on device")


def test_the_webhook_hears_of_failures_only(settings: Settings, store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        monkeypatch.setenv("CITEDESK_WEBHOOK_URL", receiver.url)
        told = Settings(data=settings.data)
        for outcome in ("published", "unchanged", "busy", "refused"):
            with recorded_run(told, REQUEST, "cli") as record:
                record.end(IngestReport(outcome, "000001"))
        assert [message["outcome"] for message in receiver.messages] == ["refused"]
        for _ in range(2):
            with recorded_run(told, REQUEST, "cli") as record:
                record.end(IngestReport("busy", "000001"))
        assert [message["outcome"] for message in receiver.messages] == ["refused", "busy"]  # the second in a row
        with recorded_run(Settings(data=settings.data, webhook_on="always"), REQUEST, "cli") as record:
            record.end(IngestReport("published", "000001"))
        assert receiver.messages[-1]["outcome"] == "published"


def test_the_webhook_hears_of_a_run_that_was_killed(settings: Settings, store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = begin(store)
    with receiving() as receiver:
        monkeypatch.setenv("CITEDESK_WEBHOOK_URL", receiver.url)
        with recorded_run(Settings(data=settings.data), REQUEST, "cli") as record:
            report = record.end(IngestReport("unchanged", "000001"))
    assert [(message["run"], message["outcome"]) for message in receiver.messages] == [(dead.id, "died")]
    assert any(dead.id in note for note in report.notes) and dead.id in ending_of(get(store, record.id)).notes[0]


def test_a_webhook_that_fails_changes_no_outcome(settings: Settings, store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(404) as receiver:
        monkeypatch.setenv("CITEDESK_WEBHOOK_URL", receiver.url)
        with recorded_run(Settings(data=settings.data), REQUEST, "cli") as record:
            report = record.end(IngestReport("refused", "000001"))
    assert report.exit_code == 4 and len(report.notes) == 1 and "404" in report.notes[0]
    assert ending_of(get(store, record.id)).notes == report.notes


def test_the_log_says_how_a_run_went(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with recorded_run(settings, REQUEST, "cli", log=True) as record:
        record.end(REPORT)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines] == ["ingest_started", "ingest_ended"]
    assert (lines[1]["run"], lines[1]["outcome"], lines[1]["version_after"]) == (record.id, "partial", "000002")


def test_changes_are_kept_in_numbers() -> None:
    changes = {"documents": {"added": ["a.md", "b.md"], "removed": []}, "note": "the text of a document", "passages": 7, "expires": True}
    assert outline(changes) == {"documents": {"added": 2, "removed": 0}, "passages": 7, "expires": True}
    assert outline(None) is None


def test_progress_is_written_once_a_second() -> None:
    now, written = [0.0], list[tuple[str, int, int]]()
    progress = RecordedProgress(lambda *row: written.append(row), lambda: now[0])
    shared = SharedProgress(progress, progress)
    progress.phase("parse", 100)
    for step in range(1, 101):
        now[0] = step / 40
        progress.advance(1)
    progress.phase("embed", 3)
    assert written == [("parse", 0, 100), ("parse", 40, 100), ("parse", 80, 100), ("embed", 0, 3)]
    shared.phase("write", 1)
    shared.advance(1)
    shared.done()
    assert written[4:] == [("write", 0, 1), ("write", 0, 1)]


def test_stop_signals_come_once_and_are_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(StopSignal) as caught, stop_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        while True:
            os.kill(os.getpid(), signal.SIGTERM)  # ignored: what is being cleared away must not be broken off
    assert caught.value.exit_code == 143 and signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with stop_signals():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_runs_in_any_thread_are_left_alone() -> None:
    outcome: list[Any] = []

    def run() -> None:
        with stop_signals():
            outcome.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert outcome == [signal.SIG_DFL]
