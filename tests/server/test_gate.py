"""Which golden questions test a shop, and what the command line makes of them."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kb.errors import ConfigurationError
from kb.store import VersionStore
from server.cli.gate import print_gate
from server.cli.main import app
from server.cli.output import Output
from server.gate import golden_questions
from server.settings import Settings


def write(folder: Path, *questions: dict[str, object]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.jsonl").write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in questions), encoding="utf-8")
    return folder


def test_where_golden_questions_come_from(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert golden_questions(Settings(data=data)) == []
    (data / "golden").mkdir(parents=True)
    assert golden_questions(Settings(data=data)) == []
    write(data / "golden", {"id": "own", "question": "Why?"})
    more = write(tmp_path / "more", {"id": "more", "question": "怎么退货？"})
    assert [one.id for one in golden_questions(Settings(data=data), [more])] == ["own", "more"]
    elsewhere = write(tmp_path / "elsewhere", {"id": "else", "question": "How?"})
    assert [one.id for one in golden_questions(Settings(data=data, golden=elsewhere), [more])] == ["else", "more"]
    with pytest.raises(ConfigurationError, match="no golden questions in"):
        golden_questions(Settings(data=data, golden=tmp_path / "nowhere"))
    with pytest.raises(ConfigurationError, match="own occurs twice"):
        golden_questions(Settings(data=data), [data / "golden"])


def test_a_long_table_is_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    entry = {"question": "怎么退货？[b]", "problem": "declined", "answer": "", "before": "七天内可退。"}
    broken = [{"id": f"q-{number}", **entry} for number in range(25)]
    print_gate({"passed": False, "summary": "25 broke.", "details": {"broken": broken}}, Output(as_json=False))
    shown = capsys.readouterr().out
    assert "q-19" in shown and "q-20" not in shown and "and 5 more" in shown and "--force" in shown and "怎么退货？[b]" in shown


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITEDESK_ENCODER", "hashing")
    monkeypatch.setenv("CITEDESK_READER", "words")
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "lampshop"
    folder.mkdir()
    (folder / "returns.md").write_text("# Returns\n\nLamps can be returned within 30 days of delivery.\n")
    (folder / "about.md").write_text("# About\n\nWe sell lamps.\n")
    question = "Within how many days of delivery can lamps be returned?"
    write(tmp_path / "data" / "golden", {"id": "own-1", "question": question, "documents": ["returns.md"], "must": ["30 days"]})
    return folder


def ingest(shop: Path, *options: object) -> Result:
    command = ["ingest", shop, "--data", shop.parent / "data", "--workers", 1, *options]
    return CliRunner().invoke(app, [str(argument) for argument in command])


def last_line(result: Result) -> Any:
    return json.loads(result.stdout.splitlines()[-1])


@pytest.mark.slow
def test_a_version_that_answers_worse_is_refused_with_a_table_and_forced_with_a_reason(shop: Path) -> None:
    store = VersionStore(shop.parent / "data")
    first = ingest(shop)
    assert first.exit_code == 0 and "Tested: 1 of 1 golden questions pass." in first.stdout, first.output
    (shop / "returns.md").write_text("# Returns\n\nLamps can be returned within 14 days of delivery.\n")
    refused = ingest(shop)
    assert refused.exit_code == 4, refused.output
    for expected in ("Broken: 1", "own-1", "an expected fact is missing: 30 days", "within 30 days", "at most 0 may", "--force"):
        assert expected in refused.stdout, expected
    assert store.current_id() == "000001" and "30 days" in refused.stdout
    empty = ingest(shop, "--force", " ")
    assert empty.exit_code == 1 and "give a reason" in empty.output and store.current_id() == "000001"
    forced = ingest(shop, "--force", "The law changed", "--who", "Ada", "--json")
    report = last_line(forced)
    assert (forced.exit_code, report["outcome"], report["version"]) == (0, "published", store.current_id())
    gate = store.versions()[0].gate
    assert gate is not None and gate == report["gate"] and gate["passed"] is False
    assert gate["forced"] == {"reason": "The law changed", "who": "Ada"}
    assert any("The law changed" in note for note in report["notes"])
    (shop / "about.md").write_text("# About\n\nWe sell lamps and kettles.\n")
    after = ingest(shop, "--json")
    assert after.exit_code == 0 and last_line(after)["gate"]["details"]["reused"] == 1, after.output


@pytest.mark.slow
def test_a_malformed_question_stops_the_run_before_anything_is_done(shop: Path) -> None:
    (shop.parent / "data" / "golden" / "own.jsonl").write_text('{"question": "Why?"}\n{"question": 3}\n')
    result = ingest(shop)
    assert result.exit_code == 1 and "Traceback" not in result.output
    assert "own.jsonl, line 2" in " ".join(result.output.split()) and not (shop.parent / "data" / "kb").exists()
