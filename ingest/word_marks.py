"""Which words differ between two texts: numbers and words as wholes, Chinese and its like by the character."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from kb.text.tokens import HAN, UNSPACED

MarkKind: TypeAlias = Literal["same", "removed", "added"]
MOST_PIECES = 4000
"""Longer texts are marked as replaced as a whole: comparing takes time by the square of the length."""
SHORT_BRIDGE = 2
"""So few characters that stayed between two changes are shown as changed with them: confetti cannot be read."""

_PIECE = re.compile(rf"\d+(?:[.,:]\d+)*|[^\W\d_{HAN}{UNSPACED}]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of text that stayed, that only the old text has, or only the new one."""

    kind: MarkKind
    text: str


def words_in(text: str) -> list[str]:
    """The words, numbers and signs of ``text`` as they are compared, folded, without blanks."""
    return [piece for piece in _PIECE.findall(text.casefold()) if not piece.isspace()]


def mark_words(old: str, new: str) -> tuple[Mark, ...]:
    """``old`` and ``new`` laid over each other, in order.

    The marks that are not ``added`` make up ``old``, and those that are not ``removed`` make up ``new``, to the letter.
    """
    ours, theirs = _PIECE.findall(old), _PIECE.findall(new)
    if len(ours) > MOST_PIECES or len(theirs) > MOST_PIECES:
        return tuple(mark for mark in (Mark("removed", old), Mark("added", new)) if mark.text)
    return tuple(_marks(_runs(ours, theirs)))


def _runs(ours: list[str], theirs: list[str]) -> Iterator[tuple[str, str]]:
    """What stands in both, side by side: equal texts, or a replacement."""
    changed_old, changed_new = "", ""
    for tag, i, j, k, m in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        one, other = "".join(ours[i:j]), "".join(theirs[k:m])
        if tag != "equal":
            changed_old, changed_new = changed_old + one, changed_new + other
        elif (changed_old or changed_new) and _is_bridge(one) and j < len(ours) and m < len(theirs):
            changed_old, changed_new = changed_old + one, changed_new + one
        else:
            if changed_old or changed_new:
                yield changed_old, changed_new
            yield one, one
            changed_old, changed_new = "", ""
    if changed_old or changed_new:
        yield changed_old, changed_new


def _is_bridge(text: str) -> bool:
    return len(text) <= SHORT_BRIDGE and "\n" not in text


def _marks(runs: Iterator[tuple[str, str]]) -> Iterator[Mark]:
    for old, new in runs:
        if old == new:
            yield Mark("same", old)
            continue
        if old:
            yield Mark("removed", old)
        if new:
            yield Mark("added", new)
