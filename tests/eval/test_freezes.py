"""The frozen topics: whole, balanced, apart from the examples that the product is given; and the table."""

import pytest

from eval.freezes import LATER_TOPICS_FILE, Judged, TopicCase, judge, read_topics, tabulate
from eval.question import half_of
from kb.encoders.hashing import HashingEncoder
from kb.text.languages import detect_language
from rag.person_need import read_examples
from rag.topic_likeness import NEEDED, TopicLikeness

CASES = read_topics()
LATER = read_topics(LATER_TOPICS_FILE)


@pytest.mark.parametrize(("cases", "about", "near"), [(CASES, 4, 3), (LATER, 2, 2)], ids=["first", "later"])
def test_the_set_is_balanced(cases: list[TopicCase], about: int, near: int) -> None:
    assert len(cases) >= 20
    assert len({case.topic for case in cases}) == len(cases)
    for case in cases:
        for questions, each in ((case.about, about), (case.near, near)):
            chinese = sum(detect_language(question) == "zh" for question in questions)
            assert (chinese, len(questions)) == (each, 2 * each), case.topic
    assert {half: sum(case.half == half for case in cases) >= 10 for half in ("tune", "test")} == {"tune": True, "test": True}


def test_the_two_sets_share_no_topic_and_no_question() -> None:
    assert not {case.topic for case in CASES} & {case.topic for case in LATER}
    asked = [{question for case in cases for question in (*case.about, *case.near)} for cases in (CASES, LATER)]
    assert not asked[0] & asked[1]


def test_no_question_is_an_example_of_the_product() -> None:
    examples = {example.text for example in read_examples()}
    assert not examples & {question for case in (*CASES, *LATER) for question in (*case.about, *case.near)}


def test_the_table_counts_shares() -> None:
    name = next(name for name in map(str, range(100)) if half_of(name) == "tune")
    case = TopicCase(name, ("a", "b"), ("c",))
    judged = [Judged(case, "a", "about", NEEDED), Judged(case, "b", "about", NEEDED - 1), Judged(case, "c", "near", NEEDED + 1)]
    row = next(row for row in tabulate(judged) if (row.half, row.pairing) == ("tune", "all"))
    assert (row.topics, row.about, row.recall, row.near_misses, row.near_stopped, row.ordinary_stopped) == (1, 2, 0.5, 1, 1.0, 0.0)


@pytest.mark.slow
def test_every_question_is_judged_against_its_topic_and_ordinary_ones_against_all() -> None:
    told: list[int] = []
    judged = judge(TopicLikeness(HashingEncoder()), CASES[:2], told.append)
    kinds = [one.kind for one in judged]
    assert (kinds.count("about"), kinds.count("near")) == (16, 12)
    assert kinds.count("ordinary") == 2 * (sum(told) - 28)
