"""A real ``citedesk serve`` in a process of its own."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.conformance.target import Keys, Target
from tests.serving import STARTUP_SECONDS, ServerProcess, surroundings
from tests.source import ROOT

PROGRAM = "tests.conformance.launch"


def citedesk(*arguments: str, environment: dict[str, str]) -> dict[str, Any]:
    """Run a command to its end; the JSON object of its last line."""
    command = [sys.executable, "-m", PROGRAM, *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings(**environment), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


class Served(Target):
    """The server, from its start to its end. ``folder`` keeps what it prints and logs; ``settings`` are its own."""

    def __init__(self, data: Path, cache: Path, folder: Path, keys: Keys, **settings: str) -> None:
        super().__init__(keys, "")
        serve = ("serve", "--data", str(data), "--port", "0", "--json")
        self._server = ServerProcess(PROGRAM, *serve, folder=folder, **environment(cache, **settings))

    @property
    def url(self) -> str:
        """Where it listens. Waits until it does."""
        if not self._url:
            deadline = time.monotonic() + STARTUP_SECONDS
            url = self._server.line()["url"]
            while not _answers(f"{url}/healthz"):
                self._server.still_going(deadline)
            self._url = url
        return self._url

    def logged(self) -> list[dict[str, Any]]:
        """The log so far; lines that are no JSON would fail here, and are a fault."""
        return [json.loads(line) for line in self._server.log.read_text().splitlines() if line.startswith("{")]

    def requests(self, path: str = "/v1/chat/completions") -> list[dict[str, Any]]:
        """The requests that the server has logged."""
        return [line for line in self.logged() if line.get("event") == "request" and line.get("path") == path]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server.stop(60), f"it did not stop:\n{self._server.end_of_log()}"


def environment(cache: Path, **settings: str) -> dict[str, str]:
    """The settings of a process of ours: ``settings`` and no other."""
    return {"CITEDESK_CACHE": str(cache)} | {f"CITEDESK_{name.upper()}": value for name, value in settings.items()}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
