import asyncio
import time
from collections.abc import Iterator
from contextlib import aclosing

import pytest

from kb.errors import GenerationError
from rag.answer import Generator, Usage
from rag.draft import AnswerGenerator, Draft
from tests.fake_llm import sse
from tests.fake_llm.faults import Fault
from tests.fake_llm.server import FakeLlm
from tests.rag.llm.asking import EVIDENCE, QUICK, chat, drafts, query, settled, usage

ANSWER = "You can return it within 30 days. [1] Sale items: 14 days. [2][1] Is that all?\n- 运费由我们承担。[3]\n- Ask Mr. Smith. [9] [x]"


@pytest.fixture
def llm() -> Iterator[FakeLlm]:
    with FakeLlm(ANSWER) as fake:
        yield fake


async def test_sentences_come_with_the_hits_whose_markers_were_written(llm: FakeLlm) -> None:
    async with chat(llm) as opened:
        generator: AnswerGenerator = opened.generator
        assert generator.label == Generator("chat:fake")
        found = await drafts(opened)
    assert [(draft.text, draft.separator) for draft in found] == [
        ("You can return it within 30 days.", ""),
        ("Sale items: 14 days.", " "),
        ("Is that all?", " "),
        ("运费由我们承担。", "\n- "),
        ("Ask Mr. Smith.", "\n- "),
        ("[x]", " "),
    ]
    texts = [[hit.passage.text.partition("\n")[0] for hit in draft.cited] for draft in found]
    returns, sale, shipping = "You can return any item within 30 days.", "Sale items: 14 days.", "运费由我们承担。"
    assert texts == [[returns], [sale, returns], [], [shipping], [], []]
    assert all(draft.quotes == () and draft.support == 0 for draft in found)


async def test_the_servers_token_counts_come_last(llm: FakeLlm) -> None:
    llm.answer = "Free. [1]"
    async with chat(llm) as opened:
        assert await usage(opened) == Usage(100, 2)
        llm.once(Fault.NO_USAGE)
        estimated = await usage(opened)
    assert estimated.completion_tokens == 2
    assert 100 < estimated.prompt_tokens < 500


async def test_a_sentence_leaves_while_the_next_is_being_written(llm: FakeLlm) -> None:
    llm.answer = "".join(f"You can return it within {days} days. [1] " for days in (30, 40, 50, 60))
    llm.pause = 0.03
    async with chat(llm) as opened:
        at = [time.monotonic() async for piece in opened.generator.generate(query(10), EVIDENCE) if isinstance(piece, Draft)]
    assert len(at) == 4
    assert at[-1] - at[0] > 0.3


async def test_nothing_is_said_twice_and_a_loop_is_stopped(llm: FakeLlm) -> None:
    llm.answer = "It is free. [1] " * 2 + "Really. [1] " + "It is free. [1] Really. [1] " * 200
    llm.pause = 0.005
    started = time.monotonic()
    async with chat(llm) as opened:
        pieces = [piece async for piece in opened.generator.generate(query(10), EVIDENCE)]
        assert [piece.text for piece in pieces if isinstance(piece, Draft)] == ["It is free.", "Really."]
        assert isinstance(pieces[-1], Usage)
        assert time.monotonic() - started < 5
        assert await settled(llm, 1)


async def test_thoughts_are_no_sentences(llm: FakeLlm) -> None:
    llm.answer = "<think>The user asks. Passage [1] says so.</think>\n\nIt is free. [1]"
    async with chat(llm) as opened:
        assert [draft.text for draft in await drafts(opened)] == ["It is free."]


