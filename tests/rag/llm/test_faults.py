"""Every fault of a language model's server ends in time, in an error that repeats nothing of it, and leaves nothing behind."""

import asyncio
import time
import traceback
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pytest

from kb.errors import GenerationError
from rag.llm.bounded_transport import MAX_EVENT_BYTES
from tests.fake_llm import sse
from tests.fake_llm.connection import Connection, Request
from tests.fake_llm.faults import REAL, SECRET, VALID, Behaviour, Fault
from tests.fake_llm.server import FakeLlm
from tests.rag.llm.asking import QUICK, Holdings, chat, drafts, query, settled, usage

pytestmark = pytest.mark.slow

ANSWER = "You can return it within 30 days. [1] 运费由我们承担。[3] Keep the receipt. [1]"
SENTENCES = ["You can return it within 30 days.", "运费由我们承担。", "Keep the receipt."]
DEADLINE = 1.0


@pytest.fixture(scope="module")
def server() -> Iterator[FakeLlm]:
    with FakeLlm(ANSWER) as fake:
        yield fake


@pytest.fixture
def llm(server: FakeLlm) -> Iterator[FakeLlm]:
    server.fault = None
    server.requests.clear()
    yield server


def test_there_are_sixteen_faults_and_five_odd_streams() -> None:
    assert (len(REAL), len(VALID)) == (16, 5)


@pytest.mark.parametrize("fault", REAL)
async def test_a_fault_ends_in_time_in_an_error_of_our_own(llm: FakeLlm, fault: Fault) -> None:
    llm.fault = fault
    async with chat(llm, QUICK) as opened:
        started = time.monotonic()
        with pytest.raises(GenerationError) as caught:
            await drafts(opened, query(DEADLINE))
        assert time.monotonic() - started < DEADLINE + 1
        assert await settled(llm, 1), "a broken answer's connection stays open"
    assert await settled(llm)
    assert str(caught.value).endswith(".")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("fault", [Fault.TOKEN_THEN_SILENT, Fault.SLOW, Fault.ACCEPT_AND_SILENT])
async def test_the_deadline_holds_above_the_limits_of_the_phases(llm: FakeLlm, fault: Fault) -> None:
    llm.fault = fault
    async with chat(llm, QUICK) as opened:
        started = time.monotonic()
        with pytest.raises(GenerationError, match="deadline"):
            await drafts(opened, query(0.3))
        assert 0.2 < time.monotonic() - started < 0.6


@pytest.mark.parametrize("fault", VALID)
async def test_an_odd_but_valid_stream_gives_the_text(llm: FakeLlm, fault: Fault) -> None:
    llm.fault = fault
    expected = SENTENCES[:-1] if fault is Fault.LENGTH else SENTENCES
    async with chat(llm) as opened:
        assert [draft.text for draft in await drafts(opened)] == expected
        counted = await usage(opened)
    assert counted.prompt_tokens > 50
    assert counted.completion_tokens > 10


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.NO_FINISH, Fault.ERROR_IN_STREAM, Fault.INVALID_JSON, Fault.FAILED, Fault.TOO_MANY])
async def test_what_may_have_been_answered_is_not_asked_again(llm: FakeLlm, fault: Fault) -> None:
    llm.once(fault)
    async with chat(llm) as opened:
        with pytest.raises(GenerationError):
            await drafts(opened)
    assert len(llm.completions()) == 1


async def reset_at_once(connection: Connection, request: Request, text: str) -> None:
    connection.reset()


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, reset_at_once], ids=["503", "reset"])
async def test_what_failed_before_any_text_is_asked_once_more(llm: FakeLlm, fault: Fault | Behaviour) -> None:
    async with chat(llm) as opened:
        llm.once(fault)
        assert [draft.text for draft in await drafts(opened)] == SENTENCES
        assert len(llm.completions()) == 2
        llm.once(fault, fault)
        with pytest.raises(GenerationError):
            await drafts(opened)
        assert len(llm.completions()) == 4


