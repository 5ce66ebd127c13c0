"""Yes and no."""

import pytest

from rag.conflict.polarity import is_polar, polarity
from tests.rag.conflict.units import statement_of

WASH = "Can I wash the cover in the machine?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (WASH, True),
        ("Is it waterproof?", True),
        ("可以机洗吗？", True),
        ("能不能水洗", True),
        ("How long can I return it?", False),
        ("几天内可以退货？", False),
        ("What is included?", False),
    ],
)
def test_questions_of_yes_or_no(question: str, expected: bool) -> None:
    assert is_polar(question) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cover is machine washable.", 1),
        ("The cover must not be washed in a machine.", -1),
        ("The cover can be washed in the machine; do not use bleach.", 1),
        ("The cover can be washed in the machine if it is white.", 0),
        ("Do not bleach.", 0),  # speaks of something else
        ("You need not take off the cover to wash it in the machine.", 1),
    ],
)
def test_a_sentence_says_yes_or_no_or_neither(text: str, expected: int) -> None:
    assert polarity(statement_of(text), WASH, "en") == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("No. It is hand wash only.", -1), ("Yes, but never use bleach.", 1), ("Unfortunately that ruins it.", -1)],
)
def test_an_faq_answers_as_it_begins(answer: str, expected: int) -> None:
    assert polarity(statement_of(f"{WASH}\n{answer}", "faq"), "Is the cover washable?", "en") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("枕套可以机洗，不要烘干。", 1), ("枕套不可以机洗。", -1), ("枕套机洗水温不超过40度。", 1), ("枕套无需手洗，可以机洗。", 1)],
)
def test_in_chinese(text: str, expected: int) -> None:
    assert polarity(statement_of(text), "枕套可以机洗吗？", "zh") == expected
