"""The regions that requests may name: countries, groups, and what documents that the caller may see say they are for."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kb.encoders.hashing import HashingEncoder
from kb.scope import Scope
from server.cli.main import app
from tests.server import shop
from tests.server.conftest import Running, Start

pytestmark = pytest.mark.slow  # servers over HTTP, and the command line with its models

BODIES: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"model": "citedesk", "messages": [{"role": "user", "content": "How long can I return a lamp?"}]},
    "/v1/search": {"query": "returns"},
    "/v1/verify": {"text": "You can return any lamp within 30 days."},
}
OWN = "Lamps may be returned within ninety days."
INTERNAL = "Agents may take lamps back after a year."


def publish(folder: Path, encoder: HashingEncoder | None = None) -> Path:
    """A shop with a rule for a region of its own, and one that agents alone may see for another."""
    scopes = (Scope(regions=("LATAM", "FR")), Scope("internal", regions=("NORDI",)))
    items = [shop.Item("own.md", "text/markdown", b"x", [OWN, INTERNAL], scopes)]
    shop.publish(folder, encoder=encoder, shown=items)
    return folder


def ask(running: Running, path: str, region: str, internal: bool = False) -> tuple[int, dict[str, Any]]:
    with running.http(internal) as http:
        response = http.post(path, json=BODIES[path] | {"citedesk": {"region": region}})
        return response.status_code, response.json()


@pytest.mark.parametrize("path", BODIES)
def test_a_region_that_nobody_knows_is_refused(tmp_path: Path, start: Start, path: str) -> None:
    running = start(publish(tmp_path))
    for region in ("fr", "Spain", "EU", "Scotland", "us-ca", "广东", "latam", "DEU"):
        assert ask(running, path, region)[0] == 200
    status, body = ask(running, path, "Mars")
    assert (status, body["error"]["code"], body["error"]["param"]) == (400, "invalid_region", "citedesk.region")
    assert "ISO 3166" in body["error"]["message"] and "EEA" in body["error"]["message"] and "(LATAM)" in body["error"]["message"]
    assert ask(running, path, "nordi")[1] == body  # what agents alone see is as unknown as what nobody wrote
    assert ask(running, path, "nordi", internal=True)[0] == 200
    with running.http() as http:
        streamed = http.post(path, json=BODIES[path] | {"stream": True, "citedesk": {"region": "Mars"}})
        assert (streamed.status_code, streamed.json()) == (400, body)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--region", "Atlantis"), "'Atlantis' is not a region. Write an ISO 3166 code"),
        (("--region", "Mars"), "or one that the documents name (LATAM)"),
        (("--region", ""), "is not a region"),
        (("--language", "klingon"), "'klingon' is not a language. Write its ISO 639 code"),
    ],
)
@pytest.mark.parametrize("command", [("ask", "Returns?"), ("search", "returns"), ("verify", "-")])
def test_the_command_line_refuses_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...], options: tuple[str, ...], words: str
) -> None:
    for name, value in {"ENCODER": "hashing", "READER": "words", "DATA": str(publish(tmp_path, HashingEncoder(256)))}.items():
        monkeypatch.setenv(f"CITEDESK_{name}", value)
    result = CliRunner().invoke(app, [*command, *options, "--json"], input="You can return any lamp within 30 days.")
    assert result.exit_code == 2 and words in result.stderr
    assert words in json.loads(result.stdout.splitlines()[-1])["error"]["message"]
    known = CliRunner().invoke(app, [*command, "--region", "latam", "--language", "en"], input="You can return any lamp within 30 days.")
    assert known.exit_code in (0, 6), known.output
