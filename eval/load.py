"""Offers searches to a running server and counts what comes of them: so many a second, or so many at once.

``citedesk eval load``. Latencies of an offered rate count from the moment at which a request was due, so that a server that falls
behind cannot hide it; arrivals are a Poisson process.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from eval.load_client import Connection, Questions, Target

CONNECTIONS = 256
"""At most so many are open at once; what is due beyond that waits, and its waiting counts."""
K = 10
IDLE_SECONDS = 0.5
"""An idle server answers one question sooner than this."""
PATIENCE = 20


@dataclass
class Load:
    """What came of one load: ``rate`` requests offered a second, or ``concurrent`` at once. Latencies in seconds, of the answered ones."""

    rate: float | None = None
    concurrent: int | None = None
    seconds: float = 0.0
    failed: int = 0
    latencies: list[float] = field(default_factory=list)
    server_cpu: float = 0.0
    """Processor seconds of the server meanwhile."""

    @property
    def achieved(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def cpu_ms(self) -> float | None:
        """Processor milliseconds of the server for one answer."""
        return 1000 * self.server_cpu / len(self.latencies) if self.latencies else None

    def percentile(self, share: float) -> float | None:
        """The latency in milliseconds that ``share`` of the answers stayed below."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None

    def to_json(self) -> dict[str, float | int | None]:
        """The figures, without the single latencies."""
        times = {f"p{share}_ms": self.percentile(share / 100) for share in (50, 90, 99)}
        figures = {"achieved": self.achieved, "answered": len(self.latencies), "failed": self.failed, **times, "server_cpu_ms": self.cpu_ms}
        return {"rate": self.rate, "concurrent": self.concurrent} | {name: value and round(value, 2) for name, value in figures.items()}


def joined(loads: Sequence[Load]) -> Load:
    """Rounds of the same load as one."""
    first = loads[0]
    latencies = [latency for load in loads for latency in load.latencies]
    failed, seconds, cpu = (sum(figures) for figures in zip(*((load.failed, load.seconds, load.server_cpu) for load in loads), strict=True))
    return Load(first.rate, first.concurrent, seconds, int(failed), latencies, cpu)


async def offer(target: Target, questions: Questions, rate: float, seconds: float, seed: int = 0) -> Load:
    """Send ``rate`` requests a second for ``seconds``, whatever comes of them, and wait for the answers."""
    load = Load(rate=rate)
    idle = [Connection(target) for _ in range(CONNECTIONS)]
    free = asyncio.Semaphore(CONNECTIONS)
    chance = random.Random(seed)
    began = due = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        while (due := due + chance.expovariate(rate)) < began + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.create_task(_one(idle, free, questions.next(), due, load))
    load.seconds = time.perf_counter() - began
    await _close(idle)
    return load


async def keep_asking(target: Target, questions: Questions, concurrent: int, seconds: float) -> Load:
    """Keep ``concurrent`` requests under way for ``seconds``: each connection asks again as soon as it was answered."""
    load = Load(concurrent=concurrent)
    connections = [Connection(target) for _ in range(concurrent)]
    began = time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for connection in connections:
            tasks.create_task(_again(connection, questions, began + seconds, load))
    load.seconds = time.perf_counter() - began
    await _close(connections)
    return load


async def settle(target: Target, questions: Questions) -> None:
    """Wait until the server has worked off what its clients no longer wait for, so that the next load finds it idle."""
    connection = Connection(target)
    for _ in range(PATIENCE):
        began = time.perf_counter()
        if await connection.search(questions.next(), K) and time.perf_counter() - began < IDLE_SECONDS:
            break
    await connection.close()


async def _one(idle: list[Connection], free: asyncio.Semaphore, question: str, due: float, load: Load) -> None:
    async with free:
        connection = idle.pop()
        await _ask(connection, question, due, load)
        idle.append(connection)


async def _again(connection: Connection, questions: Questions, until: float, load: Load) -> None:
    while time.perf_counter() < until:
        await _ask(connection, questions.next(), time.perf_counter(), load)


async def _ask(connection: Connection, question: str, since: float, load: Load) -> None:
    if await connection.search(question, K):
        load.latencies.append(time.perf_counter() - since)
    else:
        load.failed += 1


async def _close(connections: Sequence[Connection]) -> None:
    for connection in connections:
        await connection.close()

