"""The notes of one request."""

import asyncio
import threading
import time

import pytest
from anyio import to_thread

from kb.tally import Found, Stage, Tally, count, note, note_found, running_tally, timed


def test_stages_are_summed_and_span_from_first_to_last() -> None:
    tally = Tally()
    tally.add("embed", 10.0, 10.5)
    tally.add("embed", 12.0, 12.25)
    tally.add("search", 11.0, 11.5)
    assert tally.stages == {"embed": Stage(10.0, 12.25, 0.75, 2), "search": Stage(11.0, 11.5, 0.5, 1)}
    assert tally.seconds() == {"embed": 0.75, "search": 0.5}


def test_without_a_running_tally_nothing_is_noted() -> None:
    with timed("embed"):
        count("masked", "phone")
        note("search", time.perf_counter())
    assert running_tally() is None


async def test_tasks_and_threads_note_into_the_tally_of_their_request() -> None:
    def work() -> None:
        with timed("work"):
            count("done", "thread")

    async def task() -> None:
        await asyncio.to_thread(work)
        await to_thread.run_sync(work)

    async def request() -> Tally:
        with Tally().running() as tally:
            await asyncio.gather(asyncio.create_task(task()), task())
        return tally

    one, other = await asyncio.gather(request(), request())
    for tally in (one, other):
        assert tally.counts == {("done", "thread"): 4} and tally.stages["work"].times == 4
    assert one is not other and running_tally() is None


def test_a_block_that_fails_has_taken_its_time_too() -> None:
    with Tally().running() as tally, pytest.raises(ValueError, match="no"), timed("weigh"):
        raise ValueError("no")
    assert set(tally.seconds()) == {"weigh"}


def test_many_threads_lose_nothing() -> None:
    tally = Tally()

    def work() -> None:
        for _ in range(500):
            tally.count("n")
            tally.add("s", 0.0, 1.0)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tally.counts == {("n", ""): 4000} and tally.seconds() == {"s": 4000.0}


def test_what_was_found_is_kept_search_by_search() -> None:
    note_found("000001", ["a"])  # nobody keeps it
    with Tally().running() as tally:
        note_found("000001", (one for one in "ba"))
        note_found("000001", [])
    assert tally.found == (Found("000001", ("b", "a")), Found("000001", ()))