async def test_only_known_fields_and_headers_leave(llm: FakeLlm, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL", "OPENAI_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/of-somebody-else")
    async with chat(llm) as opened:
        await drafts(opened)
    request = llm.completions()[0]
    assert set(request.body) == {"model", "messages", "stream", "stream_options", "temperature", "max_completion_tokens", "cache_salt"}
    assert request.body["temperature"] == 0
    assert request.body["stream_options"] == {"include_usage": True}
    known = {"host", "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "user-agent"}
    assert set(request.headers) <= known
    assert "somebody-else" not in str(llm.requests)


async def test_audiences_do_not_share_a_prefix_cache(llm: FakeLlm) -> None:
    async with chat(llm) as opened:
        for audience in ("public", "internal", "public"):
            await drafts(opened, query(audience=audience))
    salts = [request.body["cache_salt"] for request in llm.completions()]
    assert salts[0] == salts[2] != salts[1]
    assert all(len(salt) == 64 for salt in salts)


async def test_a_server_that_refuses_unknown_fields_gets_none(llm: FakeLlm) -> None:
    async with chat(llm, cache_salt=False, max_tokens=77) as opened:
        await drafts(opened)
    assert "cache_salt" not in llm.completions()[0].body
    assert llm.completions()[0].body["max_completion_tokens"] == 77


async def test_only_the_passages_that_fit_are_shown_and_counted(llm: FakeLlm) -> None:
    llm.answer = "Free. [1] [2] [3]"
    async with chat(llm, max_tokens=100) as opened:
        assert len((await drafts(opened))[0].cited) == 3
        asked = "".join(message["content"] for message in llm.completions()[0].body["messages"])
    llm.max_model_len = 100 + len(sse.tokens_of(asked)) - 1
    async with chat(llm, max_tokens=100) as opened:  # one that does not know the other length
        found = await drafts(opened)
    assert [hit.score for hit in found[0].cited] == [3.0, 2.0]
    assert "Sale items" not in llm.completions()[1].body["messages"][-1]["content"]


async def test_one_client_serves_many_at_once(llm: FakeLlm) -> None:
    llm.pause = 0.01
    async with chat(llm) as opened:
        answers = await asyncio.gather(*(drafts(opened, query(10)) for _ in range(16)))
    assert all(answer == answers[0] for answer in answers)


async def test_the_connection_closes_when_nobody_wants_the_rest(llm: FakeLlm) -> None:
    llm.answer = "".join(f"Number {number} is free. [1] " for number in range(100))
    llm.pause = 0.02
    async with chat(llm) as opened:
        async with aclosing(opened.generator.generate(query(20), EVIDENCE)) as pieces:  # type: ignore[type-var]
            assert isinstance(await anext(pieces), Draft)
        assert await settled(llm, 1)
        waiting = asyncio.create_task(drafts(opened, query(20)))
        await asyncio.sleep(0.2)
        waiting.cancel()
        assert await settled(llm, 1)
        assert not opened.model.breaker.is_open


async def test_failures_that_a_good_answer_separates_do_not_add_up(llm: FakeLlm) -> None:
    async with chat(llm) as opened:
        for _ in range(4):
            llm.once(Fault.FAILED)
            with pytest.raises(GenerationError):
                await drafts(opened, query(20))
            assert await drafts(opened, query(20))
        assert not opened.model.breaker.is_open and opened.model.breaker.openings == 0


@pytest.mark.slow
async def test_a_hung_model_is_not_waited_for_again_and_again(llm: FakeLlm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.llm.breaker.PROBE_SECONDS", 0.2)
    llm.fault = Fault.ACCEPT_AND_SILENT
    async with chat(llm, QUICK) as opened:
        for _ in range(3):
            with pytest.raises(GenerationError, match="silent"):
                await drafts(opened)
        before, started = len(llm.requests), time.monotonic()
        with pytest.raises(GenerationError, match="down"):
            await drafts(opened)
        assert time.monotonic() - started < 0.4
        assert len(llm.requests) == before
        llm.fault = None
        async with asyncio.timeout(5):
            while opened.model.breaker.is_open:
                await asyncio.sleep(0.02)
        assert [draft.text for draft in await drafts(opened)][0] == "You can return it within 30 days."
    probes = [request for request in llm.completions() if request.body["max_completion_tokens"] == 1]
    assert probes
    assert "Passages" not in str(probes[0].body["messages"][1])


async def test_without_a_deadline_the_limits_of_the_phases_hold(llm: FakeLlm) -> None:
    llm.fault = Fault.TOKEN_THEN_SILENT
    started = time.monotonic()
    async with chat(llm, QUICK) as opened:
        with pytest.raises(GenerationError, match="silent"):
            await drafts(opened, query(None))
    assert time.monotonic() - started < QUICK.between_tokens + 1
