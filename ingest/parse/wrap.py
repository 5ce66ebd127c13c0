"""Joins the lines of wrapped text: a space between words, nothing between Chinese characters, broken words mended."""

import re
from collections.abc import Iterable

_UNSPACED = r"\u2e80-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_WRAPPED_CHINESE = re.compile(rf"(?<=[{_UNSPACED}])[ \t]*\n[ \t]*(?=[{_UNSPACED}])")
_UNSPACED_END = re.compile(rf"[{_UNSPACED}]$")
_UNSPACED_START = re.compile(rf"[{_UNSPACED}]")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])([^\W\d_]*)[-\u2010]$")


def unwrap(text: str) -> str:
    """``text`` on one line, with single spaces."""
    return " ".join(_WRAPPED_CHINESE.sub("", text).split())


def separator(left: str, right: str) -> str:
    """What stands between two wrapped lines: nothing if Chinese (or Japanese, Korean) meets its like, else a space."""
    return "" if _UNSPACED_END.search(left) and _UNSPACED_START.match(right) else " "


def is_broken_word(left: str, right: str, hyphenated_words: frozenset[str]) -> bool:
    """Whether the hyphen that ends ``left`` was only put there to break a word.

    Not if the text writes the word with its hyphen elsewhere (``hyphenated_words``, in lower case: "self-cleaning").
    """
    match = _HYPHENATED.search(left)
    if match is None or not right[:1].islower():
        return False
    first = re.search(r"[^\W\d_]+$", left[:-1])
    second = re.match(r"[^\W\d_]+", right)
    assert first and second
    return f"{first.group()}-{second.group()}".casefold() not in hyphenated_words


def hyphenated_words(lines: Iterable[str]) -> frozenset[str]:
    """The words that stand in ``lines`` with a hyphen inside, in lower case."""
    return frozenset(word.casefold() for line in lines for word in re.findall(r"[^\W\d_]+-[^\W\d_]+", line))
