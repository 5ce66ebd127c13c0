"""The region that a question is about, and the countries that it names for other reasons."""

import pytest

from rag.asked_region import asked_region, without_region


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Does it hold in France?", "FR"),
        ("How many days do customers in Germany have?", "DE"),
        ("I am ordering from Italy. What is the postage?", "IT"),
        ("For a customer in the EU, in France?", "FR"),
        ("法国的订单多少天内可以退货？", "FR"),
        ("大陆的订单运费怎么算？", "CN"),
        ("Was kostet der Versand in die Schweiz?", "CH"),
        ("Quel est le délai en Belgique ?", "BE"),
        ("I live in California. How long do I have?", "US-CA"),
        ("How long do Scottish orders to Scotland take?", "GB-SCT"),
        ("And Texas?", "US-TX"),
        ("Do you deliver to New York, USA?", "US-NY"),
        ("Is Northern Ireland more expensive, if I order to Northern Ireland?", "GB-NIR"),
        ("Quel est le délai au Québec ?", "CA-QC"),
        ("Gilt das auch in Bayern?", "DE-BY"),
        ("广东省的订单几天到？", "CN-GD"),
        ("寄到新疆多少钱？", "CN-XJ"),
    ],
)
def test_the_region_asked_about(text: str, code: str) -> None:
    assert asked_region(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "How long do I have?",
        "Is it made in Germany?",
        "Do you ship from China?",
        "Does it come with a UK plug?",
        "Is there a EU 42 size?",
        "这是德国制造的吗？",
        "Is delivery to France dearer than to Germany?",
        "can you tell us more?",
        "Is the Montana tent waterproof?",
        "How heavy is the Texas grill?",
        "云南咖啡保质期多久？",
        "北京时间几点下班？",
        "Is your shop at 5 California Street?",
    ],
)
def test_a_country_named_for_another_reason_is_none(text: str) -> None:
    assert asked_region(text) is None


def test_the_question_without_its_region() -> None:
    assert without_region("How many days do customers in Germany have?") == "How many days do customers have?"
    assert without_region("How long do I have in New South Wales?") == "How long do I have?"
    assert without_region("广东省的订单多少天内可以退货？") == "订单多少天内可以退货？"
    assert without_region("法国的订单多少天内可以退货？") == "订单多少天内可以退货？"
