"""The load generator: what it sends, what it counts, and that a server which falls behind cannot hide it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
import pytest

from eval.load import Load, joined, keep_asking, offer, settle
from eval.load_client import Questions, Target, question

Answer = Callable[[dict[str, object]], Awaitable[bytes]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@asynccontextmanager
async def serving(answer: Answer, seen: list[str]) -> AsyncIterator[Target]:
    """A server that answers every search with ``answer`` and notes the questions."""
    busy: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                assert b"authorization: Bearer k\r\n" in head
                body = orjson.loads(await reader.readexactly(int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])))
                seen.append(body["query"])
                writer.write(await answer(body))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the generator has gone
        finally:
            writer.close()
            busy.discard(task)

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield Target(server.sockets[0].getsockname()[1], "k")
    while busy:
        await asyncio.sleep(0.01)


async def _at_once(_body: dict[str, object]) -> bytes:
    return OK


async def test_an_offered_rate_is_sent_and_every_answer_counted() -> None:
    seen: list[str] = []
    async with serving(_at_once, seen) as target:
        load = await offer(target, Questions(True), 200, 0.5, seed=3)
    assert len(load.latencies) == len(seen) == len(set(seen))
    assert 50 < len(seen) < 200
    assert (load.failed, load.rate) == (0, 200)


async def test_latencies_count_from_when_a_request_was_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """One connection and answers that take a while: what waits for its turn has waited, and says so."""
    monkeypatch.setattr("eval.load.CONNECTIONS", 1)
    gate = asyncio.Event()

    async def slow(_body: dict[str, object]) -> bytes:
        await gate.wait()
        return OK

    async def open_later() -> None:
        await asyncio.sleep(0.4)
        gate.set()

    async with serving(slow, []) as target:
        load, _ = await asyncio.gather(offer(target, Questions(True), 100, 0.2), open_later())
    assert min(load.latencies) >= 0.15


async def test_so_many_at_once_are_kept_under_way() -> None:
    seen: list[str] = []
    async with serving(_at_once, seen) as target:
        load = await keep_asking(target, Questions(False), 3, 0.2)
        await settle(target, Questions(False))
    assert len(load.latencies) == len(seen) - 1
    assert set(seen) <= {question(number) for number in range(50)}


async def test_refusals_and_broken_connections_are_failures() -> None:
    replies = iter([b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", b"nonsense\r\n\r\n"])

    async def failing(_body: dict[str, object]) -> bytes:
        return next(replies, OK)

    async with serving(failing, []) as target:
        load = await keep_asking(target, Questions(True), 1, 0.2)
    assert load.failed == 2
    assert load.latencies


def test_figures() -> None:
    first = Load(rate=10, seconds=2.0, failed=1, latencies=[0.010] * 99, server_cpu=0.5)
    both = joined([first, Load(rate=10, seconds=2.0, latencies=[0.5], server_cpu=0.5)])
    assert (both.achieved, both.failed, both.cpu_ms) == (25.0, 1, 10.0)
    assert (both.percentile(0.5), both.percentile(0.99)) == (10.0, 500.0)
    assert both.to_json()["p99_ms"] == 500.0
    assert (Load().achieved, Load().percentile(0.5), Load().cpu_ms) == (0.0, None, None)


def test_questions_never_repeat_unless_they_are_to() -> None:
    distinct, repeated = Questions(True), Questions(False)
    assert len({distinct.next() for _ in range(5000)}) == 5000
    assert len({repeated.next() for _ in range(5000)}) == 50
