"""The dated and regional questions as they stand in the tree, and how an answer to one is judged."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eval.validity import SETS, TODAY, ValidityOutcome, _wrong_content, _wrong_notes, read_validity, tabulate
from kb.errors import ConfigurationError
from rag.answer import Answer, AnswerSentence, Citation, Generator, Usage
from rag.validity import Validity

FIRST = read_validity(SETS["first"].questions)
QUESTION = replace(FIRST[0], said=date(2025, 8, 10), other_regions=("EU",))
CITATION = Citation(1, "p", "d", "shop", "rules/returns.md", "Returns", "30 days", 0, 7, None, None, "en")


def _answer(*texts: str, validity: Validity | None = None) -> Answer:
    sentences = tuple(AnswerSentence(text, (1,), 1.0) for text in texts)
    return Answer(sentences, (CITATION,), Generator("extractive"), "000001", Usage(1, 1), validity=validity)


@pytest.mark.parametrize("name", SETS)
def test_there_are_sixty_in_three_languages_about_documents_that_exist(name: str) -> None:
    questions = read_validity(SETS[name].questions)
    assert [sum(one.language == language for one in questions) for language in ("en", "zh", "de")] == [20, 20, 20]
    assert len({one.id for one in questions}) == 60
    assert {one.half for one in questions} == {"tune", "test"}
    named = {document for one in questions for document in one.documents}
    assert all((SETS[name].shop / document).is_file() for document in named)


def test_a_right_answer_says_the_day_the_rule_and_the_other_regions() -> None:
    validity = Validity(date(2025, 8, 10), other_regions=("EU",))
    right = _answer("As of 10 August 2025:", "Goods can be returned within 30 days.", validity=validity)
    assert [*_wrong_content(QUESTION, right), *_wrong_notes(QUESTION, right)] == []


def test_each_fault_is_named() -> None:
    wrong = _answer("Goods can be returned within 21 days.", validity=Validity(TODAY, other_day=date(2025, 1, 1)))
    assert [*_wrong_content(QUESTION, wrong), *_wrong_notes(QUESTION, wrong)] == [
        "does not say “30 days”",
        "says “21 days”",
        "tells of no region instead of EU",
        "tells of the day 2025-01-01 instead of None",
        "is for 2026-11-25 and begins with “Goods can be returned within 21 days.”",
    ]


def test_rows_count_by_half_and_kind() -> None:
    questions = [one for one in FIRST if one.half == "tune"][:2]
    outcomes = [ValidityOutcome(questions[0], (), False, ""), ValidityOutcome(questions[1], ("x",), True, "")]
    assert ("tune", "all", 2, 1, 1) in tabulate(outcomes)


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "validity.jsonl"
    path.write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="line 1"):
        read_validity(path)
