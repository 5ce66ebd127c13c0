"""Checks 1-6: models and whole completions, as OpenAI's clients read them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conformance.answers import IN_RETURNS, RETURNS
from tests.conformance.target import MODEL, Target, chat
from tests.conformance.worker import ClientError, Worker

FINISH_REASONS = {"stop", "length", "tool_calls", "content_filter", "function_call"}


def complete(sdk: Worker, server: Target, **fields: Any) -> dict[str, Any]:
    done: dict[str, Any] = sdk.call("complete", server.base_url, server.keys.public, body=chat(RETURNS, **fields))
    return done


def test_01_models_are_listed(sdk: Worker, picked: Target) -> None:
    listed = sdk.call("models", picked.base_url, picked.keys.public)
    assert listed["object"] == "list"
    assert MODEL in [model["id"] for model in listed["data"]]
    for model in listed["data"]:
        assert model["object"] == "model"
        assert type(model["created"]) is int
        assert isinstance(model["owned_by"], str) and model["owned_by"]


def test_02_a_model_is_found_by_its_id(sdk: Worker, picked: Target) -> None:
    assert sdk.call("model", picked.base_url, picked.keys.public, name=MODEL)["id"] == MODEL
    with pytest.raises(ClientError) as caught:
        sdk.call("model", picked.base_url, picked.keys.public, name="gpt-4.1")
    assert (caught.value.kind, caught.value.status, caught.value.code) == ("NotFoundError", 404, "model_not_found")


def test_03_a_completion_has_all_fields(sdk: Worker, server: Target) -> None:
    done = complete(sdk, server)["response"]
    assert done["object"] == "chat.completion" and done["model"] == MODEL
    assert isinstance(done["id"], str) and done["id"]
    assert type(done["created"]) is int
    (choice,) = done["choices"]
    assert choice["index"] == 0
    assert {"message", "logprobs", "finish_reason"} <= choice.keys()
    assert {"role", "content", "refusal", "annotations"} <= choice["message"].keys()


def test_03_a_hundred_completions_have_a_hundred_ids(picked: Target) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: picked.post(chat(RETURNS)).json, range(100)))
    assert len({answer["id"] for answer in answers}) == 100


def test_04_role_content_and_finish_reason(sdk: Worker, server: Target) -> None:
    (choice,) = complete(sdk, server)["response"]["choices"]
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["content"] and IN_RETURNS in choice["message"]["content"]
    assert choice["finish_reason"] in FINISH_REASONS


def test_05_usage_adds_up(sdk: Worker, server: Target) -> None:
    usage = complete(sdk, server)["response"]["usage"]
    counts = [usage[name] for name in ("prompt_tokens", "completion_tokens", "total_tokens")]
    assert all(type(count) is int and count > 0 for count in counts)
    assert counts[0] + counts[1] == counts[2]


def test_06_a_response_has_its_requests_id(sdk: Worker, server: Target) -> None:
    done = complete(sdk, server)
    assert done["request_id"] and done["request_id"] == done["headers"]["x-request-id"]


def test_06_an_error_has_its_requests_id(sdk: Worker, picked: Target) -> None:
    with pytest.raises(ClientError) as caught:
        complete(sdk, picked, temperature=3)
    error = caught.value
    assert error.request_id and error.request_id == error.headers["x-request-id"]
