"""Whether a page's text layer is a text: fonts without a character map, wrong encodings and scattered letters give none.

Every test needs enough characters to judge by, so that a page of three words or of part numbers is never condemned.
"""

import re
import unicodedata
from collections.abc import Callable

from ingest.parse.pdf_common_letters import COMMON_HAN, COMMON_PAIRS

FEWEST_CHARACTERS = 12
MOST_MEANINGLESS = 0.3  # share of replacement characters, private ones and names of glyphs
FEWEST_PAIRS = 70
LEAST_COMMON_PAIRS = 0.5  # share of neighbouring letters that European languages often put together
FEWEST_HAN = 40
LEAST_COMMON_HAN = 0.35  # share of Chinese characters among the common ones that make up most of a text
MOST_WRONGLY_DECODED = 0.3  # share of letters that are UTF-8 read as something else, or high letters throughout
MOST_SINGLE_LETTERS = 0.8  # share of words that are one letter
FEWEST_WORDS = 30
MOST_MIXED = 0.15  # share of words in other scripts than the Latin one that are written in two of them
FEWEST_MIXED = 5
MOST_SYMBOLS = 0.5
FEWEST_SYMBOLS = 40
FEWEST_TELLING = 0.15  # share of digits and of letters in words of four: forms, prices and formulas have more, symbols at random fewer
_MEANINGLESS = re.compile(r"[\ufffd\ue000-\uf8ff]|\(cid:\d+\)|/g\d+|/G[0-9A-F]{2}")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]{4,}")
_ALPHABETIC = re.compile(r"[A-Za-z\u00c0-\u058f\u1e00-\u1fff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_OTHER_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_HIGH_LATIN = re.compile(r"[\u00a1-\u00ff\u0152-\u0192\u02c6\u02dc\u2018-\u203a\u20ac\u2122]")
_HIGH_RUN = re.compile(r"[^\x00-\x7f\s]{2,}")
_REPEATED = re.compile(r"(\W)\1+")
_WRONG_CODECS = ("cp1252", "cp1251", "gb18030")


def is_garbled(text: str, dropped: int = 0) -> bool:
    """Whether ``text`` says nothing in any language. ``dropped`` control characters were taken out of it already."""
    solid = "".join(text.split())
    if len(solid) + dropped < FEWEST_CHARACTERS:
        return False
    lost = dropped + sum(map(len, _MEANINGLESS.findall(solid)))
    if lost > MOST_MEANINGLESS * (len(solid) + dropped):
        return True
    return any(test(text) for test in _TESTS)


def common_pairs(text: str) -> float | None:
    """The share of letter pairs that are common in European languages; ``None`` if ``text`` holds too few."""
    pairs = [word[place : place + 2] for word in _LATIN_WORD.findall(_folded(text)) for place in range(len(word) - 1)]
    if len(pairs) < FEWEST_PAIRS:
        return None
    return sum(pair in COMMON_PAIRS for pair in pairs) / len(pairs)


def common_han(text: str) -> float | None:
    """The share of Chinese characters that are common; ``None`` if there are too few, or if the text is Japanese or Korean."""
    han = _HAN.findall(text)
    if len(han) < FEWEST_HAN or len(_OTHER_EAST_ASIAN.findall(text)) > 0.05 * len(han):
        return None
    return sum(character in COMMON_HAN for character in han) / len(han)


def _has_no_language(text: str) -> bool:
    latin = common_pairs(text)
    if latin is not None and latin < LEAST_COMMON_PAIRS:
        return True
    han = common_han(text)
    return han is not None and han < LEAST_COMMON_HAN


def _is_wrongly_decoded(text: str) -> bool:
    """Whether the page is UTF-8 that was read as another encoding, or another encoding that was read as Latin letters."""
    letters = sum(map(len, _WORD.findall(text)))
    wrong = sum(len(run) for run in _HIGH_RUN.findall(text) if any(_is_utf8_read_as(run, codec) for codec in _WRONG_CODECS))
    solid = "".join(text.split())
    high = len(_HIGH_LATIN.findall(solid))
    return wrong > MOST_WRONGLY_DECODED * max(letters, 1) or high > 0.45 * len(solid)


def _is_utf8_read_as(run: str, codec: str) -> bool:
    try:
        return len(run.encode(codec).decode("utf-8")) < len(run)
    except UnicodeError:
        return False


def _is_spaced_out(text: str) -> bool:
    words = [word for word in _WORD.findall(text) if _ALPHABETIC.match(word)]
    return len(words) >= FEWEST_WORDS and sum(len(word) == 1 for word in words) > MOST_SINGLE_LETTERS * len(words)


def _mixes_scripts(text: str) -> bool:
    """Whether words are made of letters of several scripts, as glyph numbers of Arabic and Chinese fonts are."""
    scripts = [found for word in _WORD.findall(text) if (found := {_script(letter) for letter in word} - {"LATIN"})]
    mixed = sum(len(found) > 1 for found in scripts)
    return mixed >= FEWEST_MIXED and mixed > MOST_MIXED * len(scripts)


def _script(letter: str) -> str:
    """The script's name; what is written together in East Asia is one."""
    name = unicodedata.name(letter, "LATIN").split(" ", 1)[0]
    return "CJK" if name in _EAST_ASIAN else "LATIN" if name in _ANY_SCRIPT else name


def _is_symbols(text: str) -> bool:
    """Whether most characters are neither letters nor digits; dotted lines and rules count once."""
    solid = "".join(_REPEATED.sub(r"\1", text).split())
    symbols = sum(unicodedata.category(character)[0] in "PS" for character in solid)
    telling = sum(len(word) for word in _WORD.findall(text) if len(word) > 3) + sum(map(str.isdigit, solid))
    return symbols >= FEWEST_SYMBOLS and symbols > MOST_SYMBOLS * len(solid) and telling < FEWEST_TELLING * len(solid)


def _folded(text: str) -> str:
    """``text`` in lower case without accents."""
    return "".join(character for character in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(character))


_EAST_ASIAN = frozenset("CJK HIRAGANA KATAKANA KATAKANA-HIRAGANA HALFWIDTH FULLWIDTH IDEOGRAPHIC HANGUL BOPOMOFO KANGXI".split())
_ANY_SCRIPT = frozenset("MODIFIER MICRO OHM KELVIN ANGSTROM MASCULINE FEMININE MATHEMATICAL DOUBLE-STRUCK SCRIPT BLACK-LETTER".split())
_TESTS: tuple[Callable[[str], bool], ...] = (_has_no_language, _is_wrongly_decoded, _mixes_scripts, _is_spaced_out, _is_symbols)
