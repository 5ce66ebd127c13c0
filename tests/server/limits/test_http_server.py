"""Connections that are slow, half-open, or no HTTP at all."""

import asyncio
import json
import socket
from pathlib import Path

import pytest

from server.http_server import HttpProtocol
from tests.server import shop
from tests.server.conftest import Running, Start

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

HALF = b"POST /v1/search HTTP/1.1\r\nhost: localhost\r\nx-slow: "


def connect(running: Running, sent: bytes = b"") -> socket.socket:
    host, port = running.url.removeprefix("http://").split(":")
    opened = socket.create_connection((host, int(port)), timeout=20)
    opened.sendall(sent)
    return opened


def received(connection: socket.socket) -> bytes:
    """All until the server hangs up."""
    pieces = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


@pytest.mark.parametrize("sent", [b"", HALF])
def test_a_head_that_never_ends_is_hung_up_on(shared: Running, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(HttpProtocol, "head_seconds", 0.3)
    with connect(shared, sent) as connection:
        assert received(connection) == b""


def test_so_is_one_after_an_answered_request(shared: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HttpProtocol, "head_seconds", 0.3)
    with connect(shared, b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n") as connection:
        answer = b""
        while not answer.endswith(b"}"):
            answer += connection.recv(65536)
        connection.sendall(b"GET /hea")
        assert received(connection) == b""


def test_a_slow_head_that_ends_in_time_is_answered(shared: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HttpProtocol, "head_seconds", 20.0)
    with connect(shared) as connection:
        for byte in b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n":
            connection.sendall(bytes([byte]))
        assert received(connection).startswith(b"HTTP/1.1 200")


def test_two_hundred_half_open_connections_hurt_nobody(data: Path, start: Start) -> None:
    running = start(data, answerer=shop.ScriptedAnswerer(shop.scripted_answer()), body_seconds=60.0)
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {running.public_key}\r\n"
        "content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"
    ).encode()
    slow = [connect(running, HALF if number % 2 else head) for number in range(200)]
    try:
        with running.http() as http:
            for _ in range(5):
                assert http.get("/healthz").status_code == 200
                body = {"model": "citedesk", "messages": [{"role": "user", "content": "Returns?"}]}
                assert http.post("/v1/chat/completions", json=body).status_code == 200
        queues = running.services.queues
        assert (queues.answers.running, queues.answers.waiting) == (0, 0), "who sends slowly holds no place"
    finally:
        for connection in slow:
            connection.close()


def test_a_body_that_never_comes_is_a_408(data: Path, start: Start) -> None:
    running = start(data, body_seconds=0.3)
    head = (
        f"POST /v1/search HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {running.public_key}\r\n"
        "content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"
    ).encode()
    with connect(running, head) as connection:
        answer = received(connection)
    assert answer.startswith(b"HTTP/1.1 408")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "request_timeout"


@pytest.mark.parametrize("sent", [b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\nx: " + b"a" * 70_000 + b"\r\n\r\n"])
def test_what_is_no_http_is_told_so_in_the_usual_shape(shared: Running, sent: bytes) -> None:
    with connect(shared) as connection:
        try:
            connection.sendall(sent)
            answer = received(connection)
        except ConnectionError:  # hung up on while still sending
            return
    assert answer.startswith(b"HTTP/1.1 400")
    assert set(json.loads(answer.partition(b"\r\n\r\n")[2])["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])
def test_no_form_is_taken_apart(shared: Running, kind: str) -> None:
    """Not one part of it is parsed: a multipart body of a million parts costs as much as none."""
    body = b"".join(b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(1000)) + b"--x--\r\n"
    with shared.http() as http:
        for path in ("/v1/chat/completions", "/v1/search", "/v1/verify"):
            answer = http.post(path, content=body, headers={"content-type": kind})
            assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"messages":'])
def test_json_twenty_thousand_deep_is_a_400(shared: Running, opening: str) -> None:
    with shared.http() as http:
        answer = http.post("/v1/chat/completions", content=opening * 20_000, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")


def test_a_huge_body_is_refused_before_it_has_come(shared: Running) -> None:
    head = (
        f"POST /v1/search HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {shared.public_key}\r\n"
        f"content-type: application/json\r\ncontent-length: {64 << 20}\r\n\r\n"
    ).encode()
    with connect(shared, head) as connection:
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")


def test_what_is_written_leaves_at_once(shared: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the second piece of a response waits until the client has confirmed the first."""
    seen: list[int] = []
    made = HttpProtocol.connection_made

    def note(protocol: HttpProtocol, transport: asyncio.Transport) -> None:
        made(protocol, transport)
        seen.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(HttpProtocol, "connection_made", note)
    with connect(shared, b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n") as connection:
        assert received(connection).startswith(b"HTTP/1.1 200")
    assert seen and all(seen)
