"""Browsers, host names, and the headers that every response has."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from kb.errors import ConfigurationError
from server.origins import host_name
from server.settings import load_settings
from tests.server import shop
from tests.server.conftest import Running, Start

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

CHAT = "/v1/chat/completions"
GOOD: dict[str, Any] = {"model": "citedesk", "messages": [{"role": "user", "content": "Returns?"}]}
PAGE = "https://shop.example"


def test_every_response_is_closed_to_browsers(scripted: Running) -> None:
    with scripted.http() as http:
        responses = [
            *(http.get(path) for path in ("/", "/healthz", "/readyz", "/v1/models", "/nothing", CHAT, "/v1/originals/1/2")),
            http.post(CHAT, json=GOOD),
            http.post(CHAT, json=GOOD | {"stream": True}),
            http.post(CHAT, content=b"x" * 2_000_000, headers={"content-type": "application/json"}),
            http.post("/v1/search", content=b"{"),
        ]
    for response in responses:
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert response.headers["x-request-id"].startswith("req_")


def test_no_page_may_call_unless_it_is_named(scripted: Running, data: Path, start: Start) -> None:
    with scripted.http() as http:
        assert "access-control-allow-origin" not in http.get("/v1/models", headers={"origin": PAGE}).headers
        assert http.options(CHAT, headers=_preflight(PAGE)).status_code == 405
    with start(data, cors_origins=(PAGE,)).http() as http:
        allowed = http.options(CHAT, headers=_preflight(PAGE))
        assert allowed.status_code == 200 and allowed.headers["access-control-allow-origin"] == PAGE
        assert allowed.headers["access-control-allow-headers"].startswith("authorization")
        called = http.get("/v1/models", headers={"origin": PAGE})
        assert called.headers["access-control-allow-origin"] == PAGE and "x-request-id" in called.headers["access-control-expose-headers"]
        for origin in ("https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null"):
            refused = http.options(CHAT, headers=_preflight(origin))
            assert refused.status_code == 400 and refused.json()["error"]["code"] == "origin_not_allowed"
            assert "access-control-allow-origin" not in refused.headers
            assert "access-control-allow-origin" not in http.get("/v1/models", headers={"origin": origin}).headers
        for response in (allowed, called, refused):
            assert "access-control-allow-credentials" not in response.headers


def test_a_page_can_read_an_unexpected_error(data: Path, start: Start) -> None:
    answerer = shop.ScriptedAnswerer(shop.scripted_answer(), fail_after=0, error=RuntimeError("no"))
    with start(data, answerer=answerer, cors_origins=(PAGE,)).http() as http:
        response = http.post(CHAT, json=GOOD, headers={"origin": PAGE})
    assert response.status_code == 500 and response.headers["access-control-allow-origin"] == PAGE


def _preflight(origin: str) -> dict[str, str]:
    wanted = "authorization,content-type,x-stainless-lang"
    return {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": wanted}


def test_only_known_host_names_are_answered(data: Path, start: Start) -> None:
    with start(data, allowed_hosts=("desk.shop.example", "::1")).http() as http:
        for host, status in (("desk.shop.example", 200), ("DESK.shop.example:8443", 200), ("[::1]:80", 200), ("evil.example", 400)):
            assert http.get("/v1/models", headers={"host": host}).status_code == status
        refused = http.get("/v1/models")
        assert refused.json()["error"]["code"] == "unknown_host" and refused.headers["x-request-id"]
        assert http.get("/healthz").status_code == 200


def test_the_name_in_a_host_header() -> None:
    names = {"Shop.Example:80": "shop.example", "[::1]:80": "::1", "": "", "a": "a", "[::1": "::1"}
    assert {header: host_name(header) for header in names} == names


@pytest.mark.parametrize("origin", ["*", "shop.example", "https://shop.example/", "https://shop.example/path", "null", "ftp://shop.example"])
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ConfigurationError, match="CITEDESK_CORS_ORIGINS"):
        load_settings(cors_origins=(origin,))


def test_ignored_fields_are_named(scripted: Running) -> None:
    with scripted.http() as http:
        assert "x-citedesk-ignored" not in http.post(CHAT, json=GOOD | {"temperature": 0}).headers
        for stream in (False, True):
            response = http.post(CHAT, json=GOOD | {"stream": stream, "top_k": 5, "user": "u", "a b\r\n": 1, "ü": 2})
            assert response.headers["x-citedesk-ignored"] == "top_k,..."
        many = http.post(CHAT, json=GOOD | {f"field{number}": 1 for number in range(100)})
        assert many.headers["x-citedesk-ignored"].count("field") == 20
        assert http.post("/v1/search", json={"query": "lamp", "size": 3}).headers["x-citedesk-ignored"] == "size"
        assert http.post("/v1/embeddings", json={"model": "citedesk", "input": "a", "x": 3}).headers["x-citedesk-ignored"] == "x"


def test_unknown_fields_can_be_refused(data: Path, start: Start) -> None:
    with start(data, answerer=shop.ScriptedAnswerer(shop.scripted_answer()), unknown_fields="refuse").http() as http:
        assert http.post(CHAT, json=GOOD | {"user": "u", "metadata": {}, "parallel_tool_calls": True}).status_code == 200
        refused: httpx.Response = http.post(CHAT, json=GOOD | {"num_ctx": 5})
    assert refused.status_code == 400
    assert (refused.json()["error"]["code"], refused.json()["error"]["param"]) == ("unknown_field", "num_ctx")
