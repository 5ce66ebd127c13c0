"""Opposites, negations and dropped conditions, told by the passage's own words."""

import pytest

from rag.facts.fact import find_facts
from rag.verify.binding import ClaimFacts
from rag.verify.polarity import find_opposition, find_oppositions
from rag.verify.sweeping import find_swept_conditions
from tests.rag.verify.passages import language_of, passage_of


def turned(claim: str, *told: str, question: str = "") -> str | None:
    found = find_opposition(claim, told, language_of(claim + told[0]), question)
    return None if found is None else found.text


def claim_of(text: str) -> ClaimFacts:
    return ClaimFacts(text, language_of(text), tuple(find_facts(text, language_of(text))))


@pytest.mark.parametrize(
    ("claim", "told", "word"),
    [
        ("The Tonal 7 has a microphone of its own.", "The Tonal 7 has no microphone of its own.", None),
        ("The Tonal 7 has no microphone of its own.", "The Tonal 7 has a microphone of its own.", "no"),
        ("We do not sell data, but we do share it with networks.", "We do not sell data, and we do not share it with networks.", None),
        ("A backup cannot be restored on another hub.", "A backup can be restored on another hub.", "cannot"),
        ("Customers aren't charged for the second visit.", "Customers are charged for the second visit.", "n't"),
        ("积分不能和优惠券同时使用。", "积分可以和优惠券同时使用。", "不"),
        ("You cannot use a voucher together with credit.", "Vouchers and credit can be used together.", "cannot"),
        ("礼品卡和余额不能叠加支付。", "礼品卡可以和余额一起支付。", "不"),
        ("礼品卡和余额可以叠加支付。", "礼品卡不能和余额一起支付。", None),
        ("充电仓也防水，可以放心用。", "充电仓不防水，请勿冲洗。", None),
        ("Keep both drain plugs closed.", "Leave both drain plugs open.", "closed"),
        ("Check the left plug of the motor.", "Check the right plug of the motor.", "left"),
        ("Turn the dial clockwise to release the lid.", "Turn the dial anticlockwise to release the lid.", "clockwise"),
        ("Goods may be returned with used covers.", "Goods may be returned with unused covers.", "used"),
        ("旧机要在新机签收之前取走。", "旧机在新机签收之后取走。", "之前"),
        ("电量高于 95% 时自动开启。", "电量高于 95% 时自动关闭。", "开启"),
        ("将粮仓逆时针转，才能扣紧。", "将粮仓顺时针扣紧。", "逆时针"),
    ],
)
def test_what_turns_a_sentence_round_is_named(claim: str, told: str, word: str | None) -> None:
    found = turned(claim, told)
    assert found is not None and (word is None or found == word)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("An expired card can't be renewed.", "An expired card cannot be renewed."),
        ("There is no way to return lamps without a receipt.", "Lamps can be returned with a receipt."),
        ("Never open the lid while it runs.", "Keep the lid closed while it runs."),
        ("The card is not charged until the parcel leaves.", "The card is charged when the parcel leaves."),
        ("Support cannot open your router unless you give the code.", "Support may open your router only after you give the code."),
        ("No, we keep the order for two days.", "We keep the order for two days."),
        ("The demo mills are not older than four months.", "The demo mills are four months old at most."),
        ("Every 8 days in winter is enough water.", "Water it every 16 days in winter and every 8 days in summer."),
        ("Lamps cannot be returned.", "Bulbs can be returned in the box they came in, lamps not."),
        ("标准安装不收费。", "标准安装免费。"),
        ("You can use a voucher together with credit.", "Vouchers and credit can be used together."),
        ("Vouchers cannot be used for tickets.", "Vouchers and credit can be used together."),
        ("礼品卡不能支付运费。", "礼品卡可以和余额一起支付商品。"),
        ("没有身份证，酒类是取不了的。", "酒类须出示身份证。"),
        ("电池没问题，可以用一年。", "电池可以用一年。"),
    ],
)
def test_the_same_said_otherwise_is_let_be(claim: str, told: str) -> None:
    assert turned(claim, told) is None


def test_another_sentence_that_agrees_settles_it() -> None:
    told = ("Opened lamps cannot be returned to a store.", "Opened lamps can be returned by post.")
    assert turned("Opened lamps can be returned to a store.", told[0]) is not None
    assert turned("Opened lamps can be returned by post.", *told) is None


@pytest.mark.parametrize(("answer", "opposed"), [("No. Wash it by hand.", True), ("Yes, on the top rack.", False), ("It depends.", False)])
def test_a_bare_yes_or_no_is_read_with_its_question(answer: str, opposed: bool) -> None:
    found = turned("The basket goes in the dishwasher.", answer, question="Does the basket go in the dishwasher?")
    assert (found is not None) == opposed


def test_a_row_of_yes_and_no_is_read_by_cell() -> None:
    row = "Feature: Hammer function | TD18: no | TD18-X: yes"
    assert turned("The TD18 has a hammer function.", row) is not None
    assert turned("The TD18 has no hammer function.", row) is None
    assert turned(f"Yes, as the table says. {row}", row) is None and turned(row.replace("no", "yes"), row) is not None


def test_the_problem_marks_the_word_and_tells_the_passages_clause() -> None:
    claim = claim_of("Good news: the cover can never be machine washed.")
    (problem,) = find_oppositions(claim, passage_of("The cover can be machine washed."), [0])
    assert (problem.kind, claim.text[problem.start : problem.end]) == ("negation", "never")
    assert problem.told == "The cover can be machine washed" and "opposite" in problem.message
    assert find_oppositions(claim, passage_of("Der Bezug kann in der Maschine gewaschen werden."), [0]) == []


def test_a_row_that_is_turned_round_is_marked_as_a_whole() -> None:
    row = "Feature: Hammer function | TD18: no | TD18-X: yes"
    claim = claim_of(row.replace("no", "yes"))
    (problem,) = find_oppositions(claim, passage_of(row, kind="table_row"), [0])
    assert (problem.start, problem.end, problem.text) == (0, len(claim.text), claim.text)


@pytest.mark.parametrize(
    ("claim", "told", "word"),
    [
        ("You can redeem points in a store, however few you have.", "Redeeming points in a store is possible from 200 points.", "however"),
        ("Anyone can pay by invoice in the shop.", "You can pay by invoice in the shop only if you are a company.", "Anyone"),
        ("漏记的积分随时可以申请补记。", "漏记的积分可以在下单后 60 天内申请补记。", "随时"),
    ],
)
def test_a_condition_swept_away_is_named(claim: str, told: str, word: str) -> None:
    (problem,) = find_swept_conditions(claim_of(claim), passage_of(told), [0])
    assert (problem.kind, problem.text, problem.told) == ("condition", word, told)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("The battery is not covered in any case after a year.", "The battery is covered within a year."),
        ("All lamps can be returned if unopened.", "Lamps can be returned if unopened."),
        ("All lamps can be returned.", "All lamps can be returned if unopened."),
        ("Clean the bolt every year.", "The bolt must be cleaned once a year."),
        ("Anyone may park behind the store.", "Redeeming points is possible only from 200 points."),
    ],
)
def test_what_widens_nothing_is_let_be(claim: str, told: str) -> None:
    assert find_swept_conditions(claim_of(claim), passage_of(told), [0]) == []
