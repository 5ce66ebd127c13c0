"""HTTP by hand over a socket: what was sent byte by byte, and when each piece of the response came."""

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

SECONDS = 180.0


@dataclass(frozen=True)
class Piece:
    """What one read of the socket gave. ``at`` is a reading of `time.monotonic`."""

    at: float
    content: bytes


@dataclass
class RawResponse:
    """A response as it came. ``body`` is free of the chunked encoding."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    pieces: list[Piece] = field(default_factory=list)
    closed: bool = False
    """Whether the body ended as HTTP says it must."""

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def events(self) -> list[str]:
        """The events of a stream; the empty text after the last one shows that it was ended by a blank line."""
        return self.body.decode("utf-8").split("\n\n")

    @property
    def chunks(self) -> list[dict[str, Any]]:
        return [json.loads(event.removeprefix("data: ")) for event in self.events if event.startswith("data: {")]


def encoded(body: Any) -> bytes:
    """Bytes as they are, all else as JSON."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def send(
    url: str, content: bytes, headers: dict[str, str], method: str = "POST", on_piece: Callable[[Piece], None] | None = None
) -> RawResponse:
    """Send one request on a connection of its own and read the response to its end."""
    with opened(url, content, headers, method) as connection:
        return _read(connection, on_piece or (lambda piece: None))


def opened(url: str, content: bytes, headers: dict[str, str], method: str = "POST") -> socket.socket:
    """A connection on which the request has been sent and nothing was read. The caller closes it."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    sent = {"Host": parts.netloc, "Connection": "close", "Content-Length": str(len(content))} | headers
    head = f"{method} {parts.path or '/'} HTTP/1.1\r\n" + "".join(f"{key}: {value}\r\n" for key, value in sent.items()) + "\r\n"
    connection = socket.create_connection((parts.hostname, parts.port or (443 if secure else 80)), timeout=SECONDS)
    if secure:
        connection = ssl.create_default_context().wrap_socket(connection, server_hostname=parts.hostname)
    connection.sendall(head.encode() + content)
    return connection


def _read(connection: socket.socket, on_piece: Callable[[Piece], None]) -> RawResponse:
    pieces: list[Piece] = []
    try:
        while content := connection.recv(65536):
            pieces.append(Piece(time.monotonic(), content))
            on_piece(pieces[-1])
    except ConnectionResetError:  # a server that refuses a large body closes while it is still being sent
        if not pieces:
            raise
    return _response(pieces)


def _response(pieces: list[Piece]) -> RawResponse:
    head, _, rest = b"".join(piece.content for piece in pieces).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    response = RawResponse(int(first.split(" ")[1]), headers, rest, pieces)
    if response.header("transfer-encoding") == "chunked":
        parts = list(_unchunked(rest))
        response.closed = bool(parts) and parts[-1] == b""
        response.body = b"".join(parts)
    else:
        response.closed = len(rest) == int(response.header("content-length") or -1)
    return response


def _unchunked(rest: bytes) -> Iterator[bytes]:
    """The parts; an empty one last when the encoding was ended as it must be."""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        length = int(size, 16)
        yield rest[:length]
        rest = rest[length + 2 :]
        if length == 0:
            return
