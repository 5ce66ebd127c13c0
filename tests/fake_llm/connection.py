"""One HTTP/1.1 connection of the fake server: requests in, raw bytes out."""

import asyncio
import json
import socket
import struct
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Request:
    """What a client sent. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any

    @property
    def model(self) -> str:
        return str(self.body["model"])


class Connection:
    """Reads requests, and writes whatever is wanted, valid HTTP or not."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def request(self) -> Request | None:
        """The next request, None when the client has closed."""
        try:
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.rstrip().split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        raw = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Request(method, path, headers, json.loads(raw) if raw else None)

    async def respond(self, status: str, content: bytes, kind: str = "application/json", headers: str = "") -> None:
        """A whole response."""
        head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(content)}\r\n{headers}\r\n"
        await self.write(head.encode() + content)

    async def respond_json(self, body: Any, status: str = "200 OK", headers: str = "") -> None:
        await self.respond(status, json.dumps(body).encode(), headers=headers)

    async def begin_stream(self) -> None:
        """The head of an event stream in chunked encoding."""
        await self.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n")

    async def send(self, part: bytes) -> None:
        """A part of the stream, sent at once."""
        await self.write(b"%x\r\n%b\r\n" % (len(part), part))

    async def end_stream(self) -> None:
        await self.write(b"0\r\n\r\n")

    async def write(self, raw: bytes) -> None:
        self._writer.write(raw)
        await self._writer.drain()

    async def silence(self) -> None:
        """Say nothing until the client has gone."""
        while await self._reader.read(1024):
            continue

    def reset(self) -> None:
        """Break the connection off with a TCP reset."""
        sock: socket.socket = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
