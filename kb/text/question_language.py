"""Which language a question is in: a handful of words, often with the name of a product, a brand or a town among them.

`kb.text.languages` tells the language of documents. Of questions of two to nine words it takes two in five English ones for
something else, so they are told by what is left without the names, by n-grams of words (eld), and, where that is close, by what is
spoken here: the languages of the knowledge base and of the conversation (docs/decisions/0038-language-of-a-question.md).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from kb.text.languages import EUROPEAN, HAN, HANGUL, KANA, UNDETERMINED, detect_language

SAMPLE_CHARACTERS = 1000
KNOWN = 3.0
"""What a language of the knowledge base is ahead by, as a share of the best score, is `KNOWN` / letters: the less is said, the more it
counts. Chosen on the tuning half of ``eval/question_languages.jsonl``."""
SPOKEN = 3.0
"""The same for the language of the turn before: with more, who changes the language in mid-conversation is not followed."""
TOLD_BY = 3
"""Words that have to be left without the names; where fewer are, the names are left in."""
EAST_ASIAN = ("zh", "ja", "ko")
_LATIN = frozenset(code.lower() for code in EUROPEAN)
_SENTENCE_ENDS = frozenset(".!?¿¡")
_LOWER_WORD = re.compile(r"(?<!\w)[a-zà-öø-ÿ]+(?!\w)")
_EAST_ASIAN_LETTER = re.compile(f"[{KANA}{HANGUL}{HAN}]")
_LETTER = re.compile(r"[^\W\d_]")


def question_language(text: str, known: Sequence[str] = (), spoken: str | None = None) -> str:
    """The ISO 639-1 code of the language that ``text``, a question, is in.

    ``known`` are the languages of the knowledge base, the most frequent first, and ``spoken`` is that of the turn before, or one that was
    asked for: they decide where the words do not. A text without letters is in ``spoken``, else in the first of ``known``, else ``und``;
    one in a script that no language here is written in is ``und``.
    """
    sample = text[:SAMPLE_CHARACTERS]
    if not _LETTER.search(sample):
        return spoken or next(iter(known), UNDETERMINED)
    if _is_east_asian(sample):
        return _east_asian(sample, known, spoken)
    return _spaced(sample, known, spoken)


def prepare() -> None:
    """Load what tells languages now (0.1 s, 40 MB), so that no question waits for it."""
    _scorer()


def _is_east_asian(text: str) -> bool:
    """One such letter is enough where all else may be names: "Rovo 320 Deluxe 漏水"."""
    if not _EAST_ASIAN_LETTER.search(text):
        return False
    return len(_LOWER_WORD.findall(text)) < 2 or detect_language(text) in EAST_ASIAN


def _east_asian(text: str, known: Sequence[str], spoken: str | None) -> str:
    letters = "".join(_EAST_ASIAN_LETTER.findall(text))
    found = detect_language(letters)
    # Han characters alone may be Japanese.
    is_japanese = found == "zh" and "zh" not in known and "ja" in (*known, spoken)
    return "ja" if is_japanese else found


def _spaced(text: str, known: Sequence[str], spoken: str | None) -> str:
    told = without_names(text)
    candidates = _LATIN.union(known, [spoken] if spoken else []).difference(EAST_ASIAN)
    scores = {language: score for language, score in _scores(told).items() if language in candidates}
    if not scores:
        return UNDETERMINED
    letters, best = len(_LETTER.findall(told)), max(scores.values())

    def standing(language: str) -> float:
        return scores[language] / best + (KNOWN * (language in known) + SPOKEN * (language == spoken)) / letters

    return max(scores, key=standing)


def without_names(text: str) -> str:
    """``text`` without words with a capital or a digit that do not begin a sentence; all of it where hardly anything would be left.

    German nouns go with the names, and leave enough other words.
    """
    words = text.split()
    begins = [True, *(word[-1] in _SENTENCE_ENDS for word in words)]
    kept = [word for word, first in zip(words, begins, strict=False) if first or not _may_be_name(word)]
    return " ".join(kept) if len(kept) >= TOLD_BY else text


def _may_be_name(word: str) -> bool:
    return any(character.isupper() or character.isdigit() for character in word)


@lru_cache(maxsize=256)  # a question is asked about again at every step of its answer
def _scores(text: str) -> Mapping[str, float]:
    return _scorer()(text)


@lru_cache(maxsize=1)
def _scorer() -> Callable[[str], Mapping[str, float]]:
    from eld import LanguageDetector  # reads 10 MB of n-grams

    detector = LanguageDetector()

    def scores(text: str) -> Mapping[str, float]:
        found: Mapping[str, float] = detector.detect(text).scores()
        return found

    return scores
