"""Clients that go away, streamed and not, at every moment: the language model is told within a second, and nothing is left over.

    pytest -m soak tests/reliability/test_leaving.py -s

The model here never ends an answer by itself, so that a connection to it that closes is one that Citedesk has closed.
"""

import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.reliability.load import HEALTH, Wire, question, share
from tests.reliability.paced_llm import PacedLlm
from tests.reliability.serving import Served, eventually, served
from tests.server import shop

AT_ONCE = 8
POOL_THREADS = 8
MOMENTS = ("at once", "before a word", "in the middle", "in the queue")


@dataclass
class Departures:
    """How long each closing took, by the moment of leaving, in seconds."""

    seconds: list[float] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, moment: str, seconds: float) -> None:
        self.seconds.append(seconds)
        self.counts[moment] = self.counts.get(moment, 0) + 1

    def __str__(self) -> str:
        times = " / ".join(f"{share(self.seconds, part) * 1000:.0f} ms" for part in (0.5, 0.99, 1.0))
        return f"{len(self.seconds)} clients left ({self.counts}); the model's connection closed after {times} (median, p99, max)"


class Leaving:
    """Sends clients that leave. All of a round leave at the same moment of their answers; then the model must be alone."""

    def __init__(self, server: Served, llm: PacedLlm) -> None:
        self._server = server
        self._llm = llm
        self._number = 0
        self._dice = random.Random(7)
        self.departures = Departures()

    async def round(self, moment: str) -> None:
        self._llm.silent = moment == "before a word"
        many = AT_ONCE + 2 if moment == "in the queue" else AT_ONCE
        wires = [await self._ask(stream=number % 2 == 0) for number in range(many)]
        if moment == "at once":
            await asyncio.sleep(self._dice.random() / 20)
        else:
            await eventually(lambda: self._llm.running == AT_ONCE)
        before = time.monotonic()
        for wire in wires:
            wire.writer.transport.abort() if self._dice.random() < 0.5 else wire.writer.close()
        await eventually(lambda: self._llm.running == 0 and self._idle(moment))
        for _ in wires:
            self.departures.add(moment, time.monotonic() - before)

    def _idle(self, moment: str) -> bool:
        """Who left at once may not have reached the model yet; what it has then is closed when it comes."""
        return moment != "at once" or self._server.holdings()["running"] == 0

    async def _ask(self, stream: bool) -> Wire:
        self._number += 1
        wire = await Wire.open(self._server.port)
        wire.writer.write(question(self._server.keys[self._number % 2], self._number, stream))
        await wire.writer.drain()
        return wire


async def leave(tmp_path: Path, rounds: int) -> Departures:
    data = tmp_path / "data"
    shop.publish(data)
    async with PacedLlm(AT_ONCE, 3600) as llm:
        with served(data, llm_url=llm.base_url, llm_model="fake", max_answers=AT_ONCE, queue_length=8, queue_seconds=60) as server:
            leaving = Leaving(server, llm)
            await _is_up(server)
            idle = server.holdings()["tasks"]
            for moment in MOMENTS:  # what is made once and kept, threads and caches, is there afterwards
                await leaving.round(moment)
            await eventually(lambda: server.holdings()["tasks"] <= idle, lambda: f"{server.holdings()}, once {idle} tasks")
            before, memory = server.holdings(), server.memory()
            leaving.departures = Departures()
            for number in range(rounds):
                await leaving.round(MOMENTS[number % len(MOMENTS)])
            await eventually(lambda: _no_more(server.holdings(), before), lambda: f"{server.holdings()} after {before}")
            assert (before["running"], before["waiting"], llm.running) == (0, 0, 0)
            assert server.memory() - memory < 50 * (1 << 20)
            await _answers_as_ever(server, llm)
    return leaving.departures


async def _is_up(server: Served) -> None:
    """Its loop runs: only then it can be asked for its tasks."""
    wire = await Wire.open(server.port)
    assert (await wire.exchange(HEALTH)).status == 200
    await wire.close()


def _no_more(now: dict[str, int], before: dict[str, int]) -> bool:
    """No more tasks and turns; connections kept for the next question, and the threads of pools that had not been full, may differ."""
    none_more = all(now[name] <= before[name] for name in ("tasks", "running", "waiting"))
    return none_more and now["files"] <= before["files"] + 2 and now["threads"] <= before["threads"] + POOL_THREADS


async def _answers_as_ever(server: Served, llm: PacedLlm) -> None:
    """Every place is free: so many answers at once come through a queue in which nobody may stand long."""
    llm.seconds, llm.silent = 0.05, False
    wires = [await Wire.open(server.port) for _ in range(AT_ONCE)]
    asked = [wire.exchange(question(server.keys[0], number)) for number, wire in enumerate(wires)]
    assert [response.status for response in await asyncio.gather(*asked)] == [200] * AT_ONCE
    for wire in wires:
        await wire.close()


@pytest.mark.slow
async def test_who_leaves_takes_the_model_with_him(tmp_path: Path) -> None:
    departures = await leave(tmp_path, rounds=8)
    assert len(departures.seconds) >= 64


@pytest.mark.soak
async def test_a_thousand_leave_within_a_second_each(tmp_path: Path) -> None:
    departures = await leave(tmp_path, rounds=120)
    print(f"\n{departures}")  # noqa: T201 - the figure that docs/log.md has
    assert len(departures.seconds) >= 1000
    assert max(departures.seconds) < 1.0
