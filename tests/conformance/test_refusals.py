"""Checks 22-27: what is refused, how it is said, and what OpenAI's clients make of it."""

import gzip
import json
from typing import Any

import pytest

from tests.conformance import launch, raw
from tests.conformance.answers import RETURNS
from tests.conformance.serving import Served
from tests.conformance.target import MODEL, Target, chat
from tests.conformance.worker import ClientError, Worker

ECHO = "zebra4711"
"""Stands in every wrong input; no response may repeat it."""


def refused(sdk: Worker, server: Target, key: str | None = None, **fields: Any) -> ClientError:
    with pytest.raises(ClientError) as caught:
        sdk.call("complete", server.base_url, key or server.keys.public, body=chat(RETURNS) | fields)
    return caught.value


def assert_openai_error(response: raw.RawResponse, status: int) -> dict[str, Any]:
    """The error object. Nothing beside it, in no other shape, and nothing of what was sent."""
    assert response.status == status, response.body
    assert response.header("content-type") == "application/json"
    assert response.header("x-request-id")
    assert response.json.keys() == {"error"}
    error: dict[str, Any] = response.json["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["message"] and isinstance(error["message"], str) and isinstance(error["type"], str)
    assert error["code"] is None or isinstance(error["code"], str)
    assert ECHO.encode() not in response.body and b"Traceback" not in response.body
    return error


def test_22_a_wrong_key(sdk: Worker, picked: Target) -> None:
    error = refused(sdk, picked, key="cd_live_wrong")
    assert (error.kind, error.status, error.code) == ("AuthenticationError", 401, "invalid_api_key")
    assert error.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", [None, "Basic dXNlcjpwYXNz", "Bearer", f"Bearer {ECHO}", "Bearer ééé"])
def test_22_no_key_or_another_scheme(header: str | None, picked: Target) -> None:
    headers = {"Content-Type": "application/json"} | ({"Authorization": header} if header else {})
    response = raw.send(f"{picked.url}/v1/chat/completions", json.dumps(chat(RETURNS)).encode(), headers)
    assert assert_openai_error(response, 401)["code"] == "invalid_api_key"
    assert (response.header("www-authenticate") or "").startswith("Bearer")


@pytest.mark.usefixtures("ours")
def test_23_a_key_without_the_scope(sdk: Worker, picked: Target) -> None:
    error = refused(sdk, picked, key=picked.keys.searching)
    assert (error.kind, error.status) == ("PermissionDeniedError", 403)
    assert error.code


QUESTION = json.dumps(chat(f"Returns? {ECHO}"))
BODIES = {
    "no JSON": (f'{{"model": "{ECHO}", "messages"'.encode(), 400),
    "NaN": (QUESTION[:-1].encode() + b', "temperature": NaN}', 400),
    "lone surrogate": (QUESTION.replace("Returns", "\\ud800").encode(), 400),
    "broken UTF-8": (QUESTION.replace("Returns", "@").encode().replace(b"@", b"\xff\xfe"), 400),
    "20,000 deep": (QUESTION[:-1].encode() + b', "x": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400),
    "a list": (json.dumps([ECHO]).encode(), 400),
    "nothing": (b"", 400),
    "over the cap": (QUESTION.replace("Returns", "R" * 1_200_000).encode(), 413),
}


@pytest.mark.parametrize("body", BODIES)
def test_24_bodies_that_cannot_be_read(body: str, picked: Target) -> None:
    content, status = BODIES[body]
    assert_openai_error(picked.post(content), status)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_24_another_content_type(kind: str, picked: Target) -> None:
    assert_openai_error(picked.post(QUESTION.encode(), headers={"Content-Type": kind}), 415)


@pytest.mark.parametrize("body", [gzip.compress(QUESTION.encode()), QUESTION.encode()], ids=["packed", "said to be packed"])
def test_24_a_compressed_body(body: bytes, picked: Target) -> None:
    error = assert_openai_error(picked.post(body, headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}), 415)
    assert "Content-Encoding" in error["message"]


def test_24_an_unknown_route(picked: Target) -> None:
    assert_openai_error(picked.post(QUESTION.encode(), f"/v1/{ECHO}"), 404)
    assert_openai_error(picked.post(QUESTION.encode(), "/v1/chat/completions/"), 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_24_a_wrong_method(method: str, picked: Target) -> None:
    response = picked.post(QUESTION.encode(), method=method)
    assert_openai_error(response, 405)
    assert "POST" in (response.header("allow") or "")


def test_24_an_error_that_nobody_expected(own_picked: Served) -> None:
    response = own_picked.post(QUESTION.encode(), launch.PATH)
    assert_openai_error(response, 500)
    assert launch.SECRET.encode() not in response.body and b"LookupError" not in response.body
    request_id = response.header("x-request-id")
    assert any(line.get("request_id") == request_id and line["level"] == "error" for line in own_picked.logged())


def test_25_empty_messages(sdk: Worker, picked: Target) -> None:
    error = refused(sdk, picked, messages=[])
    assert (error.kind, error.status, error.param) == ("BadRequestError", 400, "messages")


@pytest.mark.parametrize("fields", [{}, {"messages": None}, {"messages": "Returns?"}, {"messages": {"role": "user"}}])
def test_25_missing_messages(fields: dict[str, Any], picked: Target) -> None:
    error = assert_openai_error(picked.post({"model": MODEL} | fields), 400)
    assert error["param"] == "messages"


def test_25_no_question_among_the_messages(picked: Target) -> None:
    for messages in ([{"role": "system", "content": "Be brief."}], [{"role": "user", "content": "  "}], [{"role": "user"}]):
        error = assert_openai_error(picked.post({"model": MODEL, "messages": messages}), 400)
        assert str(error["param"]).startswith("messages")


OUT_OF_RANGE: dict[str, Any] = {
    "temperature": 3,
    "top_p": -0.1,
    "presence_penalty": 2.5,
    "max_tokens": 0,
    "max_completion_tokens": -5,
    "stop": ["a", "b", "c", "d", "e"],
    "n": 2,
}


WRONG_TYPES: list[tuple[str, Any]] = [
    ("temperature", True),
    ("temperature", "0.5"),
    ("top_p", "1"),
    ("max_tokens", True),
    ("max_tokens", "400"),
    ("max_completion_tokens", 5.5),
    ("seed", "7"),
    ("n", True),
]


@pytest.mark.parametrize(("param", "value"), WRONG_TYPES)
def test_26_values_of_another_type_are_named(param: str, value: Any, sdk: Worker, picked: Target) -> None:
    error = refused(sdk, picked, **{param: value})
    assert (error.kind, error.status, error.param) == ("BadRequestError", 400, param)


@pytest.mark.parametrize("param", OUT_OF_RANGE)
def test_26_values_out_of_range_are_named(param: str, sdk: Worker, picked: Target) -> None:
    error = refused(sdk, picked, **{param: OUT_OF_RANGE[param]})
    assert (error.kind, error.status, error.param) == ("BadRequestError", 400, param)


def test_27_an_unknown_model(sdk: Worker, picked: Target) -> None:
    error = refused(sdk, picked, model="gpt-4.1-mini")
    assert (error.kind, error.status, error.code, error.param) == ("NotFoundError", 404, "model_not_found", "model")
