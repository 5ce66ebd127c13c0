"""``citedesk eval load``: two real servers over generated passages, and the table of what they answered."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.cli.main import app
from server.settings import load_settings
from server.state.database import StateDatabase
from server.state.keys import KeyStore


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_both_servers_are_loaded_and_their_keys_revoked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ENCODER": "hashing", "READER": "words", "OCR": "off"}.items():
        monkeypatch.setenv(f"CITEDESK_{name}", value)
    small = ["--passages", "100", "--rates", "20", "--concurrent", "2", "--seconds", "1", "--rounds", "1"]
    done = CliRunner().invoke(app, ["eval", "load", "--data", str(tmp_path), *small])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout.splitlines()[-1])
    assert len(figures) == 6
    assert all(figure["answered"] > 0 for figure in figures.values())
    assert sum(figure["failed"] for figure in figures.values()) == 0
    database = StateDatabase.open(load_settings(data=tmp_path).data)
    keys = KeyStore(database).list_keys()
    database.close()
    assert [key.revoked_at is None for key in keys] == [False, False]


@pytest.mark.parametrize("arguments", [["--rates", "ten"], ["--concurrent", "0"]])
def test_what_is_no_list_of_numbers_is_refused(arguments: list[str]) -> None:
    done = CliRunner().invoke(app, ["eval", "load", *arguments])
    assert done.exit_code != 0
    assert arguments[0] in done.output
