"""``citedesk ingest`` and ``citedesk up``, from files on disk to answers."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from ingest.parse.pool import ParserPool
from kb.store import VersionStore
from server.cli.main import app

pytestmark = pytest.mark.slow  # every test starts real child processes: they run in the integration stage

FAQ = 'question,answer,audience\nDoes the lamp dim?,"Yes, in three steps.",public\nVoucher?,Ninety euros at most.,internal\n'


@pytest.fixture(autouse=True)
def hashing_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_ENCODER", "hashing")
    monkeypatch.setenv("CITEDESK_READER", "words")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "lampshop"
    folder.mkdir()
    (folder / "returns.md").write_text("# Returns\n\nLamps can be returned within 30 days of delivery.\n")
    (folder / "faq.csv").write_text(FAQ)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def last_line(result: Result) -> Any:
    return json.loads(result.stdout.splitlines()[-1])


def test_the_first_ingest_publishes_and_makes_keys(documents: Path, data: Path) -> None:
    result = run("ingest", documents, "--data", data, "--who", "Ada", "--why", "first")
    assert result.exit_code == 0, result.output
    assert "Published version 000001." in result.stdout and "keys.env" in result.stdout
    assert stat.S_IMODE((data / "keys.env").stat().st_mode) == 0o600
    (manifest,) = VersionStore(data).versions()
    assert (manifest.who, manifest.why, dict(manifest.sources)) == ("Ada", "first", {"lampshop": 2})
    again = run("ingest", documents, "--data", data, "--json")
    assert again.exit_code == 3 and last_line(again)["outcome"] == "unchanged" and "keys.env" not in again.output
    found = last_line(run("ask", "Can lamps be returned within 30 days?", "--data", data, "--json"))
    assert found["sources"][0]["document"] == "returns.md"


def test_a_file_that_fails_is_listed(documents: Path, data: Path) -> None:
    (documents / "broken.pdf").write_bytes(b"%PDF-1.7 nothing else")
    result = run("ingest", documents, "--data", data, "--name", "shop", "--json")
    assert result.exit_code == 5, result.output
    report = last_line(result)
    assert [file["path"] for file in report["files"] if file["state"] == "failed"] == ["broken.pdf"]
    assert "broken.pdf" in result.stderr and {file["source"] for file in report["files"]} == {"shop"}
    assert report["published"] is True and "Published version 000001, without" in result.stderr
    again = run("ingest", documents, "--data", data, "--name", "shop", "--json")
    assert again.exit_code == 5 and last_line(again)["published"] is False and "Published" not in again.stderr


def test_what_cannot_be_ingested(documents: Path, data: Path, tmp_path: Path) -> None:
    missing = run("ingest", tmp_path / "nowhere", "--data", data)
    assert missing.exit_code == 1 and "does not exist" in " ".join(missing.output.split()) and "Traceback" not in missing.output
    assert run("ingest", documents, documents, "--name", "one", "--data", data).exit_code == 2
    with VersionStore(data).writer():
        busy = run("ingest", documents, "--data", data, "--json")
    assert busy.exit_code == 75 and last_line(busy)["outcome"] == "busy"
    assert not (data / "keys.env").exists()


def test_up_goes_from_files_to_answers(documents: Path, data: Path, free_port: int) -> None:
    command = [sys.executable, "-m", "server.cli.main", "up", str(documents), "--data", str(data), "--port", str(free_port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(os.environ), text=True) as server:
        assert server.stdout is not None
        assert any("Serving" in line for line in iter(server.stdout.readline, ""))
        keys = dict(line.split("=") for line in (data / "keys.env").read_text().splitlines() if "=" in line)
        body = {"query": "Voucher? Ninety euros"}
        for name, sees in (("PUBLIC", False), ("INTERNAL", True)):
            headers = {"Authorization": f"Bearer {keys[f'CITEDESK_{name}_KEY']}"}
            text = httpx.post(f"http://127.0.0.1:{free_port}/v1/search", json=body, headers=headers, timeout=20).text
            assert ("Ninety euros at most." in text) is sees
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)


def test_the_operator_decides_what_reading_a_document_may_take(documents: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    real = ParserPool.__init__

    def watched(pool: ParserPool, workers: int, limits: Any) -> None:
        seen.append(limits)
        real(pool, workers, limits)

    monkeypatch.setattr(ParserPool, "__init__", watched)
    monkeypatch.setenv("CITEDESK_PARSE_SECONDS", "90")
    monkeypatch.setenv("CITEDESK_PARSE_MEMORY_MIB", "1024")
    monkeypatch.setenv("CITEDESK_OCR_SECONDS", "3600")
    assert run("ingest", documents, "--data", data).exit_code == 0
    assert (seen[0].wall_seconds, seen[0].cpu_seconds, seen[0].memory) == (90.0, 90, 1024 << 20)
    assert seen[0].ocr_seconds == 3600
