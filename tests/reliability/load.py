"""Offers a server requests at a fixed rate, however slowly it answers (an open loop): the way in which shoppers come.

Raw HTTP over kept connections: the generator shares the processor with what it measures, and must cost little of it.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

HEALTH = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"
_KEPT_SECONDS = 5.0
"""As long as httpx keeps connections."""
_HEALTH_PAUSE = 0.1
_LAG_PAUSE = 0.02


@dataclass
class Response:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """One kept connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, port: int) -> Self:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def exchange(self, request: bytes) -> Response:
        """Send, and read a response that tells its length."""
        self.writer.write(request)
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self.reader.readexactly(int(headers["content-length"]))
        return Response(int(first.split(" ")[1]), headers, body)

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


@dataclass
class Tally:
    """What a load met with. Times are in seconds."""

    offered: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    accepted: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    finished: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    """By how much the generator's own loop woke too late: that much of a time may be its own."""
    without_retry_after: int = 0
    broken: int = 0

    def count(self, response: Response, seconds: float, at: float) -> None:
        self.statuses[response.status] += 1
        if response.status == 200:
            self.accepted.append(seconds)
            self.finished.append(at)
        else:
            self.refused.append(seconds)
            self.without_retry_after += "retry-after" not in response.headers


def question(key: str, number: int, stream: bool = False) -> bytes:
    """A chat request as bytes; ``number`` makes it unlike the others."""
    text = f"How many days do I have to return the lamp of order {number}?"
    body = json.dumps({"model": "citedesk", "stream": stream, "messages": [{"role": "user", "content": text}]}).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Load:
    """Sends ``rate`` requests in each second for ``seconds`` to ``port``, with the ``keys`` in turn."""

    def __init__(self, port: int, keys: Sequence[str], rate: float, seconds: float) -> None:
        self._port = port
        self._keys = keys
        self._rate = rate
        self._seconds = seconds
        self._idle: list[tuple[Wire, float]] = []
        self.tally = Tally()

    async def run(self) -> Tally:
        """Offer the load, and wait until all has been answered."""
        watching = asyncio.gather(self._watch_health(), self._watch_itself())
        async with asyncio.TaskGroup() as group:
            began = time.monotonic()
            for number in range(round(self._rate * self._seconds)):
                await asyncio.sleep(began + number / self._rate - time.monotonic())
                self.tally.offered += 1
                group.create_task(self._ask(number, began))
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await asyncio.gather(*(wire.close() for wire, _ in self._idle))
        return self.tally

    async def _ask(self, number: int, began: float) -> None:
        started = time.monotonic()
        wire = await self._wire()
        try:
            response = await wire.exchange(question(self._keys[number % len(self._keys)], number))
        except (OSError, asyncio.IncompleteReadError):
            self.tally.broken += 1
            await wire.close()
            return
        now = time.monotonic()
        self.tally.count(response, now - started, now - began)
        self._idle.append((wire, now))

    async def _wire(self) -> Wire:
        """A kept connection, if one was used lately; the server hangs up on others, perhaps at this moment, and every client knows that."""
        if self._idle:
            wire, used = self._idle.pop()
            if time.monotonic() - used < _KEPT_SECONDS:
                return wire
            await wire.close()
        return await Wire.open(self._port)

    async def _watch_itself(self) -> None:
        while True:
            due = time.monotonic() + _LAG_PAUSE
            await asyncio.sleep(_LAG_PAUSE)
            self.tally.late.append(time.monotonic() - due)

    async def _watch_health(self) -> None:
        wire = await Wire.open(self._port)
        try:
            while True:
                started = time.monotonic()
                response = await wire.exchange(HEALTH)
                assert response.status == 200
                self.tally.health.append(time.monotonic() - started)
                await asyncio.sleep(_HEALTH_PAUSE)
        finally:
            wire.writer.close()


def share(values: Sequence[float], part: float) -> float:
    """The value below which ``part`` of the ``values`` lie; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0
