"""What ``--help`` tells: all of it is shown, every option has its default or its meaning, and the examples are commands that exist."""

import re
import shlex
from collections.abc import Iterator

import pytest
from rich.text import Text
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from server.cli.examples import EXAMPLES
from server.cli.main import app

ROOT = get_command(app)


def all_commands(command: object = ROOT, name: str = "") -> Iterator[tuple[str, object]]:
    """Every command that is not a group, by its words."""
    if isinstance(command, TyperGroup):
        for word, below in command.commands.items():
            yield from all_commands(below, f"{name} {word}".strip())
    else:
        yield name, command


COMMANDS = dict(all_commands())


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_of_a_help_text_is_taken_for_markup(name: str) -> None:
    """Rich takes ``[default: today]`` for a style, and shows nothing of it."""
    command = COMMANDS[name]
    texts = [parameter.help for parameter in command.params if getattr(parameter, "help", None)]  # type: ignore[attr-defined]
    for text in [*texts, command.help, command.epilog or ""]:  # type: ignore[attr-defined]
        assert Text.from_markup(text).plain == text.replace("\\[", "["), text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_argument_says_what_it_is(name: str) -> None:
    command = COMMANDS[name]
    assert command.help, name  # type: ignore[attr-defined]
    assert [one.name for one in command.params if not getattr(one, "help", None)] == []  # type: ignore[attr-defined]


def test_the_defaults_are_shown() -> None:
    shown = CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "200"}).output
    assert "[default: CITEDESK_DATA or ./var/data]" in shown and "[default: 8000]" in shown


@pytest.mark.parametrize("name", EXAMPLES)
def test_its_examples_use_commands_and_options_that_exist(name: str) -> None:
    lines = EXAMPLES[name].split("\n\n")[1:]
    assert lines
    for line in lines:
        words = shlex.split(line.rpartition("| ")[2])
        told = next(told for told in COMMANDS if words[1 : 1 + len(told.split())] == told.split())
        assert words[0] == "citedesk" and (name == "citedesk" or told == name)
        known = {option for parameter in COMMANDS[told].params for option in parameter.opts}  # type: ignore[attr-defined]
        assert {word for word in words if re.match("--?[a-z]", word)} <= known, line


def test_the_help_of_a_command_ends_with_its_examples() -> None:
    for name in sorted(set(EXAMPLES) - {"citedesk"}):
        shown = CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "200"}).output
        assert all(line in shown for line in EXAMPLES[name].split("\n\n")), name


def test_it_says_which_version_it_is() -> None:
    assert re.fullmatch(r"citedesk \d+\.\d+\.\d+\n", CliRunner().invoke(app, ["--version"]).output)
