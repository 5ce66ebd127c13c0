"""Parser processes, seen from the parent: one document at a time each, killed when a document goes beyond its limits."""

import json
import signal
import subprocess
import sys
from queue import SimpleQueue
from threading import Timer
from types import TracebackType

import orjson

from ingest.parse.draft import FileInput, Parsed
from ingest.parse.limits import BUSY, DEFAULT_LIMITS, MORE_OCR, MORE_TIME, Limits
from ingest.parse.scan import OutOfTimeError, ScanError, read_with_ocr
from ingest.parse.wire import READY, pack_request, read_message, unpack_parsed, write_message
from kb.errors import IngestError, ParseError

START_SECONDS = 60.0  # a worker starts in half a second; a machine under load needs longer
DOCUMENTS_PER_WORKER = 200  # then it makes room for a fresh one: parsers leak
LONGEST_REQUEST = 100  # bytes of the message that asks for more time
MOST_SECONDS = 900.0  # whatever a file asks for
BOOTSTRAP = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from ingest.parse.child import main; main(int(sys.argv[2]))"


class ParserPool:
    """Up to ``workers`` parser processes, started when needed. `parse` may be called by as many threads.

    Use it as a context manager: leaving ends the processes.
    """

    def __init__(self, workers: int = 2, limits: Limits = DEFAULT_LIMITS) -> None:
        self.workers = max(1, workers)
        self.limits = limits
        self._idle: SimpleQueue[_Worker | None] = SimpleQueue()
        for _ in range(self.workers):
            self._idle.put(None)

    def parse(self, file: FileInput) -> Parsed:
        """The documents in ``file``. Raises ParseError, also when the process had to be killed or crashed."""
        return read_with_ocr(file, self.limits, self._parse_once)

    def _parse_once(self, file: FileInput, limits: Limits) -> Parsed:
        worker = self._idle.get()
        try:
            if worker is None:
                worker = _Worker(self.limits)
            try:
                parsed = worker.parse(file, limits)
            except _OutOfMemoryError:
                if worker.is_first:
                    raise
                worker.end()  # what earlier files left behind must not count against this one
                worker = _Worker(self.limits)
                parsed = worker.parse(file, limits)
        finally:
            if worker is not None and worker.is_spent:
                worker.end()
                worker = None
            self._idle.put(worker)
        return parsed

    def __enter__(self) -> "ParserPool":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for _ in range(self.workers):
            worker = self._idle.get()
            if worker is not None:
                worker.end()
            self._idle.put(None)


class _OutOfMemoryError(ParseError):
    """The process used up its memory."""


class _Worker:
    """One process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parsed = 0
        self._is_first = True
        self._timed_out = False
        self._seconds = limits.wall_seconds
        command = [sys.executable, "-c", BOOTSTRAP, json.dumps(sys.path), str(limits.memory)]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        except OSError as error:
            what = f"A parser process could not be started ({error.strerror}: {sys.executable})."
            raise IngestError(f"{what} Check that the machine has memory left, and that this user may run it.") from error
        if self._exchange(None, START_SECONDS) != READY:
            code = self.end()
            raise IngestError(f"A parser process could not be started (exit code {code}). Check that the machine has memory left.")

    @property
    def is_spent(self) -> bool:
        """Whether it ended, is about to, or has parsed its share."""
        return self._timed_out or self._parsed >= DOCUMENTS_PER_WORKER or self._process.poll() is not None

    @property
    def is_first(self) -> bool:
        """Whether what it parsed last was its first file."""
        return self._is_first

    def parse(self, file: FileInput, limits: Limits) -> Parsed:
        """The documents in ``file``. Raises ParseError."""
        self._is_first = self._parsed == 0
        self._parsed = self._parsed + 1 if limits.ocr == "off" else DOCUMENTS_PER_WORKER  # OCR's memory goes with its process
        self._limits = limits
        answer = self._exchange(pack_request(file, limits), limits.wall_seconds)
        if answer is None:
            self._parsed = DOCUMENTS_PER_WORKER
            raise self._error_of_end()
        try:
            values = orjson.loads(answer)
            if "reason" in values:
                if values.get("last"):
                    self._parsed = DOCUMENTS_PER_WORKER
                    raise _OutOfMemoryError(str(values["reason"]))
                raise (ScanError if values.get("scan") else ParseError)(str(values["reason"]))
            return unpack_parsed(answer)
        except (ValueError, KeyError, TypeError) as error:
            self._parsed = DOCUMENTS_PER_WORKER
            raise ParseError(f"the parser process answered nonsense ({error})") from error

    def end(self) -> int:
        """Kills the process if it still runs and returns its exit code."""
        self._process.kill()
        code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            try:
                stream.close()
            except BrokenPipeError:
                continue  # closing flushes what the dead process no longer reads
        return code

    def _exchange(self, request: tuple[bytes, ...] | None, seconds: float) -> bytes | None:
        """Sends the messages and returns the answer; ``None`` if the process ended or was killed for taking too long."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        timer = self._start_timer(seconds)
        try:
            for message in request or ():
                write_message(stdin, message)
            answer = read_message(stdout)
            if answer is not None and (longer := _asked_seconds(answer)) is not None:
                timer.cancel()
                timer = self._start_timer(max(seconds, longer))
                answer = read_message(stdout)
            return answer
        except BrokenPipeError:
            return None
        finally:
            timer.cancel()

    def _start_timer(self, seconds: float) -> Timer:
        self._seconds = seconds
        timer = Timer(seconds, self._kill_late)
        timer.daemon = True
        timer.start()
        return timer

    def _kill_late(self) -> None:
        self._timed_out = True
        self._process.kill()

    def _error_of_end(self) -> ParseError:
        more = MORE_TIME if self._limits.ocr == "off" else MORE_OCR
        if self._timed_out:
            return OutOfTimeError(f"reading it ran past {self._seconds:g} s; {more}")
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return ParseError("the parser process closed its pipe")
        if code == -signal.SIGXCPU:
            extra = (self._seconds - self._limits.wall_seconds) / BUSY
            return OutOfTimeError(f"used more than {self._limits.cpu_seconds + int(extra)} s of processor time; {more}")
        if code == -signal.SIGKILL:
            return ParseError("the parser was killed (signal 9), most likely because the machine ran out of memory")
        if code < 0:
            return ParseError(f"the parser crashed (signal {-code})")
        return ParseError(f"the parser ended without an answer (exit code {code})")


def _asked_seconds(answer: bytes) -> float | None:
    """The time that a process says its file may take, ``None`` if the message is the answer itself."""
    if not answer.startswith(b'{"wall_seconds":') or len(answer) > LONGEST_REQUEST:
        return None
    return min(float(orjson.loads(answer)["wall_seconds"]), MOST_SECONDS)
