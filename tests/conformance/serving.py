"""A real ``citedesk serve`` in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.conformance import raw
from tests.source import ROOT

STARTUP_SECONDS = 600.0
MODEL = "citedesk"


@dataclass(frozen=True)
class Keys:
    """Secrets of API keys by what they may do."""

    public: str
    internal: str
    searching: str
    """May search, and not chat."""


def citedesk(*arguments: str, environment: dict[str, str]) -> dict[str, Any]:
    """Run a command to its end; the JSON object of its last line."""
    command = [sys.executable, "-m", "tests.conformance.launch", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


class Served:
    """The server, from its start to its end. ``folder`` keeps what it prints and logs; ``settings`` are its own."""

    def __init__(self, data: Path, cache: Path, folder: Path, keys: Keys, **settings: str) -> None:
        self.keys = keys
        self.log = folder / "server.log"
        self._said = folder / "server.out"
        self._url: str | None = None
        with self.log.open("wb") as log, self._said.open("wb") as said:
            command = [sys.executable, "-m", "tests.conformance.launch", "serve", "--data", str(data), "--port", "0", "--json"]
            self._process = subprocess.Popen(command, cwd=ROOT, env=environment(cache, **settings), stdout=said, stderr=log)

    @property
    def url(self) -> str:
        """Where it listens. Waits until it does."""
        if self._url is None:
            deadline = time.monotonic() + STARTUP_SECONDS
            while not (said := self._said.read_text().strip()):
                self._still_starting(deadline)
            url = json.loads(said.splitlines()[-1])["url"]
            while not _answers(f"{url}/healthz"):
                self._still_starting(deadline)
            self._url = url
        return self._url

    def _still_starting(self, deadline: float) -> None:
        assert self._process.poll() is None and time.monotonic() < deadline, self.log.read_text()[-3000:]
        time.sleep(0.05)

    @property
    def base_url(self) -> str:
        """What an OpenAI client is given."""
        return f"{self.url}/v1"

    def post(self, body: Any, path: str = "/v1/chat/completions", **options: Any) -> raw.RawResponse:
        """Send ``body`` (bytes as they are, all else as JSON) with the public key over a socket."""
        headers = {"Authorization": f"Bearer {self.keys.public}", "Content-Type": "application/json"} | options.pop("headers", {})
        return raw.send(f"{self.url}{path}", raw.encoded(body), headers, **options)

    def get(self, path: str, key: str | None = None) -> raw.RawResponse:
        return raw.send(f"{self.url}{path}", b"", {"Authorization": f"Bearer {key or self.keys.public}"}, "GET")

    def logged(self) -> list[dict[str, Any]]:
        """The log so far; lines that are no JSON would fail here, and are a fault."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def requests(self, path: str = "/v1/chat/completions") -> list[dict[str, Any]]:
        """The requests that the server has logged."""
        return [line for line in self.logged() if line.get("event") == "request" and line.get("path") == path]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(20)
            raise


def environment(cache: Path, **settings: str) -> dict[str, str]:
    """The surroundings of a process of ours: no setting but ``settings``."""
    given = {f"CITEDESK_{name.upper()}": value for name, value in settings.items()}
    return {**os.environ, "PYTHONPATH": str(ROOT), "CITEDESK_CACHE": str(cache)} | given


def chat(question: str, **fields: Any) -> dict[str, Any]:
    """The body of a request for an answer to ``question``."""
    return {"model": MODEL, "messages": [{"role": "user", "content": question}]} | fields


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
