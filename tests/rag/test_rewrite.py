"""Follow-up questions."""

from datetime import date

import pytest

from rag.query import Query, Turn
from rag.rewrite import rewrite

DAY = date(2026, 11, 23)
HISTORY = (Turn("user", "How long is the warranty on the Rovo 310?"), Turn("assistant", "24 months. [1]"))


def test_a_question_without_history_stays_as_it_is() -> None:
    assert rewrite(Query("And the battery?", DAY)) == "And the battery?"


@pytest.mark.parametrize("text", ["And for the battery?", "what about its filter", "电池呢？", "Und wie lange dauert es?"])
def test_a_follow_up_brings_the_question_before_it(text: str) -> None:
    assert rewrite(Query(text, DAY, history=HISTORY)) == f"How long is the warranty on the Rovo 310?\n{text}"


def test_a_question_of_its_own_does_not() -> None:
    text = "Which payment methods do you accept in the online shop for orders over $500?"
    assert rewrite(Query(text, DAY, history=HISTORY)) == text
