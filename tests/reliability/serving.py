"""Starts `tests.reliability.served` and looks at its process from outside."""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.source import ROOT

_SECONDS = 60


@dataclass(frozen=True)
class Served:
    """A server process, and two keys for it."""

    process: subprocess.Popen[str]
    url: str
    keys: list[str]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def memory(self) -> int:
        """What it holds in memory now, in bytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024

    def files(self) -> int:
        """How many files and sockets it holds open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def holdings(self) -> dict[str, int]:
        """The tasks of its loop, how many answers are under way and wait, its threads, and its open files and sockets."""
        self.process.send_signal(signal.SIGUSR1)
        threads = len(os.listdir(f"/proc/{self.process.pid}/task"))
        return _told(self.process) | {"threads": threads, "files": self.files()}


@contextmanager
def served(data: Path, **settings: Any) -> Iterator[Served]:
    """A server over ``data``. Its log goes to ``data/../served.log``; it is stopped at the end, by force if need be."""
    command = [sys.executable, "-m", "tests.reliability.served", str(data), json.dumps(settings)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (data.parent / "served.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            yield Served(process, **_told(process))
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()


async def eventually(condition: Callable[[], bool], otherwise: Callable[[], str] = str, seconds: float = 30.0) -> None:
    """Wait until ``condition`` is true, far longer than is asked for, so that a slow machine is told from a leak.

    ``otherwise`` tells what is the case if it never comes true.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it never came true {otherwise()}"
        await asyncio.sleep(0.005)


def _told(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], _SECONDS)
    line = process.stdout.readline() if ready else ""
    assert line, "the server says nothing: see served.log"
    told: dict[str, Any] = json.loads(line)
    return told
