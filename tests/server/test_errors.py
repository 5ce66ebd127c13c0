"""Every failure leaves in OpenAI's shape, says what to do, and repeats nothing of what was sent."""

import ast
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import AuthenticationError, BadRequestError, InternalServerError, NotFoundError, PermissionDeniedError

from kb import errors
from kb.encoders.hashing import HashingEncoder
from server.errors import _TABLE, RefusedError, to_failure
from tests.server import shop
from tests.server.conftest import Running, Start
from tests.source import PACKAGES, sources

CHAT = "/v1/chat/completions"
USER = {"role": "user", "content": "Returns?"}
GOOD: dict[str, Any] = {"model": "citedesk", "messages": [USER]}
CANARY = "zebra-canary"


def check_shape(response: httpx.Response, status: int, code: str | None, param: str | None = None) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["x-request-id"].startswith("req_")
    body = response.json()
    assert set(body) == {"error"} and set(body["error"]) == {"message", "type", "param", "code"}
    assert "detail" not in response.text and CANARY not in response.text
    assert (body["error"]["code"], body["error"]["param"]) == (code, param)
    error: dict[str, Any] = body["error"]
    return error


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"messages": None}, "invalid_value", "messages"),
        ({"messages": []}, "invalid_value", "messages"),
        ({"messages": CANARY}, "invalid_value", "messages"),
        ({"messages": [{"role": "system", "content": CANARY}]}, "missing_user_message", "messages"),
        ({"messages": [{"role": "user", "content": "  "}]}, "empty_question", "messages"),
        ({"messages": [{"role": "user", "content": "x" * 100_000}]}, "context_length_exceeded", "messages"),
        ({"messages": [{"role": CANARY, "content": "x"}]}, "invalid_value", "messages[0].role"),
        ({"messages": [{"role": "function", "content": "x"}]}, "invalid_value", "messages[0].role"),
        ({"messages": [USER, {"role": "user", "content": 7}]}, "invalid_value", "messages[1].content"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": CANARY}}]}]},
         "unsupported_content_type", "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "invalid_content", "messages[0].content"),
        ({"model": None}, "invalid_value", "model"),
        ({"temperature": 3}, "invalid_value", "temperature"),
        ({"temperature": CANARY}, "invalid_value", "temperature"),
        ({"top_p": 2}, "invalid_value", "top_p"),
        ({"max_tokens": 0}, "invalid_value", "max_tokens"),
        ({"max_completion_tokens": -1}, "invalid_value", "max_completion_tokens"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "invalid_value", "stop"),
        ({"stop": ""}, "invalid_value", "stop[0]"),
        ({"seed": 0.5}, "invalid_value", "seed"),
        ({"seed": "x"}, "invalid_value", "seed"),
        ({"max_tokens": True}, "invalid_value", "max_tokens"),
        ({"max_tokens": "5"}, "invalid_value", "max_tokens"),
        ({"temperature": True}, "invalid_value", "temperature"),
        ({"n": True}, "invalid_value", "n"),
        ({"n": 2}, "unsupported_value", "n"),
        ({"n": 0}, "unsupported_value", "n"),
        ({"tools": [{"type": "function"}]}, "unsupported_parameter", "tools"),
        ({"logprobs": True}, "unsupported_parameter", "logprobs"),
        ({"response_format": {"type": "json_object"}}, "unsupported_value", "response_format.type"),
        ({"stream": "yes"}, "invalid_value", "stream"),
        ({"citedesk": {"audience": "internal"}}, "unknown_field", "citedesk.audience"),
        ({"citedesk": {"regoin": "FR"}}, "unknown_field", "citedesk.regoin"),
        ({"citedesk": {"as_of": "2026-02-30"}}, "invalid_date", "citedesk.as_of"),
        ({"citedesk": {"as_of": 20260203}}, "invalid_date", "citedesk.as_of"),
        ({"citedesk": {"region": "F R"}}, "invalid_region", "citedesk.region"),
        ({"citedesk": {"region": "Atlantis"}}, "invalid_region", "citedesk.region"),
        ({"citedesk": {"region": "Mars"}}, "invalid_region", "citedesk.region"),
        ({"citedesk": {"region": ""}}, "invalid_region", "citedesk.region"),
        ({"citedesk": {"region": 3}}, "invalid_value", "citedesk.region"),
        ({"citedesk": {"language": "klingon"}}, "invalid_language", "citedesk.language"),
        ({"citedesk": {"language": "xx"}}, "invalid_language", "citedesk.language"),
        ({"citedesk": {"citation_style": CANARY}}, "invalid_value", "citedesk.citation_style"),
    ],
)  # fmt: skip
def test_wrong_fields(shared: Running, change: dict[str, Any], code: str, param: str) -> None:
    with shared.http() as http:
        for stream in (None, True):
            body = {"stream": stream} | GOOD | change
            check_shape(http.post(CHAT, json=body), 400, code, param)


