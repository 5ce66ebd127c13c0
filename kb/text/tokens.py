"""Words for the lexical index: jieba for Chinese, stems for European languages, model codes kept whole and in parts."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import jieba
import Stemmer

STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
UNSPACED = "\u3040-\u30ff\uac00-\ud7af\u0e00-\u0e7f"
_RUN = re.compile(
    rf"(?P<han>[{HAN}]+)|(?P<unspaced>[{UNSPACED}]+)"
    rf"|(?P<number>\d+(?:[.,]\d+)+)|(?P<word>[^\W_{HAN}{UNSPACED}]+(?:[-'’][^\W_{HAN}{UNSPACED}]+)*)"
)
_THOUSANDS = re.compile(r",(?=\d{3}(?:\D|$))")
_MEASURE = re.compile(r"(\d+)([a-z%°]+)")
CHARACTERS_PER_TOKEN = 4.0
HAN_PER_TOKEN = 1.5
"""How many characters multilingual-e5's tokenizer packs into one token, measured on the sample shop, rounded down."""


def tokenize(text: str, language: str) -> list[str]:
    """Index terms of ``text`` in order. ``language`` is an ISO 639-1 code; an unknown one means no stemming."""
    return [term for alternatives in _terms(text, (language,)) for term in alternatives]


def tokenize_query(text: str, languages: Iterable[str]) -> list[tuple[str, ...]]:
    """Distinct index terms of a question, each with its alternative stems, one for each of ``languages``.

    A question of three words is too short to tell its language; stemming it for every language of the knowledge base
    finds the right stem for certain, at the price of a few that match nothing.
    """
    return list(_question_terms(text, tuple(languages) or ("",)))


@lru_cache(maxsize=256)  # one answer asks up to nine times about the same question
def _question_terms(text: str, languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(_terms(text, languages)))


def estimate_tokens(text: str) -> int:
    """About how many tokens a transformer makes of ``text``: one per 4 characters, one per 1.5 Han characters."""
    dense = len(re.findall(f"[{HAN}{UNSPACED}]", text))
    return round(dense / HAN_PER_TOKEN + (len(text) - dense) / CHARACTERS_PER_TOKEN)


def _terms(text: str, languages: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for match in _RUN.finditer(unicodedata.normalize("NFKC", text).casefold()):
        run = match.group()
        match match.lastgroup:
            case "han":
                yield from ((term,) for term in segmenter().cut_for_search(run))
            case "unspaced":
                yield from ((run[i : i + 2],) for i in range(max(1, len(run) - 1)))
            case "number":
                yield (_THOUSANDS.sub("", run),)
            case _:
                yield from _word_terms(run, languages)


def _word_terms(word: str, languages: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for unit in re.split(r"['’]", word):
        parts = unit.split("-")
        if len(parts) > 1 and any(character.isdigit() for character in unit):
            yield ("".join(parts),)
        for part in parts:
            yield from _part_terms(part, languages)


def _part_terms(part: str, languages: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    measure = _MEASURE.fullmatch(part)
    if measure:
        yield (measure.group(1),)
        part = measure.group(2)
    if part:
        yield tuple(dict.fromkeys(_stem(part, language) for language in languages))


@lru_cache(maxsize=65536)
def _stem(word: str, language: str) -> str:
    algorithm = STEMMERS.get(language)
    return _stemmer(algorithm).stemWord(word) if algorithm and word.isalpha() else word


@lru_cache(maxsize=len(STEMMERS))
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm)


@lru_cache(maxsize=1)
def segmenter() -> jieba.Tokenizer:
    """jieba with its own dictionary, built in memory: its cache file in the shared temporary folder could be planted."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
