import asyncio

import pytest

from kb.errors import GenerationError
from rag.llm.breaker import MAX_FAILING_SECONDS, PROBE_SECONDS, PROGRESS_SECONDS, Breaker


class Model:
    """A model that is down or not, in a world in which time passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.down = True
        self.slow = 0.0
        self.probes: list[float] = []

    async def probe(self) -> None:
        self.probes.append(self.now)
        self.now += self.slow
        if self.down:
            raise GenerationError("down")

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    def breaker(self) -> Breaker:
        return Breaker(self.probe, lambda: self.now, self.sleep)


async def recovered(breaker: Breaker) -> None:
    async with asyncio.timeout(1):
        while breaker.is_open:
            await asyncio.sleep(0)


async def test_three_failures_in_a_row_open_it() -> None:
    breaker = Model().breaker()
    for expected in (False, False, True):
        breaker.failed(breaker.admit(), "down")
        assert breaker.is_open is expected
    with pytest.raises(GenerationError, match="tried again every 5 seconds"):
        breaker.admit()
    await breaker.aclose()


async def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = Model().breaker()
    for _ in range(5):
        breaker.failed(breaker.admit(), "down")
        breaker.failed(breaker.admit(), "down")
        breaker.succeeded()
    assert not breaker.is_open


async def test_one_request_that_hung_for_too_long_opens_it() -> None:
    model = Model()
    breaker = model.breaker()
    started = breaker.admit()
    model.now += MAX_FAILING_SECONDS
    breaker.failed(started, "down")
    assert breaker.is_open
    await breaker.aclose()


async def test_a_hung_request_beside_a_served_one_does_not() -> None:
    model = Model()
    breaker = model.breaker()
    started = breaker.admit()
    model.now += MAX_FAILING_SECONDS - 1
    breaker.progressed()
    model.now += 1
    breaker.failed(started, "down")
    assert not breaker.is_open


async def test_a_busy_server_that_serves_others_is_not_down() -> None:
    model = Model()
    breaker = model.breaker()
    breaker.progressed()
    for _ in range(10):
        breaker.failed(breaker.admit(), "busy")
    assert not breaker.is_open
    model.now += PROGRESS_SECONDS
    for _ in range(3):
        breaker.failed(breaker.admit(), "busy")
    assert breaker.is_open
    await breaker.aclose()


async def test_what_was_asked_wrongly_says_nothing_about_the_server() -> None:
    breaker = Model().breaker()
    for _ in range(10):
        breaker.failed(breaker.admit(), "refused")
    assert not breaker.is_open


@pytest.mark.parametrize("slow", [0.0, 2.0])
async def test_it_probes_every_five_seconds_and_closes_on_the_first_success(slow: float) -> None:
    model = Model()
    model.slow = slow
    breaker = model.breaker()
    for _ in range(3):
        breaker.failed(breaker.admit(), "down")
    while len(model.probes) < 3:
        await asyncio.sleep(0)
    model.down = False
    await recovered(breaker)
    assert model.probes == [1000.0 + PROBE_SECONDS * number for number in range(1, 5)]
    breaker.admit()


async def test_closing_it_stops_the_probes() -> None:
    model = Model()
    breaker = model.breaker()
    for _ in range(3):
        breaker.failed(breaker.admit(), "down")
    before = len(asyncio.all_tasks())
    await breaker.aclose()
    assert len(asyncio.all_tasks()) == before - 1