@pytest.mark.parametrize("name", ["messages", "model"])
def test_missing_fields(shared: Running, name: str) -> None:
    body = {key: value for key, value in GOOD.items() if key != name}
    with shared.http() as http:
        check_shape(http.post(CHAT, json=body), 400, "missing_field", name)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"",
        b'{"messages": NaN, "model": "citedesk"}',
        b'{"model": "citedesk", "messages": [{"role": "user", "content": "\\ud800 zebra-canary"}]}',
        b'{"model": "\xff\xfe"}',
        b"[" * 20_000 + b"]" * 20_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    ],
    ids=["cut", "empty", "nan", "surrogate", "not utf-8", "deep list", "deep object"],
)
def test_what_is_not_json(shared: Running, content: bytes) -> None:
    with shared.http() as http:
        check_shape(http.post(CHAT, content=content, headers={"content-type": "application/json"}), 400, "invalid_json")


def test_a_list_is_not_a_request(shared: Running) -> None:
    with shared.http() as http:
        check_shape(http.post(CHAT, json=[CANARY]), 400, "invalid_value")


def test_other_content_types(shared: Running) -> None:
    with shared.http() as http:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
            response = http.post(CHAT, content=json.dumps(GOOD), headers={"content-type": kind})
            check_shape(response, 415, "unsupported_media_type")
        assert http.post(CHAT, content=json.dumps(GOOD), headers={"content-type": "Application/JSON; charset=utf-8"}).status_code == 200


@pytest.mark.parametrize("size", [1_100_000, 5_000_000])
def test_a_body_over_the_cap(shared: Running, size: int) -> None:
    with shared.http() as http:
        check_shape(http.post(CHAT, json=GOOD | {"user": "x" * size}), 413, "request_too_large")
        check_shape(http.post(CHAT, content=_pieces(size), headers={"content-type": "application/json"}), 413, "request_too_large")


def _pieces(size: int) -> Iterator[bytes]:
    yield b'{"user": "'
    for _ in range(size // 10_000):
        yield b"x" * 10_000
    yield b'"}'


def test_routing(shared: Running) -> None:
    with shared.http() as http:
        for path in ("/nothing", "/v1/nothing", "/v1/models/", "/docs", "/redoc"):
            assert http.get(path).status_code == 404
        check_shape(http.get("/v1/zebra-canary"), 404, "unknown_url")
        check_shape(http.post("/v1/chat/completions/", json=GOOD), 404, "unknown_url")
        response = http.get(CHAT)
        check_shape(response, 405, "method_not_allowed")
        assert response.headers["allow"] == "POST"
        check_shape(http.get("/v1/documents?limit=zebra-canary"), 400, "invalid_value", "limit")


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/v1/feedback", "GET, POST"), ("/v1/keys/x", "DELETE, GET"), ("/v1/originals/1/x", "GET, HEAD"), ("/v1/search", "POST")],
)
def test_a_wrong_method_is_told_all_that_the_address_takes(shared: Running, path: str, methods: str) -> None:
    """RFC 9110, 15.5.6; each method may have a route of its own."""
    with shared.http() as http:
        response = http.patch(path)
    assert (response.status_code, response.headers["allow"]) == (405, methods)
    assert response.json()["error"]["message"].endswith(f"It takes {methods}.")


