"""``citedesk ingest`` with archives and web addresses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from server.cli.main import app
from tests.ingest.builders import pack, write_files

pytestmark = pytest.mark.slow  # some start real child processes: they run in the integration stage


@pytest.fixture(autouse=True)
def hashing_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_ENCODER", "hashing")
    monkeypatch.setenv("CITEDESK_READER", "words")
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_an_archive(tmp_path: Path) -> None:
    archive = pack(tmp_path / "退货.zip", {"returns.md": "# Returns\n\nWithin 30 days.\n", "copy.md": "# Returns\n\nWithin 30 days!\n"})
    result = run("ingest", archive, "--data", tmp_path / "data", "--json")
    report = json.loads(result.stdout.splitlines()[-1])
    assert result.exit_code == 0 and {file["source"] for file in report["files"]} == {"退货"}
    assert report["duplicates"]["count"] == 1 and "退货/copy.md and 退货/returns.md (the same text)" in result.stderr


def test_a_bad_archive_is_a_sentence(tmp_path: Path) -> None:
    archive = pack(tmp_path / "shop.zip", {"../returns.md": "x"})
    result = run("ingest", archive, "--data", tmp_path / "data")
    assert result.exit_code == 1 and "points outside of it" in " ".join(result.output.split()) and "Traceback" not in result.output


def test_web_addresses_are_off_until_hosts_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    off = run("ingest", "https://localhost/returns.html", "--data", tmp_path / "data")
    assert off.exit_code == 1 and "CITEDESK_WEB_HOSTS" in off.output
    monkeypatch.setenv("CITEDESK_WEB_HOSTS", '["127.0.0.1"]')
    wrong = run("ingest", "https://localhost/returns.html", "--data", tmp_path / "data")
    assert wrong.exit_code == 1 and "'127.0.0.1' is no host name" in " ".join(wrong.output.split())


def test_an_allowed_host_in_this_network_is_not_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_WEB_HOSTS", '["localhost"]')
    urls = write_files(tmp_path, {"pages.urls": "https://localhost/returns.html\nhttps://other.example/\n"}) / "pages.urls"
    result = run("ingest", urls, "--data", tmp_path / "data", "--json")
    report = json.loads(result.stdout.splitlines()[-1])
    reasons = {file["path"]: file["reason"] for file in report["files"]}
    assert result.exit_code == 1 and report["outcome"] == "failed"
    assert "not of the public internet" in reasons["localhost/returns.html"]
    assert "not in CITEDESK_WEB_HOSTS" in reasons["other.example/index.html"]
