"""The bytes of a stream."""

import json
import socket
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server import shop
from tests.server.conftest import Running, Start

BODY: dict[str, Any] = {"model": "citedesk", "messages": [{"role": "user", "content": "Returns?"}], "stream": True}


def read(running: Running, **extra: Any) -> tuple[httpx.Response, list[str]]:
    with running.http() as http:
        response = http.post("/v1/chat/completions", json=BODY | extra)
    return response, response.text.split("\n\n")


def chunks(events: list[str]) -> list[dict[str, Any]]:
    return [json.loads(event.removeprefix("data: ")) for event in events if event.startswith("data: {")]


def test_framing_and_headers(scripted: Running) -> None:
    response, events = read(scripted)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache, no-transform"
    assert response.headers["x-accel-buffering"] == "no"
    assert response.headers["x-request-id"].startswith("req_")
    assert "content-length" not in response.headers and "content-encoding" not in response.headers
    assert events[-2:] == ["data: [DONE]", ""]
    assert all(event.startswith("data: ") and "\n" not in event for event in events[:-1])


def test_every_chunk_keeps_the_contract(scripted: Running) -> None:
    got = chunks(read(scripted)[1])
    assert len({(chunk["id"], chunk["created"], chunk["model"], chunk["object"]) for chunk in got}) == 1
    assert got[0]["object"] == "chat.completion.chunk"
    assert all(len(chunk["choices"]) == 1 and chunk["choices"][0]["index"] == 0 for chunk in got)
    assert all("usage" not in chunk for chunk in got)
    assert [chunk["choices"][0]["delta"].get("role") for chunk in got] == ["assistant"] + [None] * (len(got) - 1)
    assert sum("role" in chunk["choices"][0]["delta"] for chunk in got) == 1
    assert [chunk["choices"][0]["finish_reason"] for chunk in got] == [None] * (len(got) - 1) + ["stop"]
    assert [("sources" in chunk, "citedesk" in chunk) for chunk in got] == [(False, False)] * (len(got) - 1) + [(True, True)]
    assert "annotations" in got[-2]["choices"][0]["delta"]


def test_one_delta_per_sentence(scripted: Running) -> None:
    contents = [chunk["choices"][0]["delta"].get("content") for chunk in chunks(read(scripted)[1])]
    assert [content for content in contents if content] == [sentence.rendered for sentence in shop.scripted_answer().sentences]


def test_usage_comes_last_when_asked(scripted: Running) -> None:
    last = chunks(read(scripted, stream_options={"include_usage": True})[1])[-1]
    assert last["choices"] == [] and last["usage"] == {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


def test_sentences_leave_one_by_one(data: Path, start: Start) -> None:
    running = start(data, answerer=shop.ScriptedAnswerer(shop.scripted_answer(), pause=0.2))
    arrivals = []
    with running.http() as http, http.stream("POST", "/v1/chat/completions", json=BODY) as response:
        for piece in response.iter_raw():
            arrivals += [time.monotonic()] * piece.count(b'"content":"')
    assert arrivals[2] - arrivals[1] > 0.1 and arrivals[3] - arrivals[2] > 0.1


@pytest.mark.slow
def test_silence_is_filled_with_comments(data: Path, start: Start) -> None:
    running = start(data, answerer=shop.ScriptedAnswerer(shop.scripted_answer(), pause=0.35), keep_alive_seconds=0.1)
    _, events = read(running)
    assert events.count(": keep-alive") >= 4
    assert events[-2] == "data: [DONE]"
    assert len([event for event in events if not event.startswith((": ", "data: "))]) == 1  # the end of the text


def test_an_error_in_the_stream_is_followed_by_done(data: Path, start: Start) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), fail_after=1, error=RuntimeError("no"))
    _, events = read(start(data, answerer=answerer))
    assert set(json.loads(events[-3].removeprefix("data: "))["error"]) == {"message", "type", "param", "code"}
    assert events[-2] == "data: [DONE]"


def test_leaving_cancels_the_work(data: Path, start: Start) -> None:
    for stream in (True, False):
        answerer = shop.ScriptedAnswerer(shop.scripted_answer(), pause=1.0)
        running = start(data, answerer=answerer)
        _leave_early(running, BODY | {"stream": stream})
        deadline = time.monotonic() + 0.9
        while not answerer.cancelled.is_set() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert answerer.cancelled.is_set() and not answerer.finished


def _leave_early(running: Running, body: dict[str, Any]) -> None:
    content = json.dumps(body).encode()
    host, port = running.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {running.public_key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode() + content)
        time.sleep(0.2)
