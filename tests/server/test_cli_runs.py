"""``citedesk runs``, and every way in which ``citedesk ingest`` can end."""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from ingest.report import EXIT_CODES, FileReport, IngestReport, Outcome
from ingest.skipped import BY_WISH, Skipped, SkippedFile
from kb.errors import StorageFullError
from kb.files import full_message
from server.cli.ingest_report import print_report
from server.cli.main import app
from server.cli.output import Output
from server.state.database import StateDatabase
from server.state.runs import RunStore
from tests.processes import eventually, heed_signals
from tests.server.receiver import receiving

pytestmark = pytest.mark.slow  # whole commands: they run in the integration stage

FILES = (FileReport("店铺", "退货.md", "unchanged", passages=1), FileReport("店铺", "broken.pdf", "failed", "no PDF"))
# The real command over a run that goes on until a signal comes. Under nohup, which whoever runs the tests may use, SIGHUP would do nothing.
ENDLESS = """
import signal
import time
import ingest.run
signal.signal(signal.SIGHUP, signal.SIG_DFL)
def run(store, encoder, sources, options, progress):
    with store.writer():
        progress.phase("embed", 10)
        print("going on", flush=True)
        time.sleep(60)
ingest.run.ingest = run
from server.cli.main import main
main()
"""


@pytest.fixture(autouse=True)
def hashing_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_ENCODER", "hashing")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("CITEDESK_DATA", str(folder))
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def last_line(result: Result) -> Any:
    return json.loads(result.stdout.splitlines()[-1])


def ends_with(monkeypatch: pytest.MonkeyPatch, end: IngestReport | BaseException) -> None:
    """Runs end so, without parsers and encoders."""

    def ingest(*_arguments: object) -> IngestReport:
        if isinstance(end, BaseException):
            raise end
        return end

    monkeypatch.setattr("ingest.run.ingest", ingest)


def newest() -> Any:
    return last_line(run("runs", "last", "--json"))


