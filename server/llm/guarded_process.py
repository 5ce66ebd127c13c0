"""A server as a child process that ends when this process ends, with everything it started (see `server.llm.guardian`)."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

GUARDIAN = Path(__file__).with_name("guardian.py")
MARGIN_SECONDS = 5.0
"""What the guardian itself gets to end, after the grace of its server."""
LARGEST_LOG = 10 << 20


@dataclass(frozen=True, slots=True)
class ServerProgram:
    """What to run: the command, all of its environment variables, the folder to run in, and the file for its output."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path


class GuardedProcess:
    """A running `ServerProgram`. Not for use from several threads at once."""

    def __init__(self, program: ServerProgram, grace: float) -> None:
        """Start it. ``grace``: how many seconds it gets to end after SIGTERM. Raises OSError when it cannot be started."""
        self._grace = grace
        make_room(program.log)
        watcher = [sys.executable, "-I", "-S", str(GUARDIAN), str(os.getpid()), str(grace)]
        with program.log.open("ab") as out:
            self._guardian = subprocess.Popen(
                [*watcher, *program.command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=out,
                env=dict(program.environment),
                cwd=program.folder,
                start_new_session=True,
            )
        assert self._guardian.stdout is not None
        line = self._guardian.stdout.readline()
        self.pid = int(line) if line else None
        """The server's process id, and its group's; None when it could not be started at all."""

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None if it still runs after ``seconds``. More than 128: the signal that ended it, plus 128."""
        try:
            code = self._guardian.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self._clear_away()
        return code

    def stop(self) -> None:
        """End the server and everything it started: SIGTERM, and SIGKILL after the grace."""
        assert self._guardian.stdin is not None
        self._guardian.stdin.close()
        if self.wait(self._grace + MARGIN_SECONDS) is None:
            self._guardian.kill()
            self._guardian.wait()
            self._clear_away()

    def _clear_away(self) -> None:
        """The guardian leaves nothing behind, unless it was killed itself."""
        if self.pid is not None and self._guardian.returncode < 0:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        for pipe in (self._guardian.stdin, self._guardian.stdout):
            assert pipe is not None
            pipe.close()


def make_room(log: Path) -> None:
    """Make the folder of ``log``; a large one becomes its own predecessor, ``<name>.1``."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_name(f"{log.name}.1"))
