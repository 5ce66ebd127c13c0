"""The command line."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import OpenAI
from typer.testing import CliRunner, Result

from kb.encoders.hashing import HashingEncoder
from kb.errors import ConfigurationError
from server.cli.main import app
from server.cli.serve import listening_socket
from tests.server import shop

pytestmark = pytest.mark.slow  # whole commands: they run in the integration stage


@pytest.fixture(autouse=True)
def hashing_encoder(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    """The commands use the encoder that needs no weights, and the shop's data folder."""
    monkeypatch.setenv("CITEDESK_ENCODER", "hashing")
    monkeypatch.setenv("CITEDESK_READER", "words")
    monkeypatch.setenv("CITEDESK_DATA", str(data))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shop.publish(folder, encoder=HashingEncoder(256))
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def last_line(result: Result) -> Any:
    return json.loads(result.stdout.splitlines()[-1])


def test_ask_prints_the_answer_and_its_citations() -> None:
    result = run("ask", "How long can I return a lamp?")
    assert result.exit_code == 0, result.output
    assert "30 days" in result.stdout and "[1]" in result.stdout
    assert f"{shop.SOURCE}/returns.md" in result.stdout
    assert "/v1/originals/" not in result.stdout  # a line of two hundred characters that opens only while a server runs


def test_ask_says_what_it_is_doing_while_it_converts_the_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str, cache: Path, precision: str, announce: Callable[[str], None]) -> HashingEncoder:
        announce("converting (once, about a minute)")
        return HashingEncoder(256)

    monkeypatch.setattr("kb.encoders.load.load_encoder", load)
    result = run("ask", "How long can I return a lamp?")
    assert result.exit_code == 0 and "converting" in result.stderr and "converting" not in result.stdout


def test_ask_json() -> None:
    got = last_line(run("ask", "How long can I return a lamp?", "--json", "--as-of", "2026-01-02", "--region", "fr"))
    assert got["abstained"] is False and got["kb_version"] == "000001"
    assert got["sources"][0]["document"] == "returns.md" and "removed" not in got
    assert got["sources"][0]["original"].startswith("http://127.0.0.1:8000/v1/originals/000001/")
    assert "removed" in last_line(run("ask", "Return a lamp?", "--json", "--audience", "internal"))


def test_search() -> None:
    assert "1. Title of returns.md" in run("search", "return lamp receipt", "-k", 1).stdout
    hits = last_line(run("search", "return lamp receipt", "-k", 2, "--json"))["hits"]
    assert [hits[0][name] for name in ("document", "source", "page", "text")] == ["returns.md", shop.SOURCE, None, shop.RETURNS]
    inside = last_line(run("search", "goodwill voucher chargeback", "--json", "--audience", "internal"))["hits"]
    assert inside[0]["text"] == shop.SECRET


