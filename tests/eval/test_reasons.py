"""The questions whose reason is known: whole, apart from the golden ones; and the table."""

from datetime import date
from pathlib import Path

import pytest

from eval.question import read_golden
from eval.reasons import DAY, GivenReason, ReasonCase, read_cases, tabulate
from kb.errors import ConfigurationError

CASES = read_cases()


def test_the_set_is_whole() -> None:
    assert len({case.id for case in CASES}) == len({case.question for case in CASES}) == len(CASES)
    assert [sum(case.outside == outside for case in CASES) for outside in (True, False)] == [32, 52]
    assert {(case.half, case.outside) for case in CASES} == {(half, outside) for half in ("tune", "test") for outside in (True, False)}


def test_only_unanswerable_golden_questions_are_among_them() -> None:
    assert not {case.question for case in CASES} & {golden.question for golden in read_golden() if golden.answerable}


def test_a_query_stands_where_its_case_does() -> None:
    query = ReasonCase("1", "How long?", True, "US", "store", date(2019, 6, 1)).query
    assert (query.region, query.channel, query.as_of, query.today) == ("US", "store", date(2019, 6, 1), DAY)
    plain = ReasonCase("1", "How long?", True).query
    assert (plain.region, plain.as_of, plain.today) == (None, DAY, None)


def test_the_table_counts_declined_questions_and_their_reasons() -> None:
    elsewhere, here = ReasonCase("outside-01", "a", True), ReasonCase("outside-01", "b", False)
    given = [
        GivenReason(elsewhere, "outside_scope"), GivenReason(elsewhere, "not_in_knowledge_base"), GivenReason(elsewhere, None),
        GivenReason(here, "outside_scope"), GivenReason(here, None),
    ]  # fmt: skip
    assert [one.false for one in given] == [False, True, False, True, False]
    rows = {row.kind: row for row in tabulate(given) if row.half == elsewhere.half}
    counts = {kind: (row.questions, row.declined, row.outside_scope) for kind, row in rows.items()}
    assert counts == {"answered elsewhere only": (3, 2, 1), "answered here or nowhere": (2, 1, 1)}


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "1", "question": "Loud?", "outside": true, "regions": "US"}', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="line 1"):
        read_cases(path)
