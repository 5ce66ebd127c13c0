"""Keeps a local server running: starts it, says when it is ready, starts it again when it dies, and stops it with Citedesk."""

import http.client
import threading
import time
from types import TracebackType

import structlog

from kb.encoders.prepared import Announce
from server.llm.errors import LlmServerError, last_words
from server.llm.guarded_process import GuardedProcess, ServerProgram
from server.llm.restart_budget import RestartBudget, RestartPolicy

LOOK_SECONDS = 0.25
PROGRESS_SECONDS = 15.0
HEALTH_SECONDS = 5.0
_LOG = structlog.get_logger(__name__)


class Supervisor:
    """Runs one `ServerProgram` that answers ``GET /health`` on a loopback port. A context manager: leaving it stops the server.

    A server that ends before it was ever ready is not started again: its model or its options are wrong, and `wait_ready` says so.
    One that was ready before is, as often as the policy allows, for as long as this process runs.
    """

    def __init__(self, program: ServerProgram, port: int, policy: RestartPolicy | None = None) -> None:
        self._program = program
        self._port = port
        self._policy = policy or RestartPolicy()
        self._thread = threading.Thread(target=self._keep_running, name="llm-supervisor", daemon=True)
        self._unwanted = threading.Event()
        self._settled = threading.Event()  # ready for the first time, or failed before that
        self._failure: str | None = None
        self.ready = False
        """Whether the server is up now. That it answers questions, only asking it can show."""
        self.restarts = 0
        """How often it was started again."""
        self.pid: int | None = None
        """The server's process id, which is its process group's too; None while it is down."""

    def __enter__(self) -> "Supervisor":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def wait_ready(self, announce: Announce = lambda _: None) -> None:
        """Wait until the server is ready for the first time; ``announce`` hears of it now and then.

        Raises:
            LlmServerError: it ended before, or took too long; the sentence names its log.
        """
        started = time.monotonic()
        while not self._settled.wait(PROGRESS_SECONDS):
            announce(f"vLLM is starting ({time.monotonic() - started:.0f} s so far; its log: {self._program.log})")
        if self._failure is not None:
            raise LlmServerError(self._failure)

    def stop(self) -> None:
        """Stop the server and everything it started, and wait until they have ended. Can be called twice."""
        self._unwanted.set()
        self._thread.join()

    def _keep_running(self) -> None:
        budget = RestartBudget(self._policy)
        while not self._unwanted.is_set():
            problem = self._run_once()
            self.ready, self.pid = False, None
            if problem is None:
                self._failure = None if self._settled.is_set() else "vLLM was stopped before it was ready."
                break
            if not self._settled.is_set():
                self._failure = f"{problem} Its last words: {last_words(self._program.log)}. All of them are in {self._program.log}."
                break
            pause = budget.take(time.monotonic())
            _LOG.warning("llm_server_down", problem=problem, restart_in_seconds=round(pause, 1), log=str(self._program.log))
            self._unwanted.wait(pause)
            self.restarts += not self._unwanted.is_set()
        self._settled.set()

    def _run_once(self) -> str | None:
        """One life of the server: how it ended, or None when it was stopped because nobody wants it any more."""
        try:
            process = GuardedProcess(self._program, self._policy.grace)
        except OSError as error:
            return f"vLLM could not be started: {error.strerror or error}."
        self.pid = process.pid
        deadline = time.monotonic() + self._policy.start_limit
        while (code := process.wait(LOOK_SECONDS)) is None:
            if self._unwanted.is_set():
                process.stop()
                return None
            if not self.ready and not self._look() and time.monotonic() > deadline:
                process.stop()
                return f"vLLM was not ready after {self._policy.start_limit:.0f} seconds."
        return f"vLLM ended with exit code {code}."

    def _look(self) -> bool:
        """Whether the server says that it is up; remembers it, and logs that it is up again."""
        self.ready = is_healthy(self._port)
        if self.ready and self._settled.is_set():
            _LOG.info("llm_server_up_again", process=self.pid, restarts=self.restarts)
        elif self.ready:
            self._settled.set()
        return self.ready


def is_healthy(port: int) -> bool:
    """Whether ``GET /health`` on that loopback port answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HEALTH_SECONDS)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
