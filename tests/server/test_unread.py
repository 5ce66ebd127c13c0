"""Environment variables that nobody reads are named, by every command and in the server's log."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.cli.main import app
from server.settings import GIVEN_TO_CLIENTS, Settings, unread_variables
from tests.source import ROOT, tracked_files

SECRET = "hunter2-in-the-wrong-place"


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [
        ("CITEDESK_WEB_HOST", "CITEDESK_WEB_HOSTS"),
        ("CITEDESK_TIME_ZONE", "CITEDESK_TIMEZONE"),
        ("CITEDESK_DATA_DIR", "CITEDESK_DATA"),
        ("CITEDESK_LLM_API_KEY", "CITEDESK_LLM_KEY"),
        ("citedesk_refresh_secs", "CITEDESK_REFRESH_SECONDS"),
        ("CITEDESK_XYZZY", None),
        ("CITEDESK_", None),
    ],
)
def test_what_nobody_reads_is_found_with_the_nearest_setting(monkeypatch: pytest.MonkeyPatch, variable: str, nearest: str | None) -> None:
    monkeypatch.setenv(variable, "1")
    assert unread_variables() == {variable: nearest}


def test_settings_and_what_clients_are_given_are_no_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"CITEDESK_{name.upper()}", "x")
    for variable in GIVEN_TO_CLIENTS:
        monkeypatch.setenv(variable, "x")
    monkeypatch.setenv("citedesk_port", "1")  # read as CITEDESK_PORT
    monkeypatch.setenv("MY_CITEDESK_THING", "x")
    assert unread_variables() == {}


def test_nothing_that_scripts_and_workflows_set_would_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = (".sh", ".yml", ".yaml", ".service", ".timer", "")
    read = [path for path in tracked_files() if path.suffix in kinds]
    named = {name for path in read for name in re.findall(r"CITEDESK_[A-Z_]+", (ROOT / path).read_text(encoding="utf-8"))}
    assert named
    for name in named:
        monkeypatch.setenv(name, "x")
    assert unread_variables() == {}


@pytest.mark.parametrize("arguments", [["versions"], ["ingest"], ["versions", "--json"]])
def test_every_command_says_so_once_without_the_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str]) -> None:
    monkeypatch.setenv("CITEDESK_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CITEDESK_LLM_KEYS", SECRET)
    result = CliRunner().invoke(app, arguments)
    sentence = "Nobody reads the environment variable CITEDESK_LLM_KEYS. Is CITEDESK_LLM_KEY meant?"
    assert result.stderr.count(sentence) == 1 and "CITEDESK_LLM_KEYS" not in result.stdout
    assert SECRET not in result.output
    monkeypatch.delenv("CITEDESK_LLM_KEYS")
    assert "Nobody reads" not in CliRunner().invoke(app, arguments).stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", ["serve", "up"])
def test_the_servers_log_has_a_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str) -> None:
    settings = {"ENCODER": "hashing", "READER": "words", "DATA": str(tmp_path), "PORT": "0", "GATE_FLOR": SECRET}
    for name, value in settings.items():
        monkeypatch.setenv(f"CITEDESK_{name}", value)
    arguments = [sys.executable, "-m", "server.cli.main", command]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ), text=True) as server:
        assert server.stdout is not None and "Serving" in server.stdout.readline()
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=30)
    lines = errors.splitlines()
    logged = [json.loads(line) for line in lines if line.startswith("{") and "unread_variable" in line]
    assert [(one["variable"], one["nearest"]) for one in logged] == [("CITEDESK_GATE_FLOR", "CITEDESK_GATE_FLOOR")]
    assert sum(line.startswith("Nobody reads") for line in lines) == 1 and SECRET not in errors
