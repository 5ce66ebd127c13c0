"""``citedesk verify``: verdicts on the terminal, as JSON, and as an exit code."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kb.encoders.hashing import HashingEncoder
from server.cli.main import app
from server.cli.verify import _marked
from tests.server import shop

pytestmark = pytest.mark.slow  # whole commands: they run in the integration stage

TRUE = "You can return any lamp within 30 days of delivery. Keep the receipt [1]."
WRONG = "You can return any lamp within 45 days of delivery. Our showroom opens on Sundays.\n"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The commands use what needs no weights, and the shop's data folder."""
    data = tmp_path / "data"
    monkeypatch.setenv("CITEDESK_ENCODER", "hashing")
    monkeypatch.setenv("CITEDESK_READER", "words")
    monkeypatch.setenv("CITEDESK_DATA", str(data))
    monkeypatch.setenv("COLUMNS", "200")
    shop.publish(data, encoder=HashingEncoder(256))
    return data


@pytest.fixture
def passages(tmp_path: Path) -> Path:
    file = tmp_path / "passages.jsonl"
    rows = [{"id": "p-7", "title": "Lamp", "text": "The lamp dims in three steps."}, {"text": "Shipping costs 4.90 EUR."}]
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    return file


def run(*arguments: object, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(app, ["verify", *(str(argument) for argument in arguments)], input=stdin)


def last_line(result: Result) -> Any:
    return json.loads(result.stdout.splitlines()[-1])


def test_all_supported() -> None:
    result = run("-", stdin=TRUE)
    assert result.exit_code == 0, result.output
    assert "supported: You can return any lamp within 30 days of delivery." in result.stdout
    assert "[1] Title of returns.md  testshop/returns.md" in result.stdout
    assert result.stdout.endswith("2 supported, 0 contradicted, 0 not found (against version 000001)\n")


def test_something_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "draft.txt"
    file.write_text(f"\ufeff{WRONG}", encoding="utf-8")
    result = run(file)
    assert result.exit_code == 6
    assert "contradicted: You can return any lamp within 45 days of delivery." in result.stdout
    assert "The passage does not say “45 days” of this; it says “30 days”." in result.stdout
    assert "“You can return any lamp within 30 days of delivery.”" in result.stdout
    assert "not found: Our showroom opens on Sundays.\n    No passage says this.\n" in result.stdout


def test_json() -> None:
    result = run("-", "--json", "--as-of", "2026-01-02", "--region", "fr", "--language", "en", stdin=WRONG)
    assert result.exit_code == 6 and len(result.stdout.splitlines()) == 1
    got = last_line(result)
    assert got["summary"] == {"supported": 0, "contradicted": 1, "not_found": 1} and got["kb_version"] == "000001"
    assert got["sentences"][0]["problems"][0]["text"] == "45 days"
    assert "contradicted:" in result.stderr


def test_audience() -> None:
    assert last_line(run("-", "--json", stdin=shop.SECRET))["summary"]["not_found"] == 1
    inside = run("-", "--json", "--audience", "internal", stdin=shop.SECRET)
    assert inside.exit_code == 0
    assert last_line(inside)["sentences"][0]["citations"][0]["document"] in {"internal/agents.md", "mixed.md"}


def test_given_passages_touch_no_data_folder(passages: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    text = "The lamp dims in 3 steps [1]. Shipping costs 5.90 EUR [2]."
    result = run("-", "--passages", passages, "--data", elsewhere, stdin=text)
    assert result.exit_code == 6 and not elsewhere.exists()
    assert "[1] Lamp" in result.stdout and "[2] 2" in result.stdout
    assert result.stdout.endswith("1 supported, 1 contradicted, 0 not found (against the given passages)\n")
    got = last_line(run("-", "--passages", passages, "--json", stdin=text))
    assert got["kb_version"] is None and got["sentences"][0]["citations"][0]["passage_id"] == "p-7"


def test_the_wrong_word_is_marked() -> None:
    text = "Hello. It costs 5 EUR."
    problem = {"kind": "number", "start": 16, "end": 21}
    marked = _marked(text, {"start": 7, "end": 22, "problems": [problem]})
    assert marked.plain == "It costs 5 EUR."
    assert [(span.start, span.end) for span in marked.spans] == [(9, 14)]


def test_nothing_in_the_text_is_markup() -> None:
    assert "not found: The [bold]showroom[/bold] opens on Sundays." in run("-", stdin="The [bold]showroom[/bold] opens on Sundays.").stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        ((), "", 2, "FILE"),
        (("none-here.txt",), "", 2, "none-here.txt cannot be read"),
        ((".",), "", 2, ". cannot be read"),
        (("-",), "  ", 1, "empty"),
        (("-",), "x" * 20_001, 1, "20000"),
        (("-",), b"caf\xe9", 2, "UTF-8"),
        (("-", "--as-of", "tomorrow"), "x", 2, "--as-of 2026-11-23"),
        (("-", "--audience", "all"), "x", 2, "--audience public"),
        (("-", "--data", "none-here"), "x", 1, "citedesk ingest"),
        (("-", "--passages", "none-here.jsonl"), "x", 2, "none-here.jsonl"),
    ],
)
def test_errors_are_a_sentence(arguments: tuple[str, ...], stdin: str | bytes, code: int, words: str) -> None:
    result = run(*arguments, stdin=stdin)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr and "Traceback" not in result.stderr
    assert not Path("none-here").exists()


@pytest.mark.parametrize(
    ("line", "words"), [("nonsense", "JSON"), ('{"title": "a"}', 'a "text"'), ("[]", 'a "text"'), ('{"text": 5}', 'a "text"')]
)
def test_wrong_passages_are_named(passages: Path, line: str, words: str) -> None:
    passages.write_text(f'{{"text": "It is."}}\n{line}\n')
    result = run("-", "--passages", passages, stdin="It is.")
    assert result.exit_code == 2 and words in result.stderr and "line 2" in result.stderr
    passages.write_text("\n")
    assert run("-", "--passages", passages, stdin="It is.").exit_code == 1


def test_help_tells_the_exit_codes() -> None:
    shown = " ".join(run("--help").stdout.split())
    assert "0: all supported; 6: some contradicted or not found" in shown


def test_a_case_that_the_question_states_need_not_be_said_again(tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps({"text": "Return shipping is free when the item is defective."}))
    text = "Return shipping is free."
    assert run("-", "--passages", file, stdin=text).exit_code == 6
    assert run("-", "--passages", file, "--question", "Is return shipping free if my lamp is too big?", stdin=text).exit_code == 6
    result = run("-", "--passages", file, "--question", "Is return shipping free if my lamp is defective?", stdin=text)
    assert result.exit_code == 0, result.output
