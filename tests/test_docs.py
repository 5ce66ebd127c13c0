"""What the pages name exists: files, settings, commands and their options."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from server.cli.main import app
from server.settings import GIVEN_TO_CLIENTS, Settings
from tests.source import ROOT, tracked_files

FOLDERS = "kb|ingest|rag|eval|server|tests|scripts|constraints|examples|docs"
HISTORY = ("docs/log.md", "CHANGELOG.md")
"""They tell what was, and may name what is gone."""
IN_THE_DATA_FOLDER = {"kb/CURRENT", "kb/HOLD", "kb/FORGOTTEN"}

PAGES = [path for path in tracked_files() if path.suffix == ".md" and str(path) not in HISTORY and not str(path).startswith("kb/")]


def text_of(page: Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def test_there_are_pages() -> None:
    assert {"README.md", "docs/design.md", "docs/decisions/0001-flat-index-from-vectors.md"} <= {str(one) for one in PAGES}


def quoted(text: str) -> Iterator[str]:
    """What stands in single backquotes."""
    yield from re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


def named_paths(text: str) -> set[str]:
    """What looks like a path of this tree: ``rag/verify/``, ``server/state/audit*.py``, docs/state.md without backquotes too."""
    words = [word for word in quoted(text) if re.fullmatch(rf"(?:{FOLDERS})(?:/[\w.*-]+)*/?", word) and "/" in word]
    plain = re.findall(rf"(?<![\w/.-])((?:{FOLDERS})/[\w/-]+\.(?:md|py|sh|txt|json|jsonl|yml|service|timer))(?![\w/])", text)
    return {*words, *plain} - IN_THE_DATA_FOLDER


def exists(path: str) -> bool:
    """Whether the tree has it: a file, a folder, a module with something in it (``eval.question.half_of``), or what a pattern fits."""
    return any(ROOT.glob(path.rstrip("/"))) or any(ROOT.glob(path.rpartition(".")[0] + ".py"))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_paths_exist(page: Path) -> None:
    assert [path for path in named_paths(text_of(page)) if not exists(path)] == []


def test_a_path_that_is_gone_would_be_seen() -> None:
    named = named_paths("See `rag/verify/gone.py`, docs/gone.md, `kb/`, `server/state/audit*.py` and `rag/verify/wording.NEGATIONS`.")
    assert {path for path in named if not exists(path)} == {"rag/verify/gone.py", "docs/gone.md"} and len(named) == 5


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text_of(page))
    assert [target for target in targets if not ((ROOT / page).parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_settings_exist(page: Path) -> None:
    named = set(re.findall(r"\bCITEDESK_[A-Z][A-Z_]*[A-Z]\b", text_of(page)))
    assert named - {f"CITEDESK_{name.upper()}" for name in Settings.model_fields} - GIVEN_TO_CLIENTS == set()


def told_commands(text: str) -> Iterator[list[str]]:
    """The words of each call of citedesk: inline ones, and lines of blocks, up to a pipe, a comment or the end."""
    blocks = re.findall(r"^```(?:bash|sh)?\n(.*?)^```", text, re.M | re.S)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    for line in [*quoted(re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)), *lines]:
        match = re.search(r"(?:^|\| |bin/|=\S+ )citedesk ([a-z].*)", line)
        if match:
            yield shlex.split(re.split(r"[|;#]", match[1])[0].replace("'", "").replace('"', ""))


def fault(words: list[str]) -> str | None:
    """What is wrong with the words after ``citedesk``: an unknown command or option."""
    command: object = get_command(app)
    rest = list(words)
    while isinstance(command, TyperGroup) and rest and not rest[0].startswith("-"):
        if rest[0] not in command.commands:
            return f"no command {rest[0]}"
        command = command.commands[rest.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "--debug"}  # type: ignore[attr-defined]
    unknown = [word for word in rest if re.match("--[a-z]", word) and word.partition("=")[0].rstrip(".,…") not in known]
    return f"no option {unknown[0]}" if unknown else None


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_and_options_exist(page: Path) -> None:
    assert [(words, problem) for words in told_commands(text_of(page)) if (problem := fault(words))] == []


def test_a_wrong_command_would_be_seen() -> None:
    page = "`citedesk nightly`\n\n```bash\n.venv/bin/citedesk ask x --frm 3\ncitedesk ingest a --json\n```\n"
    assert [fault(words) for words in told_commands(page)] == ["no command nightly", "no option --frm", None]
