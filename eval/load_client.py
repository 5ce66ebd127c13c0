"""A cheap HTTP client for loads: one keep-alive connection a time, a question in, a status out. It shares the cores with what it loads."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

TIMEOUT = 30.0
"""Seconds after which a request counts as failed."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where searches are sent: a server on this machine, and a key for it."""

    port: int
    key: str
    host: str = "127.0.0.1"

    def request(self, question: str, k: int) -> bytes:
        """The bytes of one ``POST /v1/search``."""
        body = orjson.dumps({"query": question, "k": k})
        head = (
            f"POST /v1/search HTTP/1.1\r\nhost: {self.host}\r\nauthorization: Bearer {self.key}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


class Connection:
    """One connection to ``target``, opened at its first request and again after a failure."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def search(self, question: str, k: int) -> bool:
        """Whether ``question`` was answered with status 200 and as many bytes as announced, within `TIMEOUT`."""
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._exchange(self._target.request(question, k)) == 200
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            await self.close()
            return False

    async def _exchange(self, request: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._target.host, self._target.port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]))
        return int(head.split(b" ", 2)[1])

    async def close(self) -> None:
        """Give the connection back."""
        if self._streams is not None:
            _, writer = self._streams
            self._streams = None
            writer.transport.abort()


class Questions:
    """Distinct questions of shoppers, or the same few again and again. Questions never repeat across phases of one measurement."""

    def __init__(self, distinct: bool) -> None:
        self._numbers = iter(range(1 << 60)) if distinct else _cycle(REPEATED)

    def next(self) -> str:
        """The next question: English and Chinese by turns, ten to twenty tokens long."""
        return question(next(self._numbers))


REPEATED = 50
_ENGLISH = (
    "Can {thing} be returned after {n} days if the box is open?",
    "How many months of warranty does {thing} have, order {n}?",
    "{thing} arrived damaged {n} hours ago, whom do I tell?",
    "What does it cost to have {thing} collected from floor {n}?",
)
_CHINESE = (
    "{thing}签收{n}天后还能退货吗？",
    "订单{n}的{thing}保修多久？",
    "{thing}到货时坏了，{n}小时内要告诉谁？",
    "从{n}楼取回{thing}要收多少钱？",
)
_THINGS = ("the kettle", "the heater", "a gift card", "your parcel", "the camera"), ("水壶", "取暖器", "礼品卡", "包裹", "摄像头")


def question(number: int) -> str:
    """Question ``number``: different for each number."""
    templates, things = ((_ENGLISH, _THINGS[0]), (_CHINESE, _THINGS[1]))[number % 2]
    rest = number // 2
    return templates[rest % 4].format(thing=things[rest // 4 % 5], n=rest // 20 + 1)


def _cycle(count: int) -> Iterator[int]:
    while True:
        yield from range(count)