async def test_nothing_is_asked_again_that_could_not_be_answered_in_time(llm: FakeLlm) -> None:
    llm.once(Fault.UNAVAILABLE)
    async with chat(llm) as opened:
        with pytest.raises(GenerationError):
            await drafts(opened, query(0.35))
    assert len(llm.completions()) == 1


async def test_a_huge_line_does_not_fill_the_memory(llm: FakeLlm) -> None:
    async with chat(llm) as opened:
        await drafts(opened)
        llm.once(Fault.HUGE_LINE)
        tracemalloc.start()
        try:
            with pytest.raises(GenerationError, match="more than an answer can be"):
                await drafts(opened)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 5 * MAX_EVENT_BYTES


async def endless(connection: Connection, request: Request, text: str) -> None:
    await connection.begin_stream()
    for part in range(20):
        sentences = (f"Item {part * 1000 + number} is free. [1] " for number in range(1000))
        await connection.send(sse.token(request.model, "".join(sentences)))
    await connection.silence()


async def compressed(connection: Connection, request: Request, text: str) -> None:
    await connection.respond("200 OK", b"\x1f\x8b", "text/event-stream", "content-encoding: gzip\r\n")


async def long_error(connection: Connection, request: Request, text: str) -> None:
    await connection.respond("500 Internal Server Error", b"error\n" * 1_000_000, "text/plain")


@pytest.mark.parametrize("behaviour", [endless, compressed, long_error])
async def test_more_than_an_answer_can_be_is_an_error(llm: FakeLlm, behaviour: Behaviour) -> None:
    llm.once(behaviour)
    async with chat(llm) as opened:
        with pytest.raises(GenerationError, match="more than an answer can be"):
            await drafts(opened, query(20))
        assert await settled(llm, 1)


async def test_a_silence_after_the_end_costs_no_sentence(llm: FakeLlm) -> None:
    async def never_closes(connection: Connection, request: Request, text: str) -> None:
        await connection.begin_stream()
        await connection.send(sse.token(request.model, text) + sse.finish(request.model))
        await connection.silence()

    llm.once(never_closes)
    async with chat(llm, QUICK) as opened:
        assert [draft.text for draft in await drafts(opened)] == SENTENCES


async def ask_with_faults(llm: FakeLlm, faults: Sequence[Fault]) -> int:
    """The number of errors, all from one client that stays open as it does in a server."""
    errors = 0
    async with chat(llm, QUICK) as opened:
        for fault in faults:
            llm.fault = fault
            opened.model.breaker.succeeded()  # or it would spare the server most of these
            try:
                await drafts(opened, query(DEADLINE))
            except GenerationError:
                errors += 1
    return errors


async def leave_nothing(servers: list[FakeLlm], rounds: int) -> None:
    """Each server fails in every way, again and again, and in the end everything is as it was before."""
    await ask_with_faults(servers[0], REAL[:2])
    for llm in servers:
        llm.fault = None
    before = Holdings.now()
    errors = await asyncio.gather(*(ask_with_faults(llm, REAL * rounds) for llm in servers))
    assert sum(errors) == len(REAL) * rounds * len(servers)
    for llm in servers:
        llm.fault = None
        assert await settled(llm)
    await asyncio.sleep(0.05)
    after = Holdings.now()
    assert abs(after.files - before.files) <= 2
    assert abs(after.tasks - before.tasks) <= 2


@pytest.mark.slow
async def test_a_few_dozen_faults_leave_nothing_behind() -> None:
    with FakeLlm(ANSWER) as one, FakeLlm(ANSWER) as other, FakeLlm(ANSWER) as third:
        await leave_nothing([one, other, third], rounds=1)


@pytest.mark.soak
async def test_a_thousand_faults_leave_nothing_behind() -> None:
    with ExitStack() as stack:
        await leave_nothing([stack.enter_context(FakeLlm(ANSWER)) for _ in range(8)], rounds=8)
