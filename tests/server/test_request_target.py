"""Request targets that are whole addresses."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.server.conftest import Running, Start

pytestmark = pytest.mark.slow  # servers over HTTP


def ask(running: Running, target: str, host: str = "localhost", method: str = "GET", body: bytes = b"") -> tuple[int, Any]:
    """Status and content of what the server says to ``target``, written as it stands into the request's first line."""
    name, port = running.url.removeprefix("http://").split(":")
    fields = f"host: {host}\r\nauthorization: Bearer {running.public_key}\r\nconnection: close\r\n"
    fields += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n" if body else ""
    with socket.create_connection((name, int(port)), timeout=20) as connection:
        connection.sendall(f"{method} {target} HTTP/1.1\r\n{fields}\r\n".encode() + body)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, content = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(content)


@pytest.mark.parametrize("origin", ["http://localhost", "HTTP://shop.example:8000", "https://[::1]:8000"])
def test_a_whole_address_is_answered_like_its_path(shared: Running, origin: str) -> None:
    for path in ("/v1/models", "/v1/documents?limit=1", "/v1/models/cited%65sk"):
        assert ask(shared, origin + path) == ask(shared, path)
        assert ask(shared, path)[0] == 200
    assert ask(shared, origin)[0] == 200 == ask(shared, origin + "/")[0]
    body = b'{"query": "returns", "k": 1}'
    status, found = ask(shared, f"{origin}/v1/search", method="POST", body=body)
    assert status == 200 and found["hits"] == ask(shared, "/v1/search", method="POST", body=body)[1]["hits"]


@pytest.mark.parametrize("target", ["http://user@localhost/v1/models", "ftp://localhost/v1/models", "http:///v1/models", "/http://localhost/v1/models"])
def test_what_is_no_address_of_ours_finds_nothing(shared: Running, target: str) -> None:
    assert ask(shared, target)[0] == 404


def test_the_host_of_the_address_counts_and_not_the_header(data: Path, start: Start) -> None:
    running = start(data, allowed_hosts=("desk.example",))
    assert ask(running, "http://desk.example/v1/models", host="evil.example")[0] == 200
    status, body = ask(running, "http://evil.example/v1/models", host="desk.example")
    assert (status, body["error"]["code"]) == (400, "unknown_host")
