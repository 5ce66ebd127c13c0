"""Whether a message asks nothing: a greeting, thanks, a trial of the keys.

Some passage is always the nearest, and in a shop of a few documents near enough: "hi" was answered with the delivery times. What is
declined is told by its form alone, whatever the shop. A word that the knowledge base has is always a question, however short ("Refund?",
"退货", "E5").
"""

import re
import unicodedata
from functools import lru_cache

import bm25s.stopwords as stopwords

from kb.lexical_index import LexicalIndex
from kb.text.tokens import tokenize, tokenize_query
from rag.conflict.statement import FUNCTION_WORDS
from rag.reference import Reference, reference_of

COURTESY = "The message is a greeting, thanks or the like and asks nothing."
NO_CONTENT = "The message has no word that tells what it is about."
_KEYS = ("qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "yxcvbnm", "1234567890")
_LEAST_KEYS = 4
"""Neighbouring keys struck in a row that make no word; from the end of a row three are enough ("asd")."""
_REPEATED = re.compile(r"(.{1,3}?)\1{3,}")
"""One to three letters four times over: "xxxx", "hahahaha"; "AAA" is a battery."""
_VOWELS = frozenset("aeiouy")
_LEAST_CONSONANTS = 5
"""Letters without a vowel that make no word: "hdmi" and "gps" are shorter."""
_FEW = 2
"""Words that only hold sentences together ask nothing where they are so few: "why?", "is it?"; "Where are you?" does."""
_TRIAL = re.compile(r"(?:test(?:ing)?|测试|试试|lorem|ipsum|blah?)", re.IGNORECASE)


def asks_nothing(text: str, index: LexicalIndex) -> str | None:
    """In a sentence for an agent, why nothing can be asked by ``text``, a message to the knowledge base with ``index``; or None."""
    words = _words(text)
    if reference_of(" ".join(words)) is Reference.SMALL_TALK or reference_of(text) is Reference.SMALL_TALK:
        return COURTESY
    if all(_TRIAL.fullmatch(word) and not _knows(index, word) for word in words):
        return NO_CONTENT
    if all(_is_no_word(word, index) for word in words) or (len(words) <= _FEW and all(_binds(word) for word in words)):
        return NO_CONTENT
    return None


def _words(text: str) -> list[str]:
    """What stands between the signs and spaces of ``text``; an apostrophe belongs to the word."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(character if character.isalnum() or character in "'’-" else " " for character in plain).split()


def _binds(word: str) -> bool:
    """Whether ``word`` only holds sentences together."""
    return frozenset(tokenize(word, "en")) <= _function_words()


def _is_no_word(word: str, index: LexicalIndex) -> bool:
    """Whether ``word`` is a single Latin letter or digit, or made by fingers rather than thoughts and known nowhere."""
    letters = word.casefold()
    if len(letters) == 1 and letters.isascii():
        return True
    return _is_struck(letters) and not _knows(index, word)


def _is_struck(letters: str) -> bool:
    if _REPEATED.fullmatch(letters) or any(_are_keys(letters, row) for line in _KEYS for row in (line, line[::-1])):
        return True
    plain = unicodedata.normalize("NFD", letters)
    return plain.isascii() and plain.isalpha() and len(plain) >= _LEAST_CONSONANTS and not _VOWELS & set(plain)


def _are_keys(letters: str, row: str) -> bool:
    return letters in row and (len(letters) >= _LEAST_KEYS or (len(letters) == _LEAST_KEYS - 1 and row.startswith(letters)))


def _knows(index: LexicalIndex, word: str) -> bool:
    return any(index.idf(stem) is not None for stems in tokenize_query(word, index.languages) for stem in stems)


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    return FUNCTION_WORDS | frozenset(term for word in stopwords.STOPWORDS_EN for term in (word, *tokenize(word, "en")))
