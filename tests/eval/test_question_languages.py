"""The questions whose language is told: whole, apart from the golden ones; the table; and the aims that the product is held to."""

from pathlib import Path

import pytest

from eval.question import read_golden
from eval.question_languages import LanguageCase, Told, read_cases, tabulate, tell
from kb.errors import ConfigurationError

CASES = read_cases()


def _case(name: str, *languages: str) -> LanguageCase:
    return LanguageCase(name, "sentence", languages, "Is it loud?")


def test_the_set_is_whole() -> None:
    assert len({case.id for case in CASES}) == len({case.text for case in CASES}) == len(CASES)
    for language in ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "zh"):
        assert sum(case.kind == "sentence" and case.languages == (language,) for case in CASES) >= 40
    assert [sum(case.kind == kind for case in CASES) for kind in ("names", "mixed", "words")] == [32, 22, 30]


def test_no_golden_question_is_among_them() -> None:
    assert not {case.text for case in CASES} & {golden.question for golden in read_golden()}


def test_shops_hold_the_language_or_do_not() -> None:
    assert _case("1", "de").known("own") == ("de", "en")
    assert _case("1", "en").known("own") == ("en",)
    assert (_case("1", "de").known("sample"), _case("1", "de").known("none")) == (("en", "zh"), ())
    assert [_case("1", language).known("foreign") for language in ("en", "de", "it")] == [("fr", "de"), ("es", "it"), ("fr", "de")]


def test_the_table_counts_shares() -> None:
    case = _case("tune-1", "de", "nl")
    told = [Told(case, "own", "nl"), Told(case, "sample", "en"), Told(case, "foreign", "de"), Told(case, "none", "und")]
    row = tabulate(told)[0]
    assert (row.half, row.kind, row.language, row.questions) == (case.half, "sentence", "de", 1)
    assert (row.own, row.sample, row.foreign, row.none) == (1.0, 0.0, 1.0, 0.0)


def test_the_aims_are_met() -> None:
    for row in tabulate(tell(CASES)):
        if row.kind != "words":
            aim = 0.97 if row.language in ("en", "zh") else 0.94
            assert min(row.own, row.sample, row.foreign, row.none) >= aim, row


def test_no_english_question_of_three_words_is_taken_for_another_language_at_a_shop_with_english_documents() -> None:
    wrong = [
        one for one in tell(CASES)
        if one.case.languages == ("en",) and len(one.case.text.split()) >= 3 and one.shop in ("own", "sample") and not one.right
    ]  # fmt: skip
    assert not wrong


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "1", "kind": "sentences", "languages": ["en"], "text": "Loud?"}', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="line 1"):
        read_cases(path)
