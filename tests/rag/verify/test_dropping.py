"""Conditions that a claim leaves out."""

import pytest

from rag.facts.fact import find_facts
from rag.verify.binding import ClaimFacts
from rag.verify.checked_passage import CheckedPassage
from rag.verify.dropping import find_dropped_conditions
from rag.verify.limit import limited_of
from rag.verify.problem import Problem
from tests.rag.verify.passages import language_of, passage_of

ROWS = (
    "Country: Ireland | Delivery time: three days | Postage: 5 EUR by courier\n"
    "Country: France | Delivery time: five days | Postage: 9 EUR by courier"
)

LIST = "when the item is defective, damaged in transit or not what you ordered"


def problems(claim: str, passage: CheckedPassage) -> list[Problem]:
    facts = ClaimFacts(claim, language_of(claim), tuple(find_facts(claim, language_of(claim))))
    return find_dropped_conditions(facts, passage, range(len(passage.statements)))


@pytest.mark.parametrize(
    ("claim", "told", "limit"),
    [
        ("Shipping is free.", f"Return shipping is free {LIST}.", LIST),
        ("Yes, return shipping is free.", f"Return shipping is free {LIST}.", LIST),
        ("Return shipping is free.", "Return shipping is free when the item is defective.", "when the item is defective"),
        ("Delivery is free.", "Island delivery is free on Mondays.", "Island delivery"),
        ("Standard delivery is free.", "Standard delivery is free for orders over 50 EUR.", "for orders over 50 EUR"),
        ("Lamps can be returned.", "Unopened lamps can be returned.", "Unopened"),
        ("Accessories can be returned.", "Accessories can be returned within 20 days.", "within 20 days"),
        ("We replace the battery free of charge.", "If it swells, we replace the battery free of charge.", "If it swells"),
        ("Cut fabric cannot be returned.", "Cut fabric cannot be returned, unless faulty.", "unless faulty"),
        ("Delivery is free, however small the order.", "Delivery is free for orders over 50 EUR.", "for orders over 50 EUR"),
        ("Members pay no postage.", "Members pay no postage only on Fridays.", "only on Fridays"),
        ("退货运费由卖家承担。", "退货运费由卖家承担，定制商品除外。", "定制商品除外"),
        ("来回运费由我们承担。", "商品与描述不符，少件或运输损坏时，来回运费由我们承担。", "商品与描述不符，少件或运输损坏时"),
        ("来回运费由我们承担。", "来回运费由我们承担（质量问题、发错货或运输损坏时）。", "质量问题、发错货或运输损坏时"),
        ("款项全额退回。", "发货前取消订单，款项全额退回。", "发货前"),
        ("上门取旧机免费。", "上门取旧机免费，但仅限购机后预约。", "仅限购机后预约"),
        ("订单免运费。", "订单满 299 元免运费。", "满 299 元"),
    ],
)
def test_a_dropped_condition_is_named(claim: str, told: str, limit: str) -> None:
    (problem,) = problems(claim, passage_of(told))
    assert (problem.kind, problem.text, problem.start, problem.end, problem.told) == ("condition", claim, 0, len(claim), limit)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("Return shipping is free when the item is defective.", "Return shipping is free when the item is defective."),
        ("Return shipping is free if it arrives broken.", "Return shipping is free when the item is defective."),
        ("Return shipping of defective items is free.", "Return shipping is free when the item is defective."),
        ("It is free of charge.", "Return shipping is free of charge when the item is defective."),
        ("The report follows by post.", "The report follows by post within a week."),
        ("Collection costs 15 pounds.", "Collection costs 15 pounds, and is free when the goods are defective."),
        ("Uploads are read by nobody.", "Uploads are read by everyone if the folder is public."),
        ("The foam filter can be washed by hand.", "The foam filter can be washed by hand; dry it before use."),
        ("You collect a point for every full pound.", "Members collect a point for each full pound, delivery excepted."),
        ("Delivery is free.", "Delivery is free. Island delivery is free on Mondays."),
        ("The motor is quiet.", "The new motor is quiet."),
        ("Alle Lampen sind frei.", "Alle Lampen sind frei, wenn sie neu sind."),
        ("酒水不参加会员九八折。", "会员享自营商品九八折，酒水除外。"),
        ("机身可以擦拭。", "机身可以擦拭，镜头脏了时请送修。"),
    ],
)
def test_what_is_kept_or_is_not_limited_is_let_be(claim: str, told: str) -> None:
    assert problems(claim, passage_of(told)) == []


def test_a_limited_sentence_is_let_be_where_another_says_it_of_all() -> None:
    limited = "Return shipping is free when the item is defective."
    assert problems("Return shipping is free.", passage_of(limited))
    assert problems("Return shipping is free.", passage_of(f"{limited} Since May return shipping is free.")) == []


def test_a_sweeping_word_that_is_marked_already_is_not_marked_twice() -> None:
    assert problems("All lamps may always go back.", passage_of("Lamps may go back only if they are unopened.")) == []


def test_a_row_is_said_of_what_its_first_cell_names() -> None:
    passage = passage_of(ROWS, kind="table_row")
    (problem,) = find_dropped_conditions(ClaimFacts("Postage by courier.", "en", ()), passage, [0])
    assert (problem.kind, problem.told) == ("condition", "Ireland")
    assert find_dropped_conditions(ClaimFacts("Postage to Ireland by courier.", "en", ()), passage, [0]) == []


def test_rows_that_agree_are_said_of_all() -> None:
    passage = passage_of(ROWS.replace("9 EUR", "5 EUR"), kind="table_row")
    assert find_dropped_conditions(ClaimFacts("Postage by courier.", "en", ()), passage, [0]) == []


def test_a_limit_governs_what_stands_behind_it_in_chinese() -> None:
    (statement,) = limited_of("电池可以更换，拆封后可以试用", "zh")
    (limit,) = statement.limits
    assert (limit.text, "试用" in limit.governed, "电池" in limit.governed) == ("拆封后", True, False)