def test_search_a_file_of_queries(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text("".join(json.dumps({"_id": f"q{n}", "text": f"kettle litres {n}"}) + "\n" for n in range(40)) + "\n")
    lines = [json.loads(line) for line in run("search", "--queries", file, "-k", 3).stdout.splitlines()]
    assert [line["_id"] for line in lines] == [f"q{n}" for n in range(40)]
    assert all(set(line["hits"][0]) >= {"document", "title", "source", "page", "text", "score"} for line in lines)
    assert lines[0]["hits"][0]["document"] == "kettle.pdf"
    for wrong in ("nonsense", '{"_id": 1}', '{"text": "a"}', "[]"):
        file.write_text(wrong)
        result = run("search", "--queries", file)
        assert result.exit_code == 2 and "line 1" in result.stderr


def test_versions_and_check(data: Path) -> None:
    shop.publish(data, 1, encoder=HashingEncoder(256))
    got = last_line(run("versions", "--json"))
    assert got["current"] == "000002" and [one["id"] for one in got["versions"]] == ["000002", "000001"]
    assert "a test" in run("versions").stdout
    assert "Version 000002 is sound" in run("check").stdout
    assert last_line(run("check", "000001", "--json"))["sound"] is True
    vectors = data / "kb" / "versions" / "000001" / "vectors.npy"
    content = bytearray(vectors.read_bytes())
    content[-1] ^= 1
    vectors.write_bytes(content)
    damaged = run("check", "000001", "--json")
    assert damaged.exit_code == 1 and "vectors.npy" in damaged.stderr
    assert last_line(damaged)["error"]["type"] == "VersionDamagedError"


def test_keys() -> None:
    made = last_line(run("keys", "create", "--name", "front", "--scope", "chat", "--scope", "search", "--expires-days", 3, "--json"))
    assert made["key"].startswith(f"cd_live_{made['id']}_") and made["scopes"] == ["chat", "search"] and made["state"] == "active"
    listed = last_line(run("keys", "list", "--json"))["keys"]
    assert listed[0]["id"] == made["id"] and "key" not in listed[0]
    assert "front" in run("keys", "list").stdout
    assert last_line(run("keys", "revoke", made["id"], "--json"))["state"] == "revoked"
    for wrong in (("revoke", "none"), ("create", "--name", "a", "--scope", "root"), ("create", "--name", " ")):
        assert run("keys", *wrong).exit_code == 1
    for wrong in (("--audience", "all"), ("--expires-days", "99999999"), ("--expires-days", "0")):
        assert run("keys", "create", "--name", "a", *wrong).exit_code == 2


def test_who_finds_a_key_in_the_open_revokes_it_without_seeing_it_again() -> None:
    made = last_line(run("keys", "create", "--name", "leaked", "--json"))
    revoked = run("keys", "revoke", made["key"])
    assert (revoked.exit_code, made["id"] in revoked.stdout, made["key"] in revoked.stdout) == (0, True, False)
    assert run("keys", "revoke", made["id"]).exit_code == 0
    rows = last_line(run("audit", "list", "--json"))["audit"]
    assert [row["action"] for row in rows if row["object"] == f"key:{made['id']}"].count("key.revoke") == 1
    unknown = run("keys", "revoke", made["key"].replace(made["id"], "0" * 12))
    assert unknown.exit_code == 1 and made["key"][-43:] not in unknown.stderr


def test_prepare() -> None:
    assert last_line(run("prepare", "--json"))["encoder"] == "hashing-256"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("ask", "x", "--data", "none-here"), 1, "citedesk ingest"),
        (("search", "x", "--data", "none-here"), 1, "citedesk ingest"),
        (("check", "000099"), 1, "citedesk versions"),
        (("ask", "  "), 1, "empty"),
        (("ask", "x" * 9000), 1, "8000"),
        (("ask", "x", "--as-of", "tomorrow"), 2, "--as-of 2026-11-23"),
        (("ask", "x", "--audience", "all"), 2, "--audience public"),
        (("search",), 2, "--queries"),
        (("ask",), 2, "QUESTION"),
        (("nonsense",), 2, "nonsense"),
        (("search", "x", "-k", "0"), 2, "-k"),
    ],
)
def test_errors_are_a_sentence(arguments: tuple[str, ...], code: int, words: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr and "Traceback" not in result.stderr
    assert not Path("none-here").exists()


def test_an_unexpected_error_is_a_sentence_and_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("server.cli.ask.parse_scope", fail)
    result = run("ask", "x", "--json")
    assert result.exit_code == 1 and "ZeroDivisionError" in result.stderr and "Traceback" not in result.stderr
    log = re.search(r"\S+citedesk-error-\S+\.log", result.stderr)
    assert log is not None and "inside" in Path(log[0]).read_text()
    assert last_line(result)["error"]["type"] == "ZeroDivisionError"
    assert isinstance(run("ask", "x", "--debug").exception, ZeroDivisionError)


def test_help_loads_no_model_library() -> None:
    program = (
        "import sys\nfrom typer.testing import CliRunner\nfrom server.cli.main import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print([name for name in ('torch', 'onnxruntime', 'faiss', 'sqlalchemy', 'fastapi', 'numpy') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--port", port)
    assert result.exit_code == 1 and f"Port {port}" in result.stderr and "--port" in result.stderr
    with pytest.raises(ConfigurationError, match="--host"):
        listening_socket("192.0.2.1", 0)


@pytest.mark.slow
def test_serve_answers_and_stops_gracefully(data: Path, free_port: int) -> None:
    key = last_line(run("keys", "create", "--name", "a", "--json"))["key"]
    command = [sys.executable, "-m", "server.cli.main", "serve", "--port", str(free_port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)) as server:
        assert server.stdout is not None and server.stderr is not None
        assert b"000001" in server.stdout.readline()
        url = f"http://127.0.0.1:{free_port}"
        with OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=3) as client:
            answer = client.chat.completions.create(
                model="citedesk", messages=[{"role": "user", "content": "How long can I return a lamp with zebra stripes?"}]
            )
        assert "30 days" in (answer.choices[0].message.content or "")
        assert answer.model_dump()["sources"][0]["original"].startswith(url)
        assert httpx.get(f"{url}/readyz").status_code == 200
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=20)
    assert server.returncode in (0, -signal.SIGTERM)
    lines = [json.loads(line) for line in errors.decode().splitlines() if line.startswith("{")]
    assert any(line["event"] == "request" and line["path"] == "/v1/chat/completions" for line in lines)
    assert "zebra" not in errors.decode() and key not in errors.decode() and "Traceback" not in errors.decode()
