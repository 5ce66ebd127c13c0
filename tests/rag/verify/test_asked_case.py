"""Cases that a question states, so that its answer need not."""

import pytest

from rag.verify.checked_passage import CheckedPassage
from rag.verify.dropping import find_dropped_conditions
from rag.verify.verifier import claim_facts
from tests.rag.verify.passages import language_of, passage_of

SHIPPING = "Return shipping is free when the item is defective, damaged in transit or not what you ordered."
BACK = "Accessories can be returned within 20 days."
OVER = "Standard delivery is free for orders over 50 EUR."
GROUPS = "Standard delivery is free for members, students or teachers."
UNOPENED = "Unopened lamps can be returned."
DISPATCH = "You can cancel the order before dispatch."
FREIGHT = "质量问题、发错货或运输损坏时，来回运费由我们承担。"
FROM_299 = "订单满 299 元免运费。"
CANCELLED = "发货前取消订单，款项全额退回。"
SEALED = "未拆封的灯具可以退货换货。"


def is_let_be(question: str, claim: str, told: str) -> bool:
    passage: CheckedPassage = passage_of(told)
    facts = claim_facts(claim, language_of(claim), question)
    return find_dropped_conditions(facts, passage, range(len(passage.statements))) == []


@pytest.mark.parametrize(
    ("question", "claim", "told"),
    [
        ("Is return shipping free if my lamp came damaged in transit?", "Yes, return shipping is free.", SHIPPING),
        ("What does return shipping cost when the lamp is defective?", "Return shipping is free.", SHIPPING),
        ("My lamp is defective. Is return shipping free?", "Return shipping is free.", SHIPPING),
        ("Is return shipping free when the lamp is defective?", "Shipping is free.", SHIPPING),
        ("Can I return accessories within twenty days?", "Accessories can be returned.", BACK),
        ("Is standard delivery free for orders over 50 EUR?", "Standard delivery is free.", OVER),
        ("Is standard delivery free for students?", "Standard delivery is free.", GROUPS),
        ("Can unopened lamps be returned?", "Yes, lamps can be returned.", UNOPENED),
        ("Can I cancel before dispatch?", "You can cancel the order.", DISPATCH),
        ("灯有质量问题，来回运费由谁承担？", "来回运费由我们承担。", FREIGHT),
        ("发错货了，来回运费能不能由你们承担？", "来回运费由我们承担。", FREIGHT),
        ("订单满 299 元免运费吗？", "订单免运费。", FROM_299),
        ("发货前取消订单，款项全额退回吗？", "款项全额退回。", CANCELLED),
        ("未拆封的灯具可以退货换货吗？", "灯具可以退货换货。", SEALED),
    ],
)
def test_a_case_in_the_passages_words_counts_as_stated(question: str, claim: str, told: str) -> None:
    assert not is_let_be("", claim, told)
    assert is_let_be(question, claim, told)


@pytest.mark.parametrize(
    "question",
    [
        "Is return shipping free?",
        "Is return shipping free if I changed my mind?",
        "My lamp came broken, is return shipping free?",
        "Is return shipping free if it isn't defective?",
        "Is return shipping free if it is not defective?",
        "Is return shipping free without it being defective?",
        "Is return shipping free for a non-defective lamp?",
        "Is return shipping free for undamaged lamps?",
        "Is return shipping free if it is defective or too big?",
        "Is return shipping free even if it is not defective?",
        "Is return shipping always free, defective lamp?",
        "What does defective mean? Is return shipping free?",
        "Is it defective, and is return shipping free?",
        "How do I reset my defective hub?",
        "灯有质量问题，来回运费由谁承担？",
    ],
)
def test_another_case_a_wider_one_and_another_question_do_not(question: str) -> None:
    assert not is_let_be(question, "Return shipping is free.", SHIPPING)


@pytest.mark.parametrize(
    ("question", "claim", "told"),
    [
        ("My lamp is defective; I want to return it. Is shipping free?", "Shipping is free.", SHIPPING),
        ("Can I return accessories after 20 days?", "Accessories can be returned.", BACK),
        ("Can I return accessories within 30 days?", "Accessories can be returned.", BACK),
        ("Is standard delivery free for orders over 40 EUR?", "Standard delivery is free.", OVER),
        ("Is standard delivery free for orders over 50 USD?", "Standard delivery is free.", OVER),
        ("Is standard delivery free for orders under 50 EUR?", "Standard delivery is free.", OVER),
        ("Is standard delivery free for students?", "Standard delivery is free.", GROUPS.replace("members", "new members")),
        ("Is standard delivery free for students?", "Standard delivery is free.", GROUPS.replace(" or ", " and ")),
        ("Can opened lamps be returned?", "Lamps can be returned.", UNOPENED),
        ("Can I cancel after dispatch?", "You can cancel the order.", DISPATCH),
        ("订单满 199 元免运费吗？", "订单免运费。", FROM_299),
        ("订单不满 299 元免运费吗？", "订单免运费。", FROM_299),
        ("发货后取消订单，款项全额退回吗？", "款项全额退回。", CANCELLED),
        ("拆封的灯具可以退货换货吗？", "灯具可以退货换货。", SEALED),
        ("老会员下单免运费吗？", "订单免运费。", "新会员下单时，订单免运费。"),
    ],
)
def test_other_figures_and_bounds_do_not(question: str, claim: str, told: str) -> None:
    assert not is_let_be(question, claim, told)


@pytest.mark.parametrize(
    "question",
    [
        "来回运费由你们承担吗？",
        "没有质量问题，来回运费由你们承担吗？",
        "不是质量问题，来回运费由你们承担吗？",
        "有没有质量问题，来回运费由你们承担吗？",
        "质量问题或不想要了，来回运费由你们承担吗？",
        "什么是质量问题？来回运费由你们承担吗？",
        "灯摔坏了，来回运费由你们承担吗？",
        "质量问题怎么报修？",
        "即使没有质量问题，来回运费由你们承担吗？",
    ],
)
def test_neither_do_they_in_chinese(question: str) -> None:
    assert not is_let_be(question, "来回运费由我们承担。", FREIGHT)


def test_a_sweeping_word_says_more_than_the_question_asks() -> None:
    asked = "Is standard delivery free for orders over 50 EUR?"
    assert not is_let_be(asked, "Standard delivery is free, however small the order.", OVER)
    assert not is_let_be("灯有质量问题，来回运费由谁承担？", "来回运费都由我们承担。", FREIGHT)
