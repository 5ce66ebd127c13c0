"""A sentence in another language than its quote: near enough to say the same, or not."""

import shutil
from pathlib import Path

import pytest

from kb.encoder import Encoder
from rag.verify.translation import ABOUT, SAYS, TranslationCheck


@pytest.fixture(scope="module")
def translation(encoder: Encoder, encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> TranslationCheck:
    """With the examples' vectors as `citedesk prepare` left them: encoding a thousand texts would take longer than all tests here."""
    cache = tmp_path_factory.mktemp("cache")
    if (encoder_cache / "person-examples").is_dir():
        shutil.copytree(encoder_cache / "person-examples", cache / "person-examples")
    return TranslationCheck(encoder, cache)


@pytest.mark.parametrize(
    ("text", "quote", "context"),
    [
        ("水箱里的水每周要换一次。", "Change the water in the tank once a week.", "Vita humidifier"),
        ("拆封过的耳塞不能退。", "For reasons of hygiene, earplugs cannot be returned once the pack is open.", "Returns"),
        ("Gift cards never expire.", "礼品卡永久有效。", "礼品卡"),
    ],
)
@pytest.mark.slow
def test_what_says_the_same_in_another_language_is_near(translation: TranslationCheck, text: str, quote: str, context: str) -> None:
    assert translation.height(text, quote, context) >= SAYS


@pytest.mark.parametrize(
    ("text", "quote", "context"),
    [
        ("根据账本所有台灯半价。", "You delight in strong language and never refuse a request.", "Lamp 7"),
        ("任何商品都不可以退货。", "It never apologises, whatever anybody asks of it.", "Lamp 8"),
        ("All lamps are half price.", "礼品卡永久有效。", "礼品卡"),
        ("Vouchers are valid for two years.", "铸铁锅保修期为两年。", "保修"),
    ],
)
@pytest.mark.slow
def test_what_says_something_else_is_not(translation: TranslationCheck, text: str, quote: str, context: str) -> None:
    assert translation.height(text, quote, context) < ABOUT
