"""One rule that stands in two documents is told once; a rule that differs in what matters is told beside it."""

import pytest

from rag.draft import ScoredUnit
from rag.generate.extractive import choose_units
from rag.generate.repetition import repeats
from rag.unit import Unit, units_of
from tests.rag.conflict.units import hit_of

SAME = [
    ("You can return any item within 30 days of delivery.", "Any item can be returned within 30 days of delivery."),
    ("Refunds are paid within 7 business days.", "Your refund will be paid within 7 business days of the parcel's arrival."),
    ("自签收之日起 7 天内可以退货。", "您自签收之日起 7 天内，可以退货的。"),
    ("订单满 199 元包邮。", "我们的订单满 199 元可以包邮。"),
]
DIFFERENT = [
    ("You can return any item within 30 days of delivery.", "Any item can be returned within 45 days of delivery."),
    ("You can return any opened item within 30 days.", "You can not return any opened item within 30 days."),
    ("You can return the opened item within 30 days.", "You must return the opened item within 30 days."),
    ("We pay the postage of a return parcel.", "You pay the postage of a return parcel."),
    ("Return postage is free for every item.", "Return postage is free for every item if it is faulty."),
    ("Call us before the parcel is opened.", "Call us after the parcel is opened."),
    ("The Rovo 310 vacuum runs for two hours.", "The Rovo 320 vacuum runs for two hours."),
    ("自签收之日起 7 天内可以退货。", "自签收之日起 15 天内可以退货。"),
    ("自签收之日起 7 天内可以退货。", "自签收之日起 7 天内不可以退货。"),
    ("退货的运费由我们承担。", "退货的运费由您承担。"),
    ("拆封以后可以退换商品。", "拆封以前可以退换商品。"),
]


def _unit(text: str, document: str) -> Unit:
    (unit,) = units_of([hit_of(text, document)])
    return unit


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_rule_in_two_documents_is_a_repetition(one: str, other: str) -> None:
    assert repeats(_unit(one, "faq.md"), _unit(other, "policy.md"))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_in_what_matters_is_none(one: str, other: str) -> None:
    assert not repeats(_unit(other, "faq.md"), _unit(one, "policy.md"))
    assert not repeats(_unit(one, "faq.md"), _unit(other, "policy.md"))


def test_a_longer_sentence_may_take_in_a_shorter_one_but_not_the_other_way() -> None:
    short = _unit("Orders ship to Ireland from the warehouse.", "faq.md")
    long = _unit("Orders ship to Ireland and to France and Spain and Italy from the warehouse.", "policy.md")
    assert repeats(short, long) and not repeats(long, short)


def test_sentences_of_one_document_are_not_compared_by_their_words() -> None:
    assert not repeats(*(_unit(text, "policy.md") for text in SAME[0]))


def test_of_two_the_better_placed_stays() -> None:
    assert _chosen(SAME[0]) == [SAME[0][0]]
    assert _chosen(SAME[0][::-1]) == [SAME[0][1]]
    assert _chosen(DIFFERENT[0]) == list(DIFFERENT[0])


def _chosen(texts: tuple[str, str]) -> list[str]:
    placed = zip(texts, ("faq.md", "policy.md"), (0.0, -0.5), strict=True)
    return [scored.unit.text for scored in choose_units([ScoredUnit(_unit(text, name), 0.0, 0.0, score) for text, name, score in placed])]


def test_where_a_language_s_negations_are_not_known_words_are_not_compared() -> None:
    one, other = "Die geöffnete Ware kann innerhalb von 30 Tagen zurück.", "Geöffnete Ware kann innerhalb von 30 Tagen nicht zurück."
    assert not repeats(_unit(one, "faq.md"), _unit(other, "policy.md"))
