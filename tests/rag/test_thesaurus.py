"""Concepts in several languages."""

import pytest

from rag.thesaurus import concepts_in, words_of


@pytest.mark.parametrize(
    "text", ["Can I use a voucher here?", "礼品卡有效期多久", "J'ai une carte cadeau", "Ein Gutschein", "Una tarjeta regalo"]
)
def test_a_concept_is_found_in_every_language(text: str) -> None:
    assert "gift_card" in concepts_in(text)


def test_words_match_at_their_beginning_only() -> None:
    assert "refund" in concepts_in("They refunded me.")
    assert "refund" not in concepts_in("prerefund")


def test_every_word_of_a_concept_names_it() -> None:
    assert all("gift_card" in concepts_in(f"the {word} here") for word in words_of("gift_card"))
    with pytest.raises(KeyError):
        words_of("no such concept")
