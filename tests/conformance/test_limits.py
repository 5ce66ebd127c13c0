"""Checks 34 and 35: what a client is told that asks too much, and what it does then."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import raw
from tests.conformance.answers import RETURNS
from tests.conformance.conftest import CROWDED, SHOPPERS_LIMIT, make_well
from tests.conformance.counting import CountingDoor
from tests.conformance.limit_trial import LimitTrial
from tests.conformance.serving import Served, citedesk, environment
from tests.conformance.target import Keys, Target, chat
from tests.conformance.test_refusals import assert_openai_error
from tests.conformance.worker import SDKS, ClientError, Worker
from tests.fake_llm import sse
from tests.fake_llm.connection import Connection, Request
from tests.fake_llm.server import FakeLlm
from tests.processes import eventually

RUNNING = int(CROWDED["max_answers"])
PATIENCE_SECONDS = 120.0


@pytest.mark.parametrize("name", SDKS)
def test_34_a_limit_is_told_and_a_repeat_succeeds(name: str, limit_trials: "dict[str, Future[LimitTrial]]", record_property: Any) -> None:
    trial = limit_trials[name].result(300)
    assert trial.passed >= int(SHOPPERS_LIMIT["user_requests_per_minute"])
    refusal = trial.refusal
    assert (refusal.kind, refusal.status) == ("RateLimitError", 429)
    assert refusal.code == "rate_limit_exceeded"
    assert 1 <= int(refusal.headers["retry-after"]) <= 60
    for what in ("limit", "remaining", "reset"):
        assert refusal.headers[f"x-ratelimit-{what}-requests"]
    assert trial.afterwards["response"]["choices"][0]["message"]["content"]
    record_property(f"s waited by {name}", round(trial.waited))


class Endless:
    """A model that writes a word a second until nobody listens."""

    def __init__(self) -> None:
        self.asked = False

    async def __call__(self, connection: Connection, request: Request, text: str) -> None:
        await connection.begin_stream()
        while True:
            await connection.send(sse.token(request.model, " and"))
            self.asked = True
            await asyncio.sleep(1)


@pytest.fixture(scope="module")
def crowded(written_server: Served, fake_llm: FakeLlm) -> Iterator[Served]:
    """The server with as many answers under way as it gives at once, and one request that waits."""
    headers = {"Authorization": f"Bearer {written_server.keys.public}", "Content-Type": "application/json"}
    models = [Endless() for _ in range(RUNNING)]
    fake_llm.once(*models)
    with ExitStack() as stack:
        for _ in range(RUNNING + 1):
            stack.enter_context(raw.opened(f"{written_server.base_url}/chat/completions", raw.encoded(chat(RETURNS)), headers))
        assert eventually(lambda: all(model.asked for model in models), PATIENCE_SECONDS)
        yield written_server
    make_well(fake_llm, written_server)


def attempts(sdk: Worker, server: Target) -> tuple[int, ClientError]:
    """How often the client asked before it gave up, and what it raised then."""
    with CountingDoor(server.base_url) as door:
        with pytest.raises(ClientError) as caught:
            sdk.call("complete", door.url, server.keys.public, body=chat(RETURNS), retries=2)
        return door.count, caught.value


def test_35_overload_is_told_at_once(crowded: Target) -> None:
    response = crowded.post(chat(RETURNS, stream=True))
    assert assert_openai_error(response, 503)["code"]
    assert int(response.header("retry-after") or 0) >= 1
    assert crowded.get("/healthz").status == 200


def test_35_clients_try_three_times(sdk: Worker, crowded: Target) -> None:
    count, error = attempts(sdk, crowded)
    assert (error.kind, error.status, count) == ("InternalServerError", 503, 3)


@pytest.fixture(scope="module")
def empty(ours: None, encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with nothing published: no repeat by a client mends that."""
    data = tmp_path_factory.mktemp("empty") / "empty"
    made = citedesk("keys", "create", "--name", "test", "--data", str(data), environment=environment(encoder_cache))
    keys, small = Keys(*(made["key"],) * 3), {"encoder": "english", "reader": "words"}
    with Served(data, encoder_cache, tmp_path_factory.mktemp("empty"), keys, **small) as server:
        yield server


def test_35_clients_leave_it_at_once_where_a_repeat_is_useless(sdk: Worker, empty: Served) -> None:
    count, error = attempts(sdk, empty)
    assert (error.kind, error.status, count) == ("InternalServerError", 503, 1)
    assert error.headers["x-should-retry"] == "false"
