"""Index terms of several languages."""

import pytest

from kb.text.tokens import estimate_tokens, tokenize, tokenize_query


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Returns are accepted", "en", ["return", "are", "accept"]),
        ("L'aspirateur garantie", "fr", ["l", "aspir", "garant"]),
        ("保修期是24个月", "zh", ["保修", "保修期", "是", "24", "个", "月"]),
        ("こんにちは", "ja", ["こん", "んに", "にち", "ちは"]),
        ("１２００ Ｗ", "en", ["1200", "w"]),
    ],
)
def test_words_of_each_language(text: str, language: str, expected: list[str]) -> None:
    assert tokenize(text, language) == expected


def test_a_chinese_year_is_a_term_of_its_own() -> None:
    assert "2023" in tokenize("2023年国考计划", "zh")


@pytest.mark.parametrize("written", ["BN-RV310", "bn rv310", "Bn-Rv310"])
def test_a_model_code_is_found_however_it_is_written(written: str) -> None:
    indexed = set(tokenize("Rovo BN-RV310 manual", "en"))
    assert "rv310" in indexed.intersection(tokenize(written, "en"))


def test_numbers_lose_their_thousands_separator_and_keep_decimals() -> None:
    assert tokenize("1,299.00 and 4.5 and 5kg", "en") == ["1299.00", "and", "4.5", "and", "5", "kg"]


def test_a_question_is_stemmed_for_every_language_of_the_knowledge_base() -> None:
    (stems,) = tokenize_query("garanties", ["en", "fr"])
    assert set(stems) == {*tokenize("garanties", "en"), *tokenize("garanties", "fr")}
    assert tokenize_query("return return", ["en"]) == [("return",)]


def test_token_estimate_knows_that_chinese_is_denser() -> None:
    assert estimate_tokens("abcdefgh") == 2
    assert estimate_tokens("保修期保修期") == 4
