"""Starts `tests.reliability.served` and looks at its process from outside."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.serving import ServerProcess

_SECONDS = 60
_STOP_SECONDS = 15


@dataclass(frozen=True)
class Served:
    """A server process, and two keys for it."""

    server: ServerProcess
    url: str
    keys: list[str]

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        return self.server.process

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
        told = len(self.server.lines())
        self.process.send_signal(signal.SIGUSR1)
        threads = len(os.listdir(f"/proc/{self.process.pid}/task"))
        return self.server.line(told, _SECONDS) | {"threads": threads, "files": self.files()}


@contextmanager
def served(data: Path, **settings: Any) -> Iterator[Served]:
    """A server over ``data``. Its log goes to ``data/../served.log``; it is stopped at the end, by force if need be."""
    server = ServerProcess("tests.reliability.served", str(data), json.dumps(settings), folder=data.parent, name="served")
    try:
        yield Served(server, **server.line(0, _SECONDS))
    finally:
        server.stop(_STOP_SECONDS)


async def eventually(condition: Callable[[], bool], otherwise: Callable[[], str] = str, seconds: float = 30.0) -> None:
    """Wait until ``condition`` is true, far longer than is asked for, so that a slow machine is told from a leak.

    ``otherwise`` tells what is the case if it never comes true.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it never came true {otherwise()}"
        await asyncio.sleep(0.005)
