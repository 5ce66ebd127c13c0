"""The language of a question: short, with names in it, at a shop and in a conversation."""

import pytest

from kb.text.question_language import question_language, without_names

SAMPLE = ("en", "zh")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Do vouchers go bad?", "en"),
        ("What is the capital of Peru?", "en"),
        ("Can the Löwenstein be returned?", "en"),
        ("DO VOUCHERS EXPIRE?", "en"),
        ("Wie lange gilt die Garantie für den Rovo 320?", "de"),
        ("Où est mon colis ?", "fr"),
        ("¿Caducan los vales?", "es"),
        ("Czy macie otwarte w niedzielę?", "pl"),
        ("扫地机的电池质保多长时间？", "zh"),
        ("PowerHouse Espresso Machine 1200W漏水", "zh"),
        ("Rovo 320の保証期間は？", "ja"),
        ("Rovo 320 보증 기간이 얼마나 되나요?", "ko"),
        ("What does the label 保修 mean on my receipt?", "en"),
        ("Сколько стоит доставка?", "ru"),
    ],
)
def test_tells_what_is_clear_whatever_the_shop_speaks(text: str, expected: str) -> None:
    assert {question_language(text, known) for known in (SAMPLE, ("fr", "de"), ())} == {expected}


def test_where_the_words_do_not_tell_the_shops_languages_do() -> None:
    assert question_language("Garantie?", ("de", "en")) == "de"
    assert question_language("Garantie?", ("fr", "en")) == "fr"
    assert question_language("Garantie?", ("nl", "en")) == "nl"


def test_the_turn_before_tells_until_the_language_is_changed() -> None:
    assert question_language("Garantie?", SAMPLE, "de") == "de"
    assert question_language("Garantie?", SAMPLE, "fr") == "fr"
    assert question_language("How long is the warranty on this machine?", SAMPLE, "de") == "en"


def test_without_letters_the_conversation_tells_or_the_shop() -> None:
    assert question_language("320?", SAMPLE, "de") == "de"
    assert question_language("320?", ("zh", "en")) == "zh"
    assert question_language("320?") == "und"


def test_a_script_that_nothing_here_is_written_in_is_not_guessed_at() -> None:
    assert question_language("Πόσο διαρκεί η εγγύηση;", SAMPLE) == "und"


def test_han_characters_alone_are_japanese_where_the_shop_is() -> None:
    assert [question_language("返品条件", known) for known in (SAMPLE, ("ja", "en"), ("zh", "ja"))] == ["zh", "ja", "zh"]


def test_a_language_that_only_the_shop_speaks_is_among_the_candidates() -> None:
    assert question_language("Kuinka pitkä takuu tällä laitteella on?", ("fi", "en")) == "fi"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Does the Philips Sonicare come charged?", "Does the come charged?"),
        ("Is it loud? Does it fit the V7?", "Is it loud? Does it fit the"),
        ("warranty Rovo 320", "warranty Rovo 320"),
        ("HOW LONG IS THE WARRANTY?", "HOW LONG IS THE WARRANTY?"),
    ],
)
def test_names_are_left_out_where_enough_is_left(text: str, bare: str) -> None:
    assert without_names(text) == bare
