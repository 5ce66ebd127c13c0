"""Sentences about different things contradict nothing."""

import pytest

from kb.scope import Scope
from rag.conflict.statement import compared
from rag.conflict.subject import may_be_the_same
from tests.rag.conflict.units import from_day, hit_of, scored, statement_of

SAME = "You can return goods within 30 days."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("You can return opened goods within 14 days.", SAME),
        ("Members can return goods within 60 days.", SAME),
        ("Express delivery costs 9 EUR.", "Delivery costs 5 EUR."),
        ("The shop closes at 18:00.", "The shop closes at 16:00 on Saturdays."),
        ("Customers in Switzerland have 20 days.", "Customers have 30 days."),
        ("寄往新疆的订单运费20元。", "订单运费8元。"),
        ("未拆封的商品30天内可以退货。", "已拆封的商品7天内可以退货。"),
        ("The Rovo 310 runs for 2 hours.", "The Rovo 320 runs for 3 hours."),
        ("The cable of the Brio is long.", "The cable of the Brio XL is long."),
        ("The shop in Market Street closes early.", "The shop at the harbour closes early."),
        ("From an order value of 50 EUR on delivery is free.", "Delivery costs 5 EUR."),
    ],
)
def test_another_case_region_day_or_product(one: str, other: str) -> None:
    assert not may_be_the_same(statement_of(one), statement_of(other))
    assert not may_be_the_same(statement_of(other), statement_of(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SAME, "You have 14 days to return goods."),
        ("The Rovo 310 runs for 2 hours.", "On one charge the Rovo 310 runs for 3 hours."),
        ("Customers in France have 20 days.", "In France you have 30 days."),
        ("未拆封的商品30天内可以退货。", "没有拆封的商品15天内可以退货。"),
    ],
)
def test_nothing_that_parts_them(one: str, other: str) -> None:
    assert may_be_the_same(statement_of(one), statement_of(other))


def test_what_the_heading_of_one_names_the_sentence_of_the_other_may_name() -> None:
    asked = statement_of("What does express delivery cost?\nYou pay 9 EUR.", "faq")
    assert may_be_the_same(asked, statement_of("Express delivery costs 12 EUR."))
    assert may_be_the_same(asked, statement_of("It costs 12 EUR.", title="Rates"))  # a heading alone parts nothing


@pytest.mark.parametrize(
    "scope",
    [
        Scope(regions=("EU",)),
        Scope(channels=("app",)),
        Scope(audience="internal"),
        Scope(effective_to=from_day(2027).effective_from),
    ],
)
def test_a_rule_for_a_part_of_the_world_is_no_rule_for_all(scope: Scope) -> None:
    special = compared(scored([hit_of(SAME, scope=scope)])[0])
    assert not may_be_the_same(special, statement_of(SAME))
    assert may_be_the_same(special, compared(scored([hit_of(SAME, scope=scope)])[0]))


def test_products_of_the_scope() -> None:
    lamp, other, any_product = (
        compared(scored([hit_of(SAME, scope=Scope(products=products))])[0]) for products in (("BN-1", "BN-2"), ("BN-3",), ())
    )
    assert not may_be_the_same(lamp, other)
    assert may_be_the_same(lamp, any_product)
