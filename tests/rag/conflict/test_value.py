"""Values that disagree, and values that only look different."""

import pytest

from rag.answer_type import asked_types
from rag.conflict.value import differing_values
from tests.rag.conflict.units import statement_of


def _differ(one: str, other: str, question: str = "") -> tuple[str, str] | None:
    pair = differing_values(statement_of(one), statement_of(other), asked_types(question))
    return (pair.one.strip(), pair.other.strip()) if pair is not None else None


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        ("Return it within 30 days.", "Return it within 14 days.", ("30 days", "14 days")),
        ("It lasts ten hours.", "It lasts 12 hours.", ("ten hours", "12 hours")),
        ("Delivery is free.", "Delivery costs 5 EUR.", ("is free", "5 EUR")),
        ("Delivery costs 5 EUR.", "Delivery is free.", ("5 EUR", "is free")),
        ("签收后7天内可以退货。", "签收后15天内可以退货。", ("7天", "15天")),
        ("订单包邮。", "每单运费8元。", ("包邮", "8元")),
        ("It is valid until 31 May 2026.", "It is valid until 30 June 2026.", ("31 May 2026", "30 June 2026")),
        ("Up to 5 people can use it.", "Up to 6 people can use it.", ("5", "6")),
        ("It holds at most 25 kg.", "It holds 40 kg.", ("25 kg", "40 kg")),
    ],
)
def test_values_that_cannot_both_be_true(one: str, other: str, values: tuple[str, str]) -> None:
    assert _differ(one, other) == values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Return it within 30 days.", "You have thirty days."),
        ("The guarantee is 2 years.", "The guarantee is 24 months."),
        ("It takes 14 days.", "It takes 10 business days."),  # two weeks either way
        ("It weighs about 10 kg.", "It weighs 11 kg."),
        ("It lasts at least 10 hours.", "It lasts 12 hours."),
        ("It holds up to 40 kg.", "It holds 25 kg."),
        ("It takes 2 to 4 days.", "It takes 3 days."),
        ("Standard costs 5 EUR, express 12 EUR.", "Express costs 13 EUR."),
        ("It costs 5 EUR.", "It costs 6 USD."),
        ("It has 5 pockets.", "It has 6 straps."),
        ("Delivery is not free.", "Delivery costs 5 EUR."),
        ("The Rovo 310 is quiet.", "The Rovo 320 is quiet."),
    ],
)
def test_values_that_may_both_be_true(one: str, other: str) -> None:
    assert _differ(one, other) is None
    assert _differ(other, one) is None


def test_a_value_of_a_kind_that_was_not_asked_for_does_not_count() -> None:
    one, other = "Wash it at 40 °C.", "Wash it at 60 °C."
    assert _differ(one, other, "How much does it weigh?") is None
    assert _differ(one, other, "At what temperature do I wash it?") == ("40 °C", "60 °C")
