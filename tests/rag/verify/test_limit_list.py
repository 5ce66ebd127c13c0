"""Limits that are lists: where they end, and what they leave."""

import pytest

from rag.verify.limit import limited_of


def limits(text: str, language: str) -> list[str]:
    return [limit.text for statement in limited_of(text, language) for limit in statement.limits]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("Return shipping is free when the item is defective, damaged in transit or not what you ordered.", None),
        ("When it is defective, was damaged or is not what you ordered, return shipping is free.", None),
        ("Delivery is free for orders over $1,249, members and students.", "for orders over $1,249, members and students"),
        ("Delivery is free for orders over $49, members, and students.", "for orders over $49, members, and students"),
        ("Cut fabric cannot be returned, unless faulty, damaged or mislabelled.", "unless faulty, damaged or mislabelled"),
        ("Refunds (only for lamps, shades and bulbs) are paid at once.", "only for lamps, shades and bulbs"),
        ("For orders over $49, shipping, returns and exchanges are free.", "For orders over $49"),
        ("If the filter is clogged, remove it, rinse it and let it dry.", "If the filter is clogged"),
        ("If the filter is clogged, rinse the sieve, dry the lid or call us, then restart.", "If the filter is clogged"),
        ("Shipping is free if you are a member, and we pack your order.", "if you are a member"),
        ("Delivery is free for members, takes two days and is insured.", "for members"),
    ],
)
def test_a_limit_goes_on_over_a_list_and_not_over_statements(text: str, limit: str | None) -> None:
    whole = text[text.lower().index("when") :].partition(", return")[0].rstrip(".") if limit is None else limit
    assert limits(text, "en") == [whole]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("质量问题、发错货或运输损坏时，来回运费由我们承担。", "质量问题、发错货或运输损坏时"),
        ("质量问题，发错货或运输损坏时，来回运费由我们承担。", "质量问题，发错货或运输损坏时"),
        ("如商品有质量问题，发错货或与描述不符，来回运费由我们承担。", "如商品有质量问题，发错货或与描述不符"),
        ("退货运费由买家承担，定制商品，内衣和食品除外。", "定制商品，内衣和食品除外"),
        ("运费由买家承担，质量问题或发错货时，由我们承担。", "质量问题或发错货时"),
        ("如有破损，我们补发或退款。", "如有破损"),
        ("如有破损，联系客服或重新下单。", "如有破损"),
    ],
)
def test_so_it_does_in_chinese(text: str, limit: str) -> None:
    assert limits(text, "zh") == [limit]


def test_what_is_left_and_the_whole_have_their_commas() -> None:
    (statement,) = limited_of("The lamp, shade included, is free for members, students and pensioners.", "en")
    assert statement.text == "The lamp, shade included, is free for members, students and pensioners"
    assert " ".join(statement.core.split()) == "The lamp, shade included, is free"
