"""Checks 36-38: a language model that fails, and a client that leaves. Nothing stands in for the model here (CITEDESK_LLM_FALLBACK)."""

import asyncio
import time
from typing import Any

import pytest

from tests.conformance import raw
from tests.conformance.answers import RETURNS, WRITTEN
from tests.conformance.serving import Served
from tests.conformance.target import Target, chat
from tests.conformance.test_refusals import assert_openai_error
from tests.conformance.worker import ClientError, Worker
from tests.fake_llm import sse
from tests.fake_llm.connection import Connection, Request
from tests.fake_llm.faults import SECRET, Behaviour, Fault
from tests.fake_llm.server import FakeLlm
from tests.processes import eventually

UNAVAILABLE = (502, 503, 504)
DEAD = (Fault.REFUSE, Fault.ERROR_FIRST, Fault.HTML, Fault.UNAUTHORIZED, Fault.TOO_MANY, Fault.UNAVAILABLE, Fault.FAILED)
LEAVINGS = 5


async def unprocessable(connection: Connection, request: Request, text: str) -> None:
    await connection.respond_json({"detail": [{"msg": SECRET}]}, "422 Unprocessable Entity")


@pytest.mark.parametrize("fault", DEAD)
def test_36_a_model_that_is_dead_is_an_http_error(fault: Fault, written_server: Served, llm: FakeLlm) -> None:
    llm.fault = fault
    for stream in (True, False):
        response = written_server.post(chat(RETURNS, stream=stream))
        assert response.status in UNAVAILABLE
        assert_openai_error(response, response.status)
        assert SECRET.encode() not in response.body


def test_36_what_it_refuses_is_not_the_callers_fault(written_server: Served, llm: FakeLlm) -> None:
    llm.once(unprocessable, unprocessable)
    for stream in (True, False):
        response = written_server.post(chat(RETURNS, stream=stream))
        assert response.status in UNAVAILABLE and SECRET.encode() not in response.body


@pytest.mark.parametrize("op", ["stream", "complete"])
def test_36_clients_see_it_before_any_text(op: str, sdk: Worker, written_server: Served, llm: FakeLlm) -> None:
    llm.fault = Fault.ERROR_FIRST
    with pytest.raises(ClientError) as caught:
        sdk.call(op, written_server.base_url, written_server.keys.public, body=chat(RETURNS))
    assert caught.value.kind == "InternalServerError"
    assert caught.value.status in UNAVAILABLE


async def begin(connection: Connection, request: Request, text: str) -> None:
    """One whole sentence, and the beginning of the next."""
    first, _, rest = text.partition("[1] ")
    await connection.begin_stream()
    await connection.send(sse.role(request.model))
    for word in [*sse.tokens_of(f"{first}[1]"), f" {rest[:12]}"]:
        await connection.send(sse.token(request.model, word))


async def broken_off(connection: Connection, request: Request, text: str) -> None:
    await begin(connection, request, text)
    await asyncio.sleep(0.5)  # a reset overtakes what has not been read
    connection.reset()


async def ended_without_finish(connection: Connection, request: Request, text: str) -> None:
    await begin(connection, request, text)
    await connection.send(sse.DONE)
    await connection.end_stream()


async def error_event(connection: Connection, request: Request, text: str) -> None:
    await begin(connection, request, text)
    await connection.send(sse.event({"error": {"message": SECRET, "type": "x", "param": None, "code": 500}}) + sse.DONE)
    await connection.end_stream()


async def no_json(connection: Connection, request: Request, text: str) -> None:
    await begin(connection, request, text)
    await connection.send(f'data: {{"choices": [{SECRET}\n\n'.encode())
    await connection.end_stream()


DYING: tuple[Behaviour, ...] = (broken_off, ended_without_finish, error_event, no_json)


@pytest.mark.parametrize("death", DYING)
def test_37_a_model_that_dies_in_mid_stream_is_an_error_in_the_client(
    death: Behaviour, sdk: Worker, written_server: Served, llm: FakeLlm
) -> None:
    llm.once(death)
    with pytest.raises(ClientError) as caught:
        sdk.call("stream", written_server.base_url, written_server.keys.public, body=chat(RETURNS))
    assert caught.value.kind in ("APIError", "InternalServerError")
    assert caught.value.code and SECRET not in caught.value.message


@pytest.mark.parametrize("death", DYING)
def test_37_the_stream_ends_with_the_error_and_done(death: Behaviour, written_server: Served, llm: FakeLlm) -> None:
    llm.once(death)
    response = written_server.post(chat(RETURNS, stream=True))
    assert response.status == 200 and response.closed
    assert WRITTEN[RETURNS].partition(" [1]")[0].encode() in response.body
    *_, error, done, rest = response.events
    assert '"error"' in error and (done, rest) == ("data: [DONE]", "")
    assert SECRET.encode() not in response.body
    assert not any(choice["finish_reason"] for chunk in response.chunks for choice in chunk.get("choices", ()))
    request_id = response.header("x-request-id")
    assert [line for line in written_server.logged() if line.get("request_id") == request_id and line["level"] in ("warning", "error")]


def test_37_a_whole_answer_is_an_http_error(written_server: Served, llm: FakeLlm) -> None:
    llm.once(ended_without_finish)
    assert written_server.post(chat(RETURNS)).status in UNAVAILABLE


class Waiting:
    """A model that is silent after its first words until nobody listens any more."""

    def __init__(self) -> None:
        self.asked = False
        self.left_at = 0.0

    async def __call__(self, connection: Connection, request: Request, text: str) -> None:
        await connection.begin_stream()
        await connection.send(sse.token(request.model, text[:5]))
        self.asked = True
        await connection.silence()
        self.left_at = time.monotonic()


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
def test_38_leaving_closes_the_upstream(stream: bool, written_server: Served, llm: FakeLlm, record_property: Any) -> None:
    """Within a second, of five times the middle one: a busy machine may miss one."""
    took = sorted(_leave(written_server, llm, stream) for _ in range(LEAVINGS))
    record_property("s until closed, stream" if stream else "whole", round(took[LEAVINGS // 2], 2))
    assert took[LEAVINGS // 2] <= 1.0


def _leave(server: Target, llm: FakeLlm, stream: bool) -> float:
    model = Waiting()
    llm.once(model)
    headers = {"Authorization": f"Bearer {server.keys.public}", "Content-Type": "application/json"}
    with raw.opened(f"{server.base_url}/chat/completions", raw.encoded(chat(RETURNS, stream=stream)), headers):
        assert eventually(lambda: model.asked, 120)
    left = time.monotonic()
    assert eventually(lambda: model.left_at > 0, 15), "the upstream stayed open"
    return model.left_at - left
