"""The queue: who runs, who waits, who is refused, and that nothing is lost whatever happens at the same moment."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import pytest

from server.errors import OverloadedError
from server.limits.admission import Admission


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Visitor:
    """Takes a turn and keeps it until told to leave."""

    def __init__(self, queue: Admission, who: str = "a") -> None:
        self.inside = asyncio.Event()
        self._leave = asyncio.Event()
        self.task = asyncio.create_task(self._visit(queue, who))

    async def _visit(self, queue: Admission, who: str) -> None:
        async with queue.turn(who):
            self.inside.set()
            await self._leave.wait()

    async def leave(self) -> None:
        self._leave.set()
        await self.task


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@asynccontextmanager
async def visitors(queue: Admission, whose: str) -> AsyncIterator[list[Visitor]]:
    """One visitor for each letter, come in this order; all are gone at the end, and the queue must be as new."""
    came = []
    for who in whose:
        came.append(Visitor(queue, who))
        await settle()
    yield came
    for visitor in came:
        visitor._leave.set()
    await asyncio.gather(*(visitor.task for visitor in came), return_exceptions=True)
    assert (queue.running, queue.waiting, queue._lines) == (0, 0, {})


def inside(came: list[Visitor]) -> list[bool]:
    return [visitor.inside.is_set() for visitor in came]


async def test_so_many_run_and_the_next_wait_in_order() -> None:
    queue = Admission(places=2, length=8, patience=60)
    async with visitors(queue, "aaaa") as came:
        assert inside(came) == [True, True, False, False]
        assert (queue.running, queue.waiting) == (2, 2)
        await came[1].leave()
        await settle()
        assert inside(came) == [True, True, True, False]
        assert (queue.running, queue.waiting) == (2, 1)


async def test_a_full_queue_refuses_at_once_and_says_when_to_come_back() -> None:
    queue = Admission(places=1, length=2, patience=60)
    async with visitors(queue, "abc"):
        with pytest.raises(OverloadedError, match="Try again in") as refused:
            async with queue.turn("d"):
                pytest.fail("there was no place")
        with pytest.raises(OverloadedError):
            queue.check("d")
        assert int(refused.value.headers["Retry-After"]) in range(1, 61)
        assert queue.refused == 2


async def test_without_a_queue_only_free_places_are_given() -> None:
    queue = Admission(places=1, length=0, patience=60)
    queue.check("a")
    async with visitors(queue, "a"):
        with pytest.raises(OverloadedError):
            queue.check("b")


async def test_who_has_waited_too_long_is_refused_and_leaves_the_line() -> None:
    queue = Admission(places=1, length=4, patience=0.01)
    async with visitors(queue, "ab") as came:
        with pytest.raises(OverloadedError):
            await came[1].task
        assert queue.waiting == 0


@pytest.mark.parametrize(("here", "refused"), [("a", False), ("ab", False), ("abc", True)])
async def test_a_wait_that_would_be_too_long_is_refused_at_the_door(here: str, refused: bool) -> None:
    clock = Clock()
    queue = Admission(places=1, length=100, patience=5, clock=clock)
    async with visitors(queue, "a") as came:
        clock.now = 2.0  # a turn lasts two seconds: the second in line waits four, the third would wait six
        await came[0].leave()
    async with visitors(queue, here):
        with pytest.raises(OverloadedError) if refused else nullcontext():
            queue.check("d")


async def test_freed_places_go_round_among_the_keys() -> None:
    queue = Admission(places=1, length=20, patience=60)
    async with visitors(queue, "aaaab") as came:
        order = []
        for _ in range(len(came)):
            one = next(number for number, visitor in enumerate(came) if visitor.inside.is_set() and not visitor.task.done())
            order.append(one)
            await came[one].leave()
            await settle()
        assert order == [0, 1, 4, 2, 3]


async def test_one_key_fills_half_of_the_queue_at_most() -> None:
    queue = Admission(places=1, length=4, patience=60)
    async with visitors(queue, "aaa"):
        with pytest.raises(OverloadedError):
            queue.check("a")
        queue.check("b")


async def test_who_leaves_the_line_is_not_called() -> None:
    queue = Admission(places=1, length=4, patience=60)
    async with visitors(queue, "aab") as came:
        came[1].task.cancel()
        await settle()
        assert queue.waiting == 1
        await came[0].leave()
        await settle()
        assert came[2].inside.is_set()


async def test_a_turn_that_comes_as_its_owner_leaves_is_passed_on() -> None:
    queue = Admission(places=1, length=4, patience=60)
    async with queue.turn("a"):
        early, late = Visitor(queue), Visitor(queue)
        await settle()
    early.task.cancel()  # has just been called, and not yet come in
    await settle()
    assert inside([early, late]) == [False, True]
    await late.leave()
    assert (queue.running, queue.waiting) == (0, 0)


async def test_a_turn_that_fails_is_given_back() -> None:
    queue = Admission(places=1, length=1, patience=60)
    with pytest.raises(ValueError, match="broke"):
        async with queue.turn("a"):
            raise ValueError("broke")
    assert queue.running == 0


@pytest.mark.parametrize("seed", range(5))
async def test_nothing_is_lost_in_the_bustle(seed: int) -> None:
    """A thousand visitors that come, work, fail, lose patience and are called away at random: never too many, and none left."""
    dice = random.Random(seed)
    queue = Admission(places=3, length=10, patience=0.002)
    most = 0

    async def visit(who: str) -> None:
        nonlocal most
        async with queue.turn(who):
            most = max(most, queue.running)
            await asyncio.sleep(dice.random() / 1000)
            if dice.random() < 0.2:
                raise ValueError

    tasks = []
    for _ in range(1000):
        tasks.append(asyncio.create_task(visit(dice.choice("abc"))))
        if dice.random() < 0.3:
            dice.choice(tasks[-20:]).cancel()
        if dice.random() < 0.5:
            await asyncio.sleep(0)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert most == 3
    assert (queue.running, queue.waiting, queue._lines) == (0, 0, {})
