"""What the README says exists, does."""

import json
import re

import pytest
from typer.main import get_command

from server.cli.main import app
from server.settings import Settings
from tests.source import PACKAGES, ROOT, tracked_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
UNTOLD_FOLDERS = {".ci"}


def chapter(title: str) -> str:
    """The text under one heading of the README."""
    match = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", README, re.M | re.S)
    assert match, f"the README has no chapter {title}"
    return match.group(1)


def first_cells(text: str) -> list[str]:
    """What stands in backquotes at the start of each table row."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.M)


def test_its_make_commands_are_targets() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b(?=`|$|   )", README, re.M))
    assert named >= {"demo", "test", "help"}
    assert named <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M))


def test_its_table_of_commands_is_the_command_line() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert sorted(first_cells(chapter("Command line"))) == sorted(f"citedesk {name}" for name in commands)


def test_its_examples_use_options_that_exist() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    examples = re.findall(r"^\.venv/bin/citedesk (\w+)(.*)$", README, re.M)
    assert len(examples) >= 3
    for name, rest in examples:
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, name


def test_its_table_of_settings_is_the_settings() -> None:
    expected = [f"CITEDESK_{name.upper()}" for name in Settings.model_fields]
    assert sorted(first_cells(chapter("Settings"))) == sorted(expected)


def test_its_defaults_are_the_defaults() -> None:
    rows = dict(re.findall(r"^\| `CITEDESK_([A-Z_]+)` \| ([^|]+) \|", chapter("Settings"), re.M))
    settings = Settings()
    for name, shown in rows.items():
        value = getattr(settings, name.lower())
        if name != "CACHE":  # depends on the machine
            assert shown.strip() == ("none" if value in (None, ()) else f"`{plain(value)}`"), name


def plain(value: object) -> str:
    if isinstance(value, tuple):
        return json.dumps(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_its_tree_is_the_tree() -> None:
    shown = re.findall(r"^([a-z.]+)/ ", chapter("The tree"), re.M)
    folders = {path.parts[0] for path in tracked_files() if len(path.parts) > 1} - UNTOLD_FOLDERS
    assert sorted(shown) == sorted(folders)


@pytest.mark.parametrize("page", ["README.md", "docs/design.md", "docs/log.md", "CHANGELOG.md"])
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_design_page_names_the_folders_and_who_may_import_whom() -> None:
    design = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    present = {package for package in PACKAGES if (ROOT / package).is_dir()}
    assert {*re.findall(r"^\| `(\w+)/` \|", design, re.M)} == present | {"tests"}


def test_every_decision_follows_the_template() -> None:
    folder = ROOT / "docs/decisions"
    parts = re.findall(r"^\*\*.*?\*\*", (folder / "template.md").read_text(encoding="utf-8"), re.M)
    assert len(parts) == 4
    for number, path in enumerate(sorted(folder.glob("[0-9]*.md")), 1):
        text = path.read_text(encoding="utf-8")
        assert path.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. "), path.name
        assert [part for part in parts if f"\n{part} " not in text] == [], path.name


def test_decisions_named_elsewhere_exist() -> None:
    for path in tracked_files():
        if path.suffix in (".py", ".md", ".sh"):
            for name in re.findall(r"docs/decisions/(\d{4}-[\w-]+\.md)", (ROOT / path).read_text(encoding="utf-8")):
                assert (ROOT / "docs/decisions" / name).is_file(), f"{path} names {name}"