def test_a_question_that_is_wrong_is_named_where_it_stands(shared: Running) -> None:
    wrong = (({"query": " "}, "query"), ({"queries": ["lamp", ""]}, "queries[1]"), ({"queries": ["x" * 9000]}, "queries[0]"))
    with shared.http() as http:
        for body, param in wrong:
            error = http.post("/v1/search", json=body).json()["error"]
            assert error["param"] == param and error["code"] in ("empty_question", "context_length_exceeded")


@pytest.mark.parametrize(
    ("path", "body"),
    [("/v1/feedback", [1]), ("/v1/verify", {"text": "a.", "passages": ["x"]}), ("/v1/search", {"query": "a", "citedesk": 1})],
)
def test_what_should_be_an_object_is_called_so(shared: Running, path: str, body: Any) -> None:
    """Not by the name of a class."""
    with shared.http() as http:
        message = http.post(path, json=body).json()["error"]["message"]
    assert message.endswith("it must be an object with named fields.") and "Fields" not in message and "Request" not in message


def test_an_unexpected_error_says_nothing(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), fail_after=0, error=RuntimeError(CANARY))
    with start(data, answerer=answerer).http() as http:
        response = http.post(CHAT, json=GOOD)
    check_shape(response, 500, "internal_error")
    assert response.headers["x-request-id"] in capsys.readouterr().out  # the log names the request


def test_an_error_outside_the_handlers_is_caught_too(data: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError(CANARY)

    running = start(data)
    monkeypatch.setattr("server.routes.documents._page", fail)
    with running.http() as http:
        check_shape(http.get("/v1/documents"), 500, "internal_error")


def test_keys(shared: Running) -> None:
    good = shared.public_key
    wrong = [None, "", "Basic abc", "Bearer", "Bearer nonsense", f"Bearer {good[:-1]}", f"Bearer {good}x", f"Basic {good}"]
    wrong.append(f"Bearer {good[:-4]}{'AAAA' if not good.endswith('AAAA') else 'BBBB'}")
    with httpx.Client(base_url=shared.url) as http:
        for value in wrong:
            headers = {"authorization": value} if value is not None else {}
            for method, path in (("POST", CHAT), ("GET", "/v1/models"), ("POST", "/v1/search"), ("GET", "/v1/documents")):
                response = http.request(method, path, headers=headers, json=GOOD if method == "POST" else None)
                check_shape(response, 401, "invalid_api_key")
                assert response.headers["www-authenticate"].startswith("Bearer")


def test_the_sdk_sees_its_own_classes(shared: Running) -> None:
    client = shared.openai()
    messages: Any = [USER]
    with pytest.raises(NotFoundError) as unknown:
        client.chat.completions.create(model="gpt-x", messages=messages)
    assert (unknown.value.code, unknown.value.param) == ("model_not_found", "model")
    with pytest.raises(NotFoundError):
        client.models.retrieve("gpt-x")
    with pytest.raises(BadRequestError) as empty:
        client.chat.completions.create(model="citedesk", messages=[])
    assert empty.value.param == "messages"
    with pytest.raises(AuthenticationError):
        client.with_options(api_key="cd_live_no").models.list()


def test_a_revoked_key_and_a_missing_scope(shared: Running) -> None:
    new = shared.services.keys.create_key("search only", "public", ["search"])
    client = shared.openai().with_options(api_key=new.secret)
    messages: Any = [USER]
    with pytest.raises(PermissionDeniedError) as denied:
        client.chat.completions.create(model="citedesk", messages=messages)
    assert denied.value.code == "insufficient_scope"
    assert client.models.list().data
    shared.services.keys.revoke_key(new.key.id)
    with pytest.raises(AuthenticationError):
        client.models.list()


def test_an_empty_knowledge_base(empty_data: Path, start: Start) -> None:
    with start(empty_data).http() as http:
        assert http.get("/healthz").json() == {"status": "ok"}
        assert (http.head("/healthz").status_code, http.head("/readyz").status_code) == (200, http.get("/readyz").status_code)
        ready = http.get("/readyz")
        assert ready.status_code == 503 and ready.json()["kb_version"] is None
        assert "`citedesk ingest PATH`" in ready.json()["error"]["message"]
        assert str(empty_data) not in ready.text
        for stream in (False, True):
            error = check_shape(http.post(CHAT, json=GOOD | {"stream": stream}), 503, "no_version")
            assert str(empty_data) not in error["message"]


def test_another_encoder(data: Path, start: Start) -> None:
    shop.publish(data, 1, encoder=HashingEncoder(32))
    with start(data).http() as http:
        ready = http.get("/readyz").json()
        assert "hashing-32" in ready["error"]["message"] and ready["encoder"] == "hashing-64"
        check_shape(http.post("/v1/search", json={"query": "lamp"}), 503, "encoder_mismatch")


def test_a_slow_sender_does_not_hold_others(shared: Running) -> None:
    host, port = shared.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as slow:
        slow.sendall(f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shared.public_key}\r\n".encode())
        slow.sendall(b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
        with shared.http() as http:
            assert http.get("/v1/models").status_code == 200


def test_every_error_of_ours_has_a_row() -> None:
    classes = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CitedeskError)]
    assert len(classes) > 15
    for kind in classes:
        failure = to_failure(kind("A sentence."))
        assert failure.status >= 400 and failure.code
        assert any(base in _TABLE for base in kind.__mro__[:2]), f"{kind.__name__} needs a row of its own or its parent's"


