"""A server in a process of its own: started, listened to and stopped from outside. What it serves is its program's affair."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.source import ROOT

STARTUP_SECONDS = 600.0
"""A machine with much to do may need minutes to load the encoder; one whose process has ended is told at once."""
_TAIL = 3000


class ServerProcess:
    """The program ``module`` with ``arguments``, from now until `stop`. It prints a JSON object a line; the first says where it listens.

    ``folder`` keeps what it prints (``NAME.out``) and what it logs (``NAME.log``), to be read during and after the test.
    """

    def __init__(self, module: str, *arguments: str, folder: Path, name: str = "server", **environment: str) -> None:
        self.log = folder / f"{name}.log"
        self._said = folder / f"{name}.out"
        self._lines: list[str] = []
        self._read = 0
        self._lock = threading.Lock()
        with self.log.open("wb") as log, self._said.open("wb") as said:
            command = [sys.executable, "-m", module, *arguments]
            self.process = subprocess.Popen(command, cwd=ROOT, env=surroundings(**environment), stdout=said, stderr=log)

    def line(self, number: int = 0, seconds: float = STARTUP_SECONDS) -> dict[str, Any]:
        """Line ``number`` of what it prints. Waits until it is there; AssertionError, with the end of the log, when it never comes."""
        deadline = time.monotonic() + seconds
        while len(lines := self.lines()) <= number:
            self.still_going(deadline)
        told: dict[str, Any] = json.loads(lines[number])
        return told

    def lines(self) -> list[str]:
        """The whole lines that it has printed so far. Safe for several threads; a long file is read once."""
        with self._lock, self._said.open("rb") as said:
            said.seek(self._read)
            new = said.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._read += len(whole)
            self._lines += whole.decode().splitlines()
            return self._lines

    def still_going(self, deadline: float) -> None:
        """Wait a moment for what has not come yet. AssertionError, with the end of the log, when the process ended or the time is up."""
        code, late = self.process.poll(), time.monotonic() > deadline
        assert code is None and not late, f"{f'it ended with {code}' if code is not None else 'it says nothing'}:\n{self.end_of_log()}"
        time.sleep(0.01)

    def end_of_log(self) -> str:
        """The last of what it logged."""
        return self.log.read_text(errors="replace")[-_TAIL:]

    def stop(self, seconds: float) -> bool:
        """Ask it to stop. Whether it did within ``seconds``; if not, it was killed."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)
            return False


def surroundings(**environment: str) -> dict[str, str]:
    """What a process of ours finds around it: what this one does, and the tree to import from."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **environment}
