"""``citedesk diff``."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kb.store import VersionStore
from rag.query import Query
from server.cli.main import app
from server.state.database import StateDatabase
from server.state.questions import QuestionStore
from tests.server.diff.changed_shop import NEW, OLD, TODAY, File, publish

pytestmark = pytest.mark.slow  # whole commands: they run in the integration stage


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    for name, value in {"ENCODER": "hashing", "READER": "words", "DATA": str(folder)}.items():
        monkeypatch.setenv(f"CITEDESK_{name}", value)
    publish(VersionStore(folder), OLD)
    publish(VersionStore(folder), NEW)
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["diff", *(str(argument) for argument in arguments), "--as-of", TODAY.isoformat()])


def last_line(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout.splitlines()[-1])


def test_by_default_the_current_version_against_its_parent(data: Path) -> None:
    text = run("--no-answers").stdout
    assert text.startswith("000001 → 000002") and "Answers that change" not in text
    assert "NOW VISIBLE TO THE PUBLIC: 2" in text and "lamps/internal/goodwill.md → lamps/goodwill.md" in text
    assert "within [-30-]{+14+} days" in text and "起 [-7-]{+15+} 天内" in text
    assert "regions: everywhere → EU" in text and "2026-12-01  lamps/sale.md" in text
    assert "“Delivery” says “80 EUR”" in text


def test_json(data: Path) -> None:
    got = last_line(run("--no-answers", "--json"))
    assert (got["old"], got["new"], got["answers"]) == ("000001", "000002", None)
    assert got["counts"]["documents_changed"] == 4 and got["counts"]["widened"] == 2 and got["contradictions"]["found"] == 1
    turned = last_line(run("000002", "000001", "--no-answers", "--json"))
    assert turned["counts"]["documents_added"] == 1 and turned["widened"] == []


def test_against_nothing(data: Path) -> None:
    parentless = last_line(run("--json", "000001", "000002", "--no-answers"))
    assert parentless["old"] == "000001"
    store = VersionStore(data)
    assert store.manifest("000001").parent is None
    (data / "kb" / "CURRENT").write_text("000001\n")
    first = last_line(run("--json"))
    assert first["old"] is None and first["counts"]["documents_added"] == len(OLD) and first["answers"] is None


def test_questions_kept_before_are_forgotten_when_none_are_wanted(data: Path) -> None:
    database = StateDatabase.open(data)
    QuestionStore(database, 5).remember(Query("Does the lamp dim?", TODAY))
    database.close()
    assert last_line(run("--json"))["answers"] == {"asked": {}, "changed": 0, "counts": {}, "changes": []}


@pytest.mark.slow
def test_recent_questions_that_are_kept_are_asked(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_REMEMBER_QUESTIONS", "5")
    database = StateDatabase.open(data)
    QuestionStore(database, 5).remember(Query("Does the lamp dim?", TODAY))
    database.close()
    result = run("--json")
    (change,) = last_line(result)["answers"]["changes"]
    assert "three steps" in change["old"]["text"] and "five steps" in change["new"]["text"]
    assert "+ Yes, the lamp dims in five steps. [1]  [lamps/faq.csv]" in result.stderr


def test_golden_questions_of_the_shops_own(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "golden"
    folder.mkdir()
    question = {"id": "q1", "language": "zh", "question": "退货期限是几天？", "answerable": True, "kind": "fact", "documents": ["x"]}
    (folder / "own.jsonl").write_text(json.dumps(question), encoding="utf-8")
    got = last_line(run("--json", "--questions", folder))["answers"]
    assert got["asked"] == {"golden": 1} and "15 天" in got["changes"][0]["new"]["text"]


def test_without_an_encoder_the_rest_is_told(data: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CITEDESK_ENCODER", "bundled")
    monkeypatch.setenv("CITEDESK_CACHE", str(tmp_path / "empty"))
    got = last_line(run("--json"))
    assert got["answers"] is None and "citedesk prepare" in got["notes"][0] and got["counts"]["widened"] == 2
    assert not (tmp_path / "empty").exists()


def test_a_page_is_written(data: Path, tmp_path: Path) -> None:
    page = tmp_path / "diff.html"
    result = run("--no-answers", "--html", page)
    assert result.exit_code == 0 and str(page) in result.stdout
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>") and "15" in page.read_text(encoding="utf-8")
    nowhere = run("--no-answers", "--html", tmp_path / "none" / "diff.html")
    assert nowhere.exit_code == 2 and "There is no folder" in nowhere.stderr and nowhere.stdout == ""


def test_long_lists_are_cut_unless_all_is_wanted(data: Path) -> None:
    publish(VersionStore(data), {**NEW, **{f"extra-{n}.md": File("Extra", [("", f"Number {n}.")]) for n in range(30)}})
    short, full = run("--no-answers").stdout, run("--no-answers", "--all").stdout
    assert "Added documents: 30" in short and "… and 10 more (--all shows them)" in short and short.count("extra-") == 20
    assert "… and" not in full and full.count("extra-") == 30


def test_names_cannot_steer_the_terminal(data: Path) -> None:
    publish(VersionStore(data), {**NEW, "evil\x1b]0;title\x07\u202egpj.md": File("\x1b[31mRed", [("", "Text\x1b[2J gone")])})
    text = run("--no-answers").stdout
    assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text and "\\u202egpj.md" in text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [(("000001", "000099"), 1, "citedesk versions"), (("000002", "000002"), 2, "itself"), (("--data", "none-here"), 1, "citedesk ingest")],
)
def test_errors_are_a_sentence(data: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (code, "") and words in result.stderr and "Traceback" not in result.stderr
