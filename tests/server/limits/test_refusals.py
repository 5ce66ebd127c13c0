"""Refusals as clients meet them: over HTTP, with the real OpenAI client, from a server that is full."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.processes import eventually
from tests.server import shop
from tests.server.conftest import Running, Start

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

MESSAGES: Any = [{"role": "user", "content": "Returns?"}]
BODY = {"model": "citedesk", "messages": MESSAGES}


class HeldAnswerer(shop.ScriptedAnswerer):
    """Answers nothing until it is let go."""

    def __init__(self) -> None:
        super().__init__(shop.scripted_answer())
        self.let_go = threading.Event()

    def _maybe_fail(self, number: int) -> None:
        self.pause = 0.0 if self.let_go.is_set() else 0.05

    async def answer(self, query: Any, version: Any) -> Any:
        while not self.let_go.is_set():
            async for _ in super().answer(query, version):
                continue
        async for event in super().answer(query, version):
            yield event


class Full:
    """A server with one place and a queue of two, all taken; ``key`` is of somebody who does not wait yet."""

    def __init__(self, running: Running, answerer: HeldAnswerer, keys: list[str]) -> None:
        self.running = running
        self.answerer = answerer
        self.keys = keys
        self._threads = ThreadPoolExecutor(8)
        self.asked = [self._threads.submit(self._ask, key) for key in keys[:3]]
        queue = running.services.queues.answers
        assert eventually(lambda: (queue.running, queue.waiting) == (1, 2))

    def _ask(self, key: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {key}"}
        with httpx.Client(base_url=self.running.url, headers=headers, timeout=60, verify=False) as http:
            return http.post("/v1/chat/completions", json=BODY)

    def end(self) -> list[int]:
        """Let all go; the statuses of those that waited."""
        self.answerer.let_go.set()
        statuses = [one.result(60).status_code for one in self.asked]
        self._threads.shutdown()
        return statuses


@pytest.fixture
def full(data: Path, start: Start) -> Iterator[Full]:
    answerer = HeldAnswerer()
    running = start(data, answerer=answerer, max_answers=1, queue_length=2, queue_seconds=60.0)
    keys = [running.services.keys.create_key(f"{number}", "public", ("chat", "search")).secret for number in range(4)]
    opened = Full(running, answerer, keys)
    yield opened
    opened.end()


def test_a_full_server_refuses_at_once_and_answers_those_who_wait(full: Full) -> None:
    with full.running.http() as http:
        refused = http.post("/v1/chat/completions", json=BODY)
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "overloaded" and refused.json()["error"]["type"] == "server_error"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-request-id"].startswith("req_")
    assert full.end() == [200, 200, 200]
    with full.running.http() as http:
        assert http.post("/v1/chat/completions", json=BODY).status_code == 200


def test_what_costs_nothing_never_waits(full: Full) -> None:
    with full.running.http() as http:
        for path in ("/healthz", "/readyz", "/", "/v1/models", "/v1/documents"):
            assert http.get(path).status_code == 200, path
        assert http.post("/v1/search", json={"query": "returns"}).status_code == 200, "searches have a queue of their own"


def test_neither_key_nor_body_is_looked_at_before(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(full.running.services.keys), "authenticate", lambda *_: pytest.fail("the key was looked up"))
    with full.running.http() as http:
        refused = http.post("/v1/chat/completions", content=b"{", headers={"content-type": "application/json"})
    assert refused.status_code == 503


def test_a_key_that_waits_already_is_refused_by_its_share(data: Path, start: Start) -> None:
    answerer = HeldAnswerer()
    running = start(data, answerer=answerer, max_answers=1, queue_length=4, queue_seconds=60.0)
    held = Full(running, answerer, [running.public_key] * 3)
    with running.http() as http, running.http(internal=True) as other:
        assert http.post("/v1/chat/completions", json=BODY).status_code == 503
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(other.post, "/v1/chat/completions", json=BODY)
            assert eventually(lambda: running.services.queues.answers.waiting == 3)
            assert held.end() == [200, 200, 200]
            assert waiting.result(60).status_code == 200


def test_the_openai_client_tries_three_times(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    before = full.running.services.queues.answers.refused
    waits: list[float] = []
    with monkeypatch.context() as patch, pytest.raises(openai.InternalServerError) as raised:
        patch.setattr(time, "sleep", waits.append)  # between its attempts
        full.running.openai().with_options(max_retries=2).chat.completions.create(model="citedesk", messages=MESSAGES)
    assert raised.value.status_code == 503 and raised.value.code == "overloaded"
    assert full.running.services.queues.answers.refused - before == 3
    assert len(waits) == 2 and min(waits) >= 1


def test_a_wait_that_was_in_vain_is_an_error_of_http_for_a_stream_too(data: Path, start: Start) -> None:
    answerer = HeldAnswerer()
    running = start(data, answerer=answerer, max_answers=1, queue_length=4, queue_seconds=0.2)
    with running.http() as http, ThreadPoolExecutor(1) as thread:
        first = thread.submit(http.post, "/v1/chat/completions", json=BODY)
        assert eventually(lambda: running.services.queues.answers.running == 1)
        for stream in (True, False):
            refused = http.post("/v1/chat/completions", json=BODY | {"stream": stream})
            assert (refused.status_code, refused.json()["error"]["code"]) == (503, "overloaded")
        answerer.let_go.set()
        assert first.result(60).status_code == 200


def test_searches_and_verifications_wait_too(data: Path, start: Start) -> None:
    running = start(data, max_lookups=1, queue_length=0)
    queue = running.services.queues.lookups
    with running.http() as http:
        queue.running += 1  # as if somebody searched
        for path, body in (("/v1/search", {"query": "returns"}), ("/v1/verify", {"text": "Returns are free."})):
            assert http.post(path, json=body).status_code == 503
        queue.running -= 1
        assert http.post("/v1/search", json={"query": "returns"}).status_code == 200
        assert queue.running == 0


def test_a_rate_limit_is_a_429_with_openais_headers(data: Path, start: Start) -> None:
    running = start(data, answerer=shop.ScriptedAnswerer(shop.scripted_answer()), key_requests_per_minute=2, key_tokens_per_minute=1000)
    with running.http() as http:
        told = [http.post("/v1/chat/completions", json=BODY | {"stream": stream}).headers for stream in (False, True)]
        refused = http.post("/v1/chat/completions", json=BODY)
        assert http.post("/v1/search", json={"query": "x"}).status_code == 429
    assert [headers["x-ratelimit-remaining-requests"] for headers in told] == ["1", "0"]
    assert [headers["x-ratelimit-remaining-tokens"] for headers in told] == ["1000", "982"], "an answer costs 18 tokens"
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "rate_limit_exceeded" and refused.json()["error"]["type"] == "requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-ratelimit-limit-requests"] == "2"
    with running.http(internal=True) as other:
        assert other.post("/v1/chat/completions", json=BODY).status_code == 200, "another key has limits of its own"
    with pytest.raises(openai.RateLimitError):
        running.openai().chat.completions.create(model="citedesk", messages=MESSAGES)


@pytest.mark.parametrize("field", ["user", "safety_identifier"])
def test_an_end_user_is_limited_by_either_name(data: Path, start: Start, field: str) -> None:
    running = start(data, answerer=shop.ScriptedAnswerer(shop.scripted_answer()), user_requests_per_minute=1)
    with running.http() as http:
        asked = [http.post("/v1/chat/completions", json=BODY | {field: who}).status_code for who in ("ann", "ann", "bob")]
        assert asked == [200, 429, 200]
        assert http.post("/v1/chat/completions", json=BODY).status_code == 200


def test_tokens_of_an_answer_that_was_left_are_counted(data: Path, start: Start) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), pause=0.5)
    running = start(data, answerer=answerer, key_tokens_per_minute=1000)
    with running.http() as http:
        with http.stream("POST", "/v1/chat/completions", json=BODY | {"stream": True}) as response:
            assert any(b"Returns are free" in piece for piece in response.iter_raw())  # and no further
        assert eventually(answerer.cancelled.is_set)
        left = http.post("/v1/chat/completions", json=BODY).headers["x-ratelimit-remaining-tokens"]
    assert int(left) < 1000


def test_servers_that_share_a_state_share_the_limits(data: Path, start: Start) -> None:
    answerers = [shop.ScriptedAnswerer(shop.scripted_answer()) for _ in range(2)]
    one, two = (start(data, answerer=answerer, user_requests_per_minute=2, limits_store="state") for answerer in answerers)
    statuses = []
    for server in (one, two, one, two):
        with httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {one.public_key}"}, timeout=20, verify=False) as http:
            statuses.append(http.post("/v1/chat/completions", json=BODY | {"user": "ann"}).status_code)
    assert statuses == [200, 200, 429, 429]


def test_the_door_logs_a_sum_and_no_line_for_each(full: Full, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    with full.running.http() as http:
        for _ in range(20):
            assert http.post("/v1/chat/completions", json=BODY).status_code == 503
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert not [line for line in lines if line["event"] == "request"]
    assert 1 <= len([line for line in lines if line["event"] == "refused_at_the_door"]) < 20
