"""Checks 7-17: the stream, byte by byte."""

import asyncio
import re
import threading
import time
from typing import Any

import pytest

from tests.conformance.answers import CHINESE, RETURNS, WRITTEN
from tests.conformance.conftest import SILENCE_SECONDS
from tests.conformance.raw import Piece, RawResponse
from tests.conformance.serving import Served
from tests.conformance.target import Target, chat
from tests.conformance.worker import Worker
from tests.fake_llm import sse
from tests.fake_llm.connection import Connection, Request
from tests.fake_llm.faults import Fault
from tests.fake_llm.server import FakeLlm

SIGN_OF_LIFE_SECONDS = 15.0
PATIENCE_SECONDS = 120.0
USAGE: dict[str, Any] = {"stream_options": {"include_usage": True}}


@pytest.fixture
def streamed(server: Target) -> RawResponse:
    return server.post(chat(RETURNS, stream=True), headers={"Accept-Encoding": "gzip, br"})


def text_of(response: RawResponse) -> str:
    choices = [choice for chunk in response.chunks for choice in chunk["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)


def test_07_headers_keep_proxies_from_gathering(streamed: RawResponse) -> None:
    assert streamed.status == 200
    assert streamed.header("content-type") == "text/event-stream; charset=utf-8"
    assert {"no-cache", "no-transform"} <= set(re.split(r",\s*", streamed.header("cache-control") or ""))
    assert streamed.header("x-accel-buffering") == "no"
    assert streamed.header("content-encoding") is None


def test_08_each_event_is_one_data_line(streamed: RawResponse) -> None:
    *events, rest = streamed.events
    assert rest == "" and len(events) > 3
    assert [event for event in events if not re.fullmatch(r"data: \S.*|:.*", event)] == []


def test_09_done_is_the_last_event(streamed: RawResponse) -> None:
    assert streamed.body.endswith(b"\n\ndata: [DONE]\n\n")
    assert streamed.body.count(b"[DONE]") == 1
    assert streamed.closed


def test_10_chunks_agree(streamed: RawResponse) -> None:
    chunks = streamed.chunks
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks}) == 1
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert all(isinstance(chunk["choices"], list) for chunk in chunks)
    assert {choice["index"] for chunk in chunks for choice in chunk["choices"]} == {0}


def test_11_the_role_comes_once_and_first(streamed: RawResponse) -> None:
    deltas = [chunk["choices"][0]["delta"] for chunk in streamed.chunks if chunk["choices"]]
    assert deltas[0]["role"] == "assistant"
    assert not any("role" in delta for delta in deltas[1:])


def test_12_one_finish_reason_on_the_last_choice(streamed: RawResponse) -> None:
    reasons = [choice["finish_reason"] for chunk in streamed.chunks for choice in chunk["choices"]]
    assert reasons[-1] == "stop"
    assert set(reasons[:-1]) == {None}


def test_13_usage_comes_last_when_asked(server: Target) -> None:
    *before, last = server.post(chat(RETURNS, stream=True, **USAGE)).chunks
    assert last["choices"] == []
    assert last["usage"]["prompt_tokens"] + last["usage"]["completion_tokens"] == last["usage"]["total_tokens"] > 0
    assert all(chunk.get("usage") is None and chunk["choices"] for chunk in before)


def test_13_usage_does_not_come_unasked(streamed: RawResponse) -> None:
    assert not any("usage" in chunk for chunk in streamed.chunks)
    assert all(chunk["choices"] for chunk in streamed.chunks)


@pytest.mark.parametrize("question", [RETURNS, CHINESE])
def test_14_the_stream_says_what_the_whole_says(question: str, sdk: Worker, server: Target) -> None:
    body = chat(question, temperature=0)
    whole = sdk.call("complete", server.base_url, server.keys.public, body=body)["response"]["choices"][0]["message"]["content"]
    chunks = sdk.call("stream", server.base_url, server.keys.public, body=body)
    gathered = sdk.call("accumulate", server.base_url, server.keys.public, body=body)["choices"][0]["message"]["content"]
    assert whole
    assert "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks) == whole == gathered


def test_15_characters_split_at_every_byte_arrive_whole(written_server: Served, llm: FakeLlm) -> None:
    whole = text_of(written_server.post(chat(CHINESE, stream=True)))
    assert "👍" in whole and "到账" in whole
    llm.once(Fault.SPLIT_UTF8)
    split = written_server.post(chat(CHINESE, stream=True))
    assert text_of(split) == whole
    assert "�" not in split.body.decode("utf-8")


class Halfway:
    """A model that has written one sentence and writes no more until its reader has it."""

    def __init__(self) -> None:
        self.seen = threading.Event()
        self.written_at = 0.0

    async def __call__(self, connection: Connection, request: Request, text: str) -> None:
        first, _, rest = text.partition("[1] ")
        await connection.begin_stream()
        await connection.send(sse.role(request.model))
        for word in [*sse.tokens_of(f"{first}[1]"), f" {rest[:4]}"]:  # the next word tells that the sentence before it is complete
            await connection.send(sse.token(request.model, word))
        self.written_at = time.monotonic()
        await asyncio.get_running_loop().run_in_executor(None, self.seen.wait, PATIENCE_SECONDS)
        if self.seen.is_set():
            await connection.send(sse.token(request.model, rest[4:]))
        await connection.send(sse.finish(request.model) + sse.DONE)
        await connection.end_stream()


def test_16_a_sentence_leaves_while_the_model_still_writes(written_server: Served, llm: FakeLlm, record_property: Any) -> None:
    """At most 50 ms after it was written, says the contract: told here, and held by the order, which no busy machine changes."""
    first = WRITTEN[RETURNS].partition(" [1]")[0]
    took = []
    for _ in range(3):
        model, arrived = Halfway(), 0.0

        def notice(piece: Piece, model: Halfway = model) -> None:
            nonlocal arrived
            if first.encode() in piece.content:
                arrived = piece.at
                model.seen.set()

        llm.once(model)
        response = written_server.post(chat(RETURNS, stream=True), on_piece=notice)
        assert model.seen.is_set(), "the first sentence waited for the second"
        assert "declined" in text_of(response)
        assert len(response.pieces) >= 3
        took.append(round(1000 * (arrived - model.written_at)))
    record_property("ms after it was written", sorted(took)[1])


def test_17_a_silent_model_is_bridged_and_then_reported(written_server: Served, llm: FakeLlm, record_property: Any) -> None:
    llm.fault = Fault.ACCEPT_AND_SILENT
    began = time.monotonic()
    response = written_server.post(chat(RETURNS, stream=True))
    times = [began, *(piece.at for piece in response.pieces)]
    gaps = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
    assert times[-1] - began >= SILENCE_SECONDS - 1
    assert max(gaps) <= SIGN_OF_LIFE_SECONDS
    comments = [event for event in response.events if event.startswith(":")]
    assert comments
    error, done, rest = response.events[-3:]
    assert '"error"' in error and (done, rest) == ("data: [DONE]", "")
    record_property("longest silence, s", round(max(gaps), 1))