NEVER_SENT = {
    "ClientGoneError": "nobody is there to be told",
    "UnfinishedAnswerError": "a fault of ours: logged, and sent as an unexpected error",
    "ResponseTooLargeError": "httpx's, for its own client; becomes an UpstreamError",
    "_TooLongError": "inside one parser process",
    "_HiddenError": "within server/originals/active_pdf.py: becomes a verdict",
}
"""Exceptions outside the tree, and why that is right."""


@pytest.mark.slow
def test_every_exception_of_ours_hangs_on_the_one_tree() -> None:
    bases: dict[str, set[str]] = {}
    for source in sources(*PACKAGES):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    ending = ("Error", "Exception")
    own = {name for name, above in bases.items() if any(base.endswith(ending) for base in above)} - {"CitedeskError"}
    assert len(own) > 25
    assert {name for name in own if not _reaches(name, "CitedeskError", bases)} == set(NEVER_SENT)


def _reaches(name: str, root: str, bases: dict[str, set[str]]) -> bool:
    return name == root or any(_reaches(base, root, bases) for base in bases.get(name, ()))


def test_what_a_repeat_cannot_mend_says_so() -> None:
    lasting = [kind for kind in _TABLE if not issubclass(kind, RefusedError)]
    told = {kind for kind in lasting if to_failure(kind("A sentence.")).headers.get("x-should-retry") == "false"}
    assert told >= {errors.EncoderMismatchError, errors.DeadlineError, errors.ConfigurationError, errors.NoVersionError}
    assert not told & {errors.GenerationError, errors.StoreBusyError, errors.CitedeskError}


def test_the_client_leaves_what_it_is_told_to_leave(empty_data: Path, start: Start) -> None:
    messages: Any = [USER]
    sent: list[httpx.Request] = []
    running = start(empty_data)
    with httpx.Client(event_hooks={"request": [sent.append]}, verify=False) as http:
        client = running.openai(http_client=http).with_options(max_retries=2)
        with pytest.raises(InternalServerError):
            client.chat.completions.create(model="citedesk", messages=messages)
    assert len(sent) == 1


def test_a_client_that_leaves_while_sending_is_no_failure_of_ours(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    running = start(data)
    host, port = running.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        head = f"POST /v1/search HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {running.public_key}\r\n"
        client.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
        time.sleep(0.2)
    deadline = time.monotonic() + 10
    logged = ""
    while "499" not in logged and time.monotonic() < deadline:
        time.sleep(0.05)
        logged += capsys.readouterr().out
    assert "499" in logged
    assert "unexpected_error" not in logged
