"""The clients of others, each in a process and an environment of its own."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tests.source import ROOT

HERE = Path(__file__).parent / "clients"
PYTHON_CLIENTS = {
    "openai-python 2": ("openai-2", "openai_python"),
    "openai-python 3": ("openai-3", "openai_python"),
    "LangChain": ("langchain", "langchain_client"),
    "LiteLLM": ("litellm", "litellm_client"),
}
NODE_CLIENTS = {
    "openai-node": ("openai_node.mjs",),
    "ai-sdk openai": ("ai_sdk.mjs", "openai"),
    "ai-sdk compatible": ("ai_sdk.mjs", "openai-compatible"),
}
SDKS = ("openai-python 2", "openai-python 3", "openai-node")
"""Those of OpenAI: they understand every operation."""
CLIENTS = (*PYTHON_CLIENTS, *NODE_CLIENTS)


@dataclass(eq=False)  # not frozen: Python writes the traceback into it
class ClientError(Exception):
    """What a client raised, and what it makes known of the response."""

    kind: str
    message: str
    status: int | None
    code: str | None
    param: str | None
    type: str | None
    request_id: str | None
    headers: Mapping[str, str]


class Worker:
    """One client's process. Starts at once; the first call waits until it is ready."""

    def __init__(self, name: str, folder: Path, log: Path) -> None:
        self.name = name
        self.versions: dict[str, str] = {}
        self._log: IO[bytes] = log.open("wb")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
        self._process = subprocess.Popen(
            command_of(name, folder), cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )

    def ready(self) -> None:
        """Wait until the client's packages are loaded."""
        if not self.versions:
            self.versions = self._read()

    def call(self, op: str, base_url: str, key: str, **arguments: Any) -> Any:
        """What the client's operation gives. Raises ClientError with what it raised."""
        self.ready()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"op": op, "base_url": base_url, "key": key, "arguments": arguments}) + "\n")
        self._process.stdin.flush()
        reply = self._read()
        if "error" in reply:
            told = reply["error"]
            rest = {name: told[name] for name in ("message", "code", "param", "type", "request_id", "headers")}
            raise ClientError(kind=told["class"], status=told["status_code"], **rest)
        return reply["value"]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"{self.name} ended: {Path(str(self._log.name)).read_text()[-2000:]}"
        reply: dict[str, Any] = json.loads(line)
        return reply

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                stream.close()
        self._process.terminate()
        self._process.wait(20)


def kind_of(name: str) -> str:
    """The client that runs in the process ``name``: a second one of a kind has a word of its own behind a comma."""
    return name.partition(",")[0]


def environment_of(name: str) -> str:
    """The name of the environment that client ``name`` runs in."""
    kind = kind_of(name)
    return "node" if kind in NODE_CLIENTS else PYTHON_CLIENTS[kind][0]


def command_of(name: str, folder: Path) -> list[str]:
    """The command line of client ``name``, whose environments are below ``folder``."""
    kind = kind_of(name)
    if kind in NODE_CLIENTS:
        script, *rest = NODE_CLIENTS[kind]
        return ["node", str(HERE / script), str(folder / "node"), *rest]
    environment, module = PYTHON_CLIENTS[kind]
    return [str(folder / environment / "bin" / "python"), "-m", f"tests.conformance.clients.{module}"]


def pinned(name: str) -> dict[str, str]:
    """The versions that client ``name`` must have, by package."""
    if kind_of(name) in NODE_CLIENTS:
        packages: dict[str, str] = json.loads((HERE / "package.json").read_text())["dependencies"]
        return packages
    lines = (HERE / f"{environment_of(name)}.txt").read_text().splitlines()
    return dict(line.split("==") for line in lines if "==" in line)
