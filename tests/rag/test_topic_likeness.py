"""Whether a question is about a topic: in both languages, whatever the words, and not when it is about another product."""

import shutil
from pathlib import Path

import pytest

from kb.encoder import Encoder
from kb.encoders.hashing import HashingEncoder
from rag.topic_likeness import TopicLikeness, models_in


@pytest.fixture(scope="module")
def likeness(encoder: Encoder, encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> TopicLikeness:
    """With the examples' vectors as `citedesk prepare` left them: encoding a thousand texts would take longer than all tests here."""
    cache = tmp_path_factory.mktemp("cache")
    for kept in ("person-examples", "matter-examples"):
        if (encoder_cache / kept).is_dir():
            shutil.copytree(encoder_cache / kept, cache / kept)
    return TopicLikeness(encoder, cache)


@pytest.mark.parametrize(
    ("topic", "question"),
    [
        ("gift cards", "礼品卡有效期多久？"),
        ("礼品卡", "How long is a gift card valid?"),
        ("battery recall of the Aero 320", "My Aero 320 battery, is it being called back?"),
        ("退货运费", "Who pays the postage when I send something back?"),
        ("delivery to Northern Ireland", "Hello! I moved last month. I love your lamps. Do you deliver to Belfast in Northern Ireland?"),
    ],
)
@pytest.mark.slow
def test_what_is_about_the_topic_is_found_in_either_language(likeness: TopicLikeness, topic: str, question: str) -> None:
    assert likeness.about(["a topic about the colour of garden chairs", topic], [question]) == 1


@pytest.mark.parametrize("question", ["How do I descale the kettle?", "电水壶怎么除垢？", "", "Is the battery of the Aero 500 recalled?"])
@pytest.mark.slow
def test_other_matters_and_other_products_are_not(likeness: TopicLikeness, question: str) -> None:
    assert likeness.about(["battery recall of the Aero 320"], [question]) is None


def test_the_words_that_a_question_leans_on_count() -> None:
    likeness = TopicLikeness(HashingEncoder())
    assert likeness.about(["returns of opened headphones"], ["and for those?"]) is None
    assert likeness.about(["returns of opened headphones"], ["and for those?", "returns of opened headphones"]) == 0
    assert likeness.about([], ["anything"]) is None


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("空气净化器K7甲醛检测报告", {"k7"}),
        ("SoundBar S5", {"s5"}),
        ("battery recall of the Aero 320", {"320"}),
        ("lot L2291, please", {"l2291"}),
        ("I bought it within 30 days for 20 euros", set()),
        ("gift cards", set()),
    ],
)
def test_models_are_codes_and_numbers_of_products(text: str, models: set[str]) -> None:
    assert models_in(text) == models
