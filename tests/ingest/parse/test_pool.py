import errno
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.metadata import Metadata
from ingest.parse.draft import FileInput
from ingest.parse.limits import Limits
from ingest.parse.pool import ParserPool
from kb.errors import IngestError, ParseError
from tests.ingest.builders import manual_pdf, parse

pytestmark = pytest.mark.slow  # every test starts real child processes: they run in the integration stage

FAULTS = """
import os, signal, time
import ingest.parse.formats as formats

real = formats.parse_text

def parse_text(file, limits):
    text = file.content.decode()
    if text.startswith("sleep"): time.sleep(60)
    if text.startswith("spin"):
        while True: pass
    if text.startswith("crash"): os.kill(os.getpid(), signal.SIGSEGV)
    if text.startswith("exit"): os._exit(9)
    if text.startswith("eat"): return bytearray(1 << 33)
    if text.startswith("odd"): raise KeyError("odd")
    if text.startswith("print"): print("noise " * 100, flush=True)
    if text.startswith("write"): open(text.split()[1], "wb").write(b"x" * 10000)
    return real(file, limits)

formats.PARSERS["text"] = parse_text
"""


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ParserPool]:
    """A pool whose processes load a text parser that misbehaves on command (by way of a sitecustomize-like module)."""
    (tmp_path / "faults.py").write_text(FAULTS)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr("ingest.parse.pool.BOOTSTRAP", FAULTY_BOOTSTRAP)
    with ParserPool(1, Limits(wall_seconds=3, cpu_seconds=1)) as pool:
        yield pool


FAULTY_BOOTSTRAP = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); import faults; from ingest.parse.child import main; main(int(sys.argv[2]))"
)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("sleep", r"ran past 3 s; split it, or allow more \(CITEDESK_PARSE_SECONDS\)"),
        ("spin", r"(used more than 1 s of processor time|ran past 3 s); split it, or allow more \(CITEDESK_PARSE_SECONDS\)"),
        ("crash", r"the parser crashed \(signal 11\)"),
        ("exit", "without an answer"),
        ("eat", r"used more than 480 MiB of memory; split it, or allow more \(CITEDESK_PARSE_MEMORY_MIB\)"),
        ("odd", r"the parser gave up \(KeyError: 'odd'\)"),
    ],
)
def test_a_parser_that_misbehaves_costs_only_its_file(faulty: ParserPool, command: str, reason: str) -> None:
    started = time.monotonic()
    with pytest.raises(ParseError, match=reason):
        faulty.parse(FileInput("a.txt", f"{command} now".encode()))
    assert time.monotonic() - started < 20
    assert faulty.parse(FileInput("b.txt", b"all is well")).drafts[0].text == "all is well"


def test_a_process_that_cannot_be_started_ends_the_run_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr("ingest.parse.pool.subprocess.Popen", refuse)
    with ParserPool(1) as pool, pytest.raises(IngestError, match="could not be started .Cannot allocate memory.*memory left") as raised:
        pool.parse(FileInput("a.txt", b"x"))
    assert not isinstance(raised.value, ParseError), "no file is to blame"


def test_what_a_parser_prints_does_not_disturb_the_answer(faulty: ParserPool) -> None:
    assert faulty.parse(FileInput("a.txt", b"print this")).drafts[0].text == "print this"


def test_what_a_parser_prints_is_no_error_where_standard_error_is_a_log_file(faulty: ParserPool, tmp_path: Path) -> None:
    kept = os.dup(2)
    with (tmp_path / "cron.log").open("wb") as log:
        os.dup2(log.fileno(), 2)
        try:  # the pool starts its processes when it first needs them
            assert faulty.parse(FileInput("a.txt", b"print this")).drafts[0].text == "print this"
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def test_a_parser_process_cannot_write_files(faulty: ParserPool, tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="gave up"):
        faulty.parse(FileInput("a.txt", f"write {tmp_path / 'loot'}".encode()))
    assert not (tmp_path / "loot").exists() or (tmp_path / "loot").stat().st_size == 0


def test_what_comes_back_is_what_was_parsed() -> None:
    faq = b"question,answer,regions,effective_from\na?,b,DE,2026-01-01\n"
    with ParserPool(2) as pool:
        assert pool.parse(FileInput("m.pdf", manual_pdf())) == parse("m.pdf", manual_pdf())
        parsed = pool.parse(FileInput("f.csv", faq))
        assert parsed == parse("f.csv", faq)
        metadata = parsed.drafts[0].blocks[0].metadata
        assert isinstance(metadata, Metadata) and metadata.regions == ("DE",)
        jsonl = b'{"_id": "a", "text": "x"}\nbroken\n'
        assert pool.parse(FileInput("c.jsonl", jsonl)) == parse("c.jsonl", jsonl)


def test_the_workers_load_no_model_and_end_with_the_pool() -> None:
    with ParserPool(2) as pool, ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda number: pool.parse(FileInput(f"{number}.txt", b"text")), range(20)))
        pids = [child for child in _children() if "ingest.parse.child" in _command(child)]
        assert 1 <= len(pids) <= 2
        for pid in pids:
            assert not any(name in Path(f"/proc/{pid}/maps").read_text() for name in ("libtorch", "faiss", "onnxruntime"))
    assert not [pid for pid in pids if _is_running(pid)]


def _children() -> list[int]:
    return [pid for task in Path("/proc/self/task").iterdir() for pid in _children_of(task)]


def _children_of(task: Path) -> list[int]:
    try:
        return [int(pid) for pid in (task / "children").read_text().split()]
    except FileNotFoundError:  # a thread of another test that ended between the listing and the reading: it has no children
        return []


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIG_DFL)
    except ProcessLookupError:
        return False
    return True