@pytest.mark.parametrize("outcome", EXIT_CODES)
def test_every_outcome_has_its_exit_code_its_sentence_and_its_row(data: Path, monkeypatch: pytest.MonkeyPatch, outcome: Outcome) -> None:
    ends_with(monkeypatch, IngestReport(outcome, None, FILES, {"documents": 1}, published=outcome in ("published", "partial")))
    result = run("ingest", "/x", "--json", "--who", "Ada", "--why", "每晚")
    code = {"published": 0, "unchanged": 3, "refused": 4, "partial": 5, "busy": 75, "failed": 1}[outcome]
    assert result.exit_code == code, result.output
    report = last_line(result)
    assert (report["outcome"], report["exit_code"]) == (outcome, code)
    assert set(report["files"][0]) == {"source", "path", "state", "reason", "passages", "seconds"}
    row = newest()
    assert (row["outcome"], row["exit_code"], row["who"], row["why"], row["trigger"]) == (outcome, code, "Ada", "每晚", "cli")
    assert row["report"] == report and row["sources"] == [{"name": "x", "path": "/x"}]


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (StorageFullError(full_message(Path("/"), 5_000_000)), 1, "About 5.0 MB are needed"),
        (OSError(errno.EIO, "the disk fails"), 1, "Something went wrong inside Citedesk (OSError)"),
        (KeyboardInterrupt(), 130, "Stopped from the keyboard"),
    ],
)
def test_errors_have_exit_codes_and_rows_too(
    data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException, code: int, words: str
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ends_with(monkeypatch, error)
    result = run("ingest", "/x")
    assert result.exit_code == code and "Traceback" not in result.output
    assert newest()["exit_code"] == code and words in newest()["problem"]


def test_a_program_reads_one_shape_however_the_night_went(data: Path, tmp_path: Path) -> None:
    result = run("ingest", tmp_path / "缺失", "--json")
    report = last_line(result)
    assert result.exit_code == report["exit_code"] == 1 and report["outcome"] == "failed" and report["files"] == []
    assert "does not exist" in report["notes"][0] and report["error"]["type"] == "SourceError" and "does not exist" in result.stderr
    assert newest()["problem"] == report["notes"][0]
    assert run("ingest", "--json").exit_code == 2 and last_line(run("runs", "--json"))["total"] == 1  # a wrong command line is no run


def test_failures_alone_do_not_claim_a_publication(capsys: pytest.CaptureFixture[str]) -> None:
    sentences = {True: "Published version 000002, without the files", False: "no new version was made. Version 000002 stays"}
    for published, words in sentences.items():
        print_report(IngestReport("partial", "000002", FILES, published=published), Output(False))
        said = capsys.readouterr().out
        assert words in said and ("Published" in said) is published


def test_what_is_not_read_is_counted_by_kind(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [SkippedFile.at(f"{number}.png") for number in range(1_001)]
    report = IngestReport("unchanged", "000001", FILES, skipped=Skipped({"shop": [SkippedFile("film.mp4", ".mp4"), *pictures]}))
    ends_with(monkeypatch, report)
    told = run("ingest", "/x", "--json")
    assert "1,002 files of kinds that are not read: 1,001 .png, 1 .mp4; --verbose lists them." in told.stderr and "7.png" not in told.stderr
    skipped = last_line(told)["skipped"]
    assert (skipped["count"], skipped["kinds"], len(skipped["files"])) == (1_002, {".png": 1_001, ".mp4": 1}, 1_000)
    assert skipped["files"][:2] == [{"source": "shop", "path": "film.mp4"}, {"source": "shop", "path": "0.png"}]
    assert "1,001 .png, 1 .mp4; --json lists them." in run("runs", "last").stdout
    listed = run("ingest", "/x", "--verbose").stdout
    assert "1000.png" in listed and "1 .mp4.\n" in listed
    ends_with(monkeypatch, IngestReport("unchanged", "000001", FILES))
    assert "not read" not in run("ingest", "/x").stdout


def test_what_is_skipped_by_wish_is_named_by_every_run(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = IngestReport("unchanged", "000001", FILES, skipped=Skipped({"shop": [SkippedFile("old/cut.pdf", BY_WISH)]}))
    ends_with(monkeypatch, report)
    told = run("ingest", "/x", "--json")
    assert "Skipped by wish" in told.stderr and "old/cut.pdf" in told.stderr and "not read" not in told.stderr
    assert last_line(told)["skipped"]["by_wish"] == [{"source": "shop", "path": "old/cut.pdf"}]
    assert "old/cut.pdf" in run("runs", "last").stdout


def test_the_log_and_the_webhook(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends_with(monkeypatch, IngestReport("refused", "000001", notes=("The gate refused the new version: 2 got worse.",)))
    with receiving() as receiver:
        monkeypatch.setenv("CITEDESK_WEBHOOK_URL", receiver.url)
        result = run("ingest", "/x", "--log", "--json")
    assert result.exit_code == 4 and [message["outcome"] for message in receiver.messages] == ["refused"]
    logged = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
    assert [(line["event"], line["level"]) for line in logged] == [("ingest_started", "info"), ("ingest_ended", "error")]
    assert "secret-path" not in result.output


def test_looking_makes_nothing(data: Path) -> None:
    assert last_line(run("runs", "--json")) == {"runs": [], "total": 0, "next_offset": None}
    missing = run("runs", "last")
    assert missing.exit_code == 1 and "citedesk runs" in missing.stderr and not data.exists()


def test_lists_and_details(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = {"passed": True, "summary": "Fine."}
    ends_with(monkeypatch, IngestReport("partial", "000002", FILES, {"added": 3, "failed": 1}, 1.0, ("笔记",), gate))
    for number in range(3):
        run("ingest", "/srv/店铺", "--why", f"night {number}")
    listed = run("runs", "--limit", 2)
    assert "night 2" in listed.stdout and "night 1" in listed.stdout and "night 0" not in listed.stdout
    assert "2 of 3" in listed.stdout and "citedesk runs --offset 2" in listed.stdout
    assert "night 0" in run("runs", "--offset", 2).stdout
    page = last_line(run("runs", "--limit", 2, "--json"))
    assert (page["total"], page["next_offset"], len(page["runs"])) == (3, 2, 2)
    shown = run("runs", page["runs"][0]["id"]).stdout
    for words in ("partial", "店铺: /srv/店铺", "笔记", "broken.pdf", "no PDF", "3 added", "gate         passed: Fine.", "none → 000002"):
        assert words in shown, shown
    assert run("runs", "none").exit_code == 1


def test_times_are_the_shops(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends_with(monkeypatch, IngestReport("unchanged", "000001"))
    run("ingest", "/x")
    utc = newest()["started_at"]
    monkeypatch.setenv("CITEDESK_TIMEZONE", "Asia/Shanghai")
    shown = run("runs", "last").stdout
    hour = (int(utc[11:13]) + 8) % 24
    assert f" {hour:02}:{utc[14:16]}:" in shown


@contextmanager
def endless(data: Path) -> Iterator["subprocess.Popen[str]"]:
    program = [sys.executable, "-c", ENDLESS, "ingest", str(data.parent), "--data", str(data)]
    out = err = subprocess.PIPE
    with subprocess.Popen(program, stdout=out, stderr=err, text=True, env=dict(os.environ), preexec_fn=heed_signals) as process:
        assert process.stdout is not None and process.stdout.readline() == "going on\n"
        yield process


def row_of_the_only_run(data: Path) -> Any:
    database = StateDatabase.open(data)
    try:
        (found,) = RunStore(database).page(5)
        return found
    finally:
        database.close()


@pytest.mark.slow  # starts the real command
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_a_signal_ends_a_run_cleanly(data: Path, number: signal.Signals, code: int) -> None:
    with endless(data) as process:
        process.send_signal(number)
        said, errors = process.communicate(timeout=30)
    assert process.returncode == code, errors
    assert "Traceback" not in said + errors
    found = row_of_the_only_run(data)
    assert (found.ending.outcome, found.ending.exit_code, found.phase) == ("interrupted", code, "embed")
    assert list((data / "runs").iterdir()) == []


@pytest.mark.slow  # starts the real command
def test_a_killed_run_is_marked_by_the_next_look(data: Path) -> None:
    with endless(data) as process:
        assert row_of_the_only_run(data).state == "running" and newest()["state"] == "running"
        busy = run("ingest", data.parent, "--json")
        assert busy.exit_code == 75 and str(process.pid) in last_line(busy)["notes"][0]
        process.kill()
        process.communicate(timeout=30)
    states = [one["state"] for one in last_line(run("runs", "--json"))["runs"]]
    assert states == ["ended", "died"] and eventually(lambda: list((data / "runs").iterdir()) == [])


def test_a_run_in_full_names_the_questions_that_broke(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {"id": "returns-1", "question": "How long can I return a lamp?", "problem": "30 days is missing"}
    broken |= {"answer": "Soon.", "before": "30 days."}
    gate = {"passed": False, "summary": "1 broke, and at most 0 may: returns-1.", "details": {"broken": [broken]}}
    ends_with(monkeypatch, IngestReport("refused", "000001", gate=gate))
    assert run("ingest", data.parent).exit_code == 4
    shown = run("runs", "last").stdout
    assert "Broken: 1" in shown and broken["question"] in shown and broken["problem"] in shown and broken["before"] in shown


def test_a_first_run_that_is_refused_speaks_of_no_version_that_stays(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(IngestReport("refused", None), Output(False))
    assert capsys.readouterr().out == "Refused: the new version was not published.\n"
