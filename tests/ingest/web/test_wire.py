"""Over real sockets on the loopback: TLS under the host's name, and servers that never come to an end."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import trustme

from ingest.web.access import WebAccess, WebLimits
from tests.ingest.web.fake_web import FakeNames, access, listed

AUTHORITY = trustme.CA()
"""An authority of this process, which nothing else trusts."""
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>x"
SHORT = WebLimits(total_seconds=0.6)
IMPATIENT = WebLimits(read_seconds=0.2)


class Rerouted(httpx.AsyncHTTPTransport):
    """Connects to another port: nobody but root may listen on 443."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        super().__init__(verify=context)
        self._port = port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(port=self._port)
        return await super().handle_async_request(request)


class Server:
    """Listens on the loopback with TLS and lets ``answer`` speak to each connection. Remembers names asked for and requests."""

    def __init__(self, answer: Callable[[ssl.SSLSocket], None]) -> None:
        self._answer = answer
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        AUTHORITY.issue_cert("shop.example").configure_cert(self._context)
        self._context.sni_callback = self._remember
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.names: list[str | None] = []
        self.requests: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _remember(self, connection: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        self.names.append(name)

    def _serve(self) -> None:
        with suppress(OSError):  # closed by `close`, or the client has gone
            while True:
                plain, _ = self._listener.accept()
                with suppress(OSError), self._context.wrap_socket(plain, server_side=True) as connection:
                    self.requests.append(connection.recv(65536))
                    self._answer(connection)

    def close(self) -> None:
        """Ends the thread: a last connection wakes it up."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


@contextmanager
def serving(answer: Callable[[ssl.SSLSocket], None]) -> Iterator[Server]:
    server = Server(answer)
    try:
        yield server
    finally:
        server.close()


def reaching(server: Server, limits: WebLimits | None = None) -> WebAccess:
    """Access to the server as if 127.0.0.1 were a public address, trusting its certificate."""
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    web = Rerouted(server.port, context)
    return replace(access(web, FakeNames(["127.0.0.1"]), limits), is_public=lambda ip: ip == "127.0.0.1")


def say(*pieces: bytes) -> Callable[[ssl.SSLSocket], None]:
    def answer(connection: ssl.SSLSocket) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return answer


def drip(connection: ssl.SSLSocket) -> None:
    """A byte of a header every now and then: no single read is late."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    with suppress(OSError):
        while True:
            connection.sendall(b"x")
            threading.Event().wait(0.05)


def stall(connection: ssl.SSLSocket) -> None:
    with suppress(OSError):
        connection.recv(1)


def test_the_connection_goes_to_the_checked_address_under_the_hosts_name(tmp_path: Path) -> None:
    with serving(say(ANSWER)) as server:
        listing = listed(tmp_path, reaching(server), "https://shop.example/returns")
    assert [file.path for file in listing.files] == ["shop.example/returns.html"], listing.refused
    assert server.names == ["shop.example"]
    assert server.requests[0].startswith(b"GET /returns HTTP/1.1\r\nHost: shop.example\r\n")


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    with serving(say(ANSWER)) as server:
        listing = listed(tmp_path, reaching(server), "https://xn--fsqu00a.example/")
    assert server.names == ["xn--fsqu00a.example"] and not server.requests
    assert "certificate" in listing.refused[0].reason.lower()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (stall, "could not be fetched"),
        (say(ANSWER.replace(b": 4", b": 9")), "could not be fetched"),
        (say(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"), "could not be fetched"),
        (say(b"SSH-2.0-OpenSSH_9.9\r\n"), "could not be fetched"),
        (say(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000), "could not be fetched"),
        (say(), "could not be fetched"),
    ],
    ids=["stall", "cut", "two lengths", "no HTTP", "endless header", "nothing"],
)
def test_servers_that_do_not_answer_as_they_should(tmp_path: Path, answer: Callable[[ssl.SSLSocket], None], sentence: str) -> None:
    with serving(answer) as server:
        listing = listed(tmp_path, reaching(server, IMPATIENT), "https://shop.example/a")
    assert not listing.files and sentence in listing.refused[0].reason


def test_a_server_that_is_never_late_and_never_done(tmp_path: Path) -> None:
    with serving(drip) as server:
        listing = listed(tmp_path, reaching(server, SHORT), "https://shop.example/a")
    assert "within 0.6 s" in listing.refused[0].reason
