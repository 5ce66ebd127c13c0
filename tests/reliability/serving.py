"""Starts `tests.reliability.served` and looks at its process from outside."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.source import ROOT

_START_SECONDS = 60


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

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/task"))


@contextmanager
def served(data: Path, **settings: Any) -> Iterator[Served]:
    """A server over ``data``. Its log goes to ``data/../served.log``; it is stopped at the end, by force if need be."""
    command = [sys.executable, "-m", "tests.reliability.served", str(data), json.dumps(settings)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (data.parent / "served.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            yield Served(process, **_hello(process))
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _hello(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], _START_SECONDS)
    line = process.stdout.readline() if ready else ""
    assert line, "the server did not start: see served.log"
    told: dict[str, Any] = json.loads(line)
    return told
