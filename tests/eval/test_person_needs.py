"""The questions that need a person: whole, balanced, apart from the examples; and the tables."""

from collections import Counter
from pathlib import Path

import pytest

from eval.person_needs import NeedRow, OrdinaryQuestion, PersonCase, read_cases, tabulate, tabulate_flagged
from eval.question import half_of
from kb.errors import ConfigurationError
from rag.person_need import KINDS, PersonNeed, read_examples

CASES = read_cases()


def test_the_set_is_balanced() -> None:
    assert len(CASES) >= 400
    assert len({case.id for case in CASES}) == len({case.question for case in CASES}) == len(CASES)
    shares = {language: count / len(CASES) for language, count in Counter(case.language for case in CASES).items()}
    assert shares["en"] == pytest.approx(0.55, abs=0.01) and shares["zh"] == pytest.approx(0.35, abs=0.01)
    assert shares["fr"] + shares["de"] + shares["es"] == pytest.approx(0.1, abs=0.01)
    for kind in KINDS:
        for person in (True, False):
            assert sum(case.topic == kind and case.person is person for case in CASES) >= 70


def test_no_question_is_an_example_of_the_product() -> None:
    assert not {_folded(case.question) for case in CASES} & {_folded(example.text) for example in read_examples()}


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _id(half: str) -> str:
    return next(name for name in map(str, range(100)) if half_of(name) == half)


def test_recall_and_false_alarms_are_shares() -> None:
    case = PersonCase(_id("tune"), "en", "a", "law", True)
    cases = [case, case, PersonCase(case.id, "zh", "b", "law", False), PersonCase(_id("test"), "en", "c", "safety", True)]
    rows = tabulate(cases, [PersonNeed("law", 0.5), None, PersonNeed("safety", 0.4), PersonNeed("account", 0.2)])
    assert NeedRow("tune", "law", "all", 2, 0.5, 1.0, 1, 1.0) in rows
    assert NeedRow("tune", "all", "zh", 0, 0.0, 0.0, 1, 1.0) in rows
    assert NeedRow("test", "all", "all", 1, 1.0, 0.0, 0, 0.0) in rows


def test_flagged_questions_are_counted_by_kind() -> None:
    questions = [OrdinaryQuestion("shops", half, "en", "q") for half in ("tune", "tune", "test")]
    rows = tabulate_flagged(questions, [PersonNeed("law", 0.5), None, None])
    assert [(row.half, row.questions, row.share, row.law) for row in rows] == [("tune", 2, 0.5, 1), ("test", 1, 0.0, 0)]


@pytest.mark.parametrize("text", ["", '{"id": "x"}\n', "no JSON\n"])
def test_a_bad_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError):
        read_cases(path)
