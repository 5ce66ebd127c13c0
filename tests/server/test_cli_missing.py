"""A mistyped data folder: no empty list, no clean proof, and nothing is made there."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.cli.main import app

READING = (
    "keys list",
    "keys revoke 7741bce64050",
    "audit list",
    "audit verify",
    "freeze --list",
    "unfreeze 7741bce64050",
    "customer forget --user 4711 --yes",
)


@pytest.mark.parametrize("command", READING)
def test_what_only_reads_or_deletes_wants_a_state(command: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--data", str(tmp_path / "typo")])
    assert result.exit_code == 1
    assert f"There is no state.sqlite in {tmp_path / 'typo'}" in result.stderr and "Check --data" in result.stderr
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("command", ["runs", "versions", "backup --list"])
def test_what_lists_says_that_there_is_none(command: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--data", str(tmp_path / "typo")])
    assert result.exit_code == 0 and ": none." in result.stdout
    assert not (tmp_path / "typo").exists()


def test_a_question_that_nobody_answers_is_no(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["keys", "create", "--name", "a", "--data", str(tmp_path)]).exit_code == 0
    forget = ["customer", "forget", "--user", "4711", "--data", str(tmp_path)]
    unanswered = CliRunner().invoke(app, forget)
    assert unanswered.exit_code == 2 and "Nothing was deleted." in unanswered.stderr and "--yes" in unanswered.stderr
    refused = CliRunner().invoke(app, forget, input="n\n")
    assert refused.exit_code == 1 and "Nothing was deleted." in refused.stdout
