"""The words of a text that carry meaning, for telling of what a number is said."""

import re
from functools import lru_cache

import bm25s.stopwords as stopwords

from kb.text.tokens import HAN, tokenize

_STOP = {
    "en": stopwords.STOPWORDS_EN,
    "zh": stopwords.STOPWORDS_CHINESE,
    "fr": stopwords.STOPWORDS_FRENCH,
    "de": stopwords.STOPWORDS_GERMAN,
    "es": stopwords.STOPWORDS_SPANISH,
    "it": stopwords.STOPWORDS_ITALIAN,
}
_COMMON = {
    "en": "cost costs take takes last lasts need needs get gets has have use used uses run runs".split(),
    "zh": "需要 可以 能够 收取 大约 左右".split(),
    "de": "kostet kosten dauert dauern braucht brauchen hat haben".split(),
    "fr": "coûte coûtent prend prennent dure durent faut".split(),
}
"""What is said of every price and every time: no sign of which one is meant."""
_NO_SIGN = frozenset({"within"})
"""Said of most values too; taken from the words that tell values apart only, for others have fitted weights."""
NAME_WEIGHT = 2.0
"""A word with a digit in it ("320", "S4") names one thing among its like."""
_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")
_NO_WORD = re.compile("[的了是在和与及或也就都可会能要把被对从向以为将并且其这那]")
REMEMBERED = 4096
"""Texts whose words are kept: the same passages are asked for theirs by every sentence of an answer."""


@lru_cache(maxsize=REMEMBERED)
def content_words(text: str, language: str) -> frozenset[str]:
    """The index terms of ``text`` without those that only hold sentences together, and without single Chinese characters."""
    terms = frozenset(term for term in tokenize(text, language) if len(term) > 1 or term.isascii())
    return terms - _stop_terms(language)


def weight(words: frozenset[str]) -> float:
    """How much ``words`` tell: one each, more where one names a model."""
    return sum(NAME_WEIGHT if len(word) > 1 and any(character.isdigit() for character in word) else 1.0 for word in words)


@lru_cache(maxsize=REMEMBERED)
def meaning_words(text: str, language: str) -> frozenset[str]:
    """The content words of ``text`` without pronouns, auxiliaries and the like ("you", "can", "any"), which any long English text has.

    What is weighed by fitted numbers keeps to `content_words`, with which these were fitted.
    """
    return content_words(text, language) - (_grammar_terms() if language == "en" else frozenset())


@lru_cache(maxsize=1)
def _grammar_terms() -> frozenset[str]:
    return frozenset(term for word in stopwords.STOPWORDS_EN_PLUS for term in tokenize(word, "en"))


@lru_cache(maxsize=16)
def _stop_terms(language: str) -> frozenset[str]:
    words = (*_STOP.get(language, ()), *_COMMON.get(language, ()))
    return frozenset(term for word in words for term in tokenize(word, language))


@lru_cache(maxsize=REMEMBERED)
def telling_words(text: str, language: str) -> frozenset[str]:
    """The content words of ``text``, and in Chinese its pairs of neighbouring characters: words that no dictionary cuts out alike twice."""
    words = content_words(text, language) - _NO_SIGN
    if language != "zh":
        return words
    runs = _HAN_RUN.findall(_NO_WORD.sub(" ", text))
    return words | {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
