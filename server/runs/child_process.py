"""A run in a process of its own, so that its memory or its crash never hurts the server. It goes on when the server stops."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from kb.errors import CitedeskError, ConfigurationError
from kb.files import disk_errors, remove
from kb.store import VersionStore
from server.runs.failure import is_failure
from server.runs.run_lock import RunLock, lock_path
from server.runs.webhook import Webhook
from server.settings import Settings
from server.state.run import Run, RunEnding
from server.state.runs import RunStore

_LOG = structlog.get_logger(__name__)
BOOTSTRAP = "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from server.cli.main import main; main()"
_LAST_WORDS = 2000


def command(data: Path, run: str) -> list[str]:
    """``citedesk ingest`` for a run whose row is written, whatever this Citedesk was started from."""
    return [sys.executable, "-c", BOOTSTRAP, json.dumps(sys.path), "ingest", "--run", run, "--data", str(data.absolute()), "--json"]


def start_child(run: Run, lock: RunLock, settings: Settings, store: RunStore) -> None:
    """Start the process of a run whose row is written; it takes ``lock`` over. A thread waits for its end.

    Raises ConfigurationError when the system starts no process; then the row says so.
    """
    said = settings.data / "runs" / f"{run.id}.log"
    try:
        with disk_errors(said), said.open("wb") as errors:
            process = subprocess.Popen(
                command(settings.data, run.id),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=(lock.descriptor,),
                start_new_session=True,  # Ctrl-C in the server's terminal is not meant for it
            )
    except OSError as error:
        reason = f"The process of the run could not be started ({error.strerror or error}). Check the machine's memory and limits."
        store.end(run.id, RunEnding("failed", 1, run.version_before, problem=reason))
        lock.release()
        raise ConfigurationError(reason) from error
    lock.hand_over()
    watcher = _Watcher(run.id, process, said, settings, store)
    threading.Thread(target=watcher.wait, name=f"ingest-{run.id}", daemon=True).start()


class _Watcher:
    """Waits for a child, and gives its row an ending when the child did not."""

    def __init__(self, run: str, process: "subprocess.Popen[bytes]", said: Path, settings: Settings, store: RunStore) -> None:
        self._run = run
        self._process = process
        self._said = said
        self._settings = settings
        self._store = store

    def wait(self) -> None:
        """Until it has ended."""
        code = self._process.wait()
        try:
            if self._store.end(self._run, self._unsaid(code)):
                self._tell()
            ended = self._store.get(self._run)
            outcome = None if ended is None or ended.ending is None else ended.ending.outcome
            _LOG.info("ingest_run_ended", run=self._run, exit_code=code, outcome=outcome)
            with disk_errors(self._said):
                remove(self._said)
                remove(lock_path(self._settings.data, self._run))
        except (SQLAlchemyError, CitedeskError, OSError):  # in a thread of its own nobody else would hear of it
            _LOG.exception("ingest_run_not_recorded", run=self._run, exit_code=code)

    def _unsaid(self, code: int) -> RunEnding:
        """The ending of a child that wrote none: it was killed, or failed before it could open the record."""
        live = VersionStore(self._settings.data).current_id()
        last = self._said.read_bytes()[-_LAST_WORDS:].decode(errors="replace").strip() if self._said.exists() else ""
        words = f" Its last words: {last}" if last else ""
        if code < 0:
            return RunEnding("died", None, live, problem=f"The process was ended by signal {-code}. The live version is whole.{words}")
        problem = f"The process ended with exit code {code} and could not record the run.{words}"
        return RunEnding("failed", code or 1, live, problem=problem)

    def _tell(self) -> None:
        run, webhook = self._store.get(self._run), Webhook.of(self._settings)
        if run is not None and webhook is not None and is_failure(run, None):
            note = webhook.tell(run)
            if note is not None:
                self._store.set_notes(run.id, [note])
