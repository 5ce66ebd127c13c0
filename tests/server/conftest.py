"""The shop's services, and a real server on a loopback port."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from openai import OpenAI

from kb.encoders.hashing import HashingEncoder
from rag.readers.word_reader import WordClaimReader, WordReader
from server.app import create_app
from server.http_server import http_server
from server.services import Services, open_services
from server.settings import Settings
from server.state.default_keys import INTERNAL_SCOPES, PUBLIC_SCOPES
from server.watching.watch import Watch
from tests.seeded import PERSONAL, SECRETS, plant
from tests.server import shop

Start = Callable[..., "Running"]
WatchMaker = Callable[[Services], Watch]


@dataclass(frozen=True)
class Running:
    """A server that listens, its services, and keys for it. ``clients`` are closed when it stops."""

    url: str
    services: Services
    public_key: str
    internal_key: str
    clients: ExitStack = field(default_factory=ExitStack)

    def http(self, internal: bool = False) -> httpx.Client:
        key = self.internal_key if internal else self.public_key
        # Plain HTTP: loading the certificate authorities would take longer than most tests.
        # What must never be written down goes with every request (tests/seeded.py).
        headers = {"Authorization": f"Bearer {key}", "Cookie": f"session={SECRETS['cookie']}", "From": PERSONAL["e-mail"]}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20, verify=False)

    def openai(self, internal: bool = False, **options: Any) -> OpenAI:
        key = self.internal_key if internal else self.public_key
        client = OpenAI(base_url=f"{self.url}/v1", api_key=key, max_retries=0, timeout=20, **options)
        return self.clients.enter_context(client)


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Log lines as JSON on standard output, where `capsys` finds them."""
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, structlog.processors.JSONRenderer(default=str)])
    yield
    structlog.reset_defaults()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one version of the shop."""
    folder = tmp_path / "data"
    shop.publish(folder)
    return folder


@pytest.fixture
def empty_data(tmp_path: Path) -> Path:
    return tmp_path / "empty"


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers: ``start(data, answerer=…, watch=…, **settings)``. They stop when the test ends."""
    stack: list[Any] = []

    def begin(data: Path, answerer: Any = None, watch: WatchMaker = Watch, **settings: Any) -> Running:
        running = _run(data, answerer, settings, watch)
        opened = running.__enter__()
        stack.append(running)
        return opened

    yield begin
    for running in reversed(stack):
        running.__exit__(None, None, None)


@contextmanager
def _run(data: Path, answerer: Any, settings: dict[str, Any], watch: WatchMaker = Watch) -> Iterator[Running]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        given: dict[str, Any] = {"data": data, "public_base_url": url, "refresh_seconds": 0.05}
        chosen = Settings(**(given | settings))
        with open_services(chosen, HashingEncoder(), WordReader(), WordClaimReader()) as services:
            if answerer is not None:
                services = replace(services, answerer=answerer)
            public = plant(services.keys.create_key("public", "public", PUBLIC_SCOPES).secret)
            internal = plant(services.keys.create_key("internal", "internal", INTERNAL_SCOPES).secret)
            with _serving(services, listener, watch(services)), ExitStack() as clients:
                yield Running(url, services, public, internal, clients)


@contextmanager
def _serving(services: Services, listener: socket.socket, watch: Watch) -> Iterator[None]:
    server = http_server(create_app(services, watch), drain_seconds=2)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the server did not stop"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One scripted server for a whole file, for tests that leave it as it was."""
    folder = tmp_path_factory.mktemp("shared")
    shop.publish(folder)
    with _run(folder, shop.ScriptedAnswerer(shop.scripted_answer()), {}) as opened:
        yield opened


@pytest.fixture(scope="module")
def scripted(shared: Running) -> Running:
    """The same, where what it says is the point: it always gives `shop.scripted_answer`."""
    return shared


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server with the real search and answering for a whole file."""
    folder = tmp_path_factory.mktemp("running")
    shop.publish(folder)
    with _run(folder, None, {}) as opened:
        yield opened
