"""Finds the stretches of a text that speak to a language model: "ignore previous instructions", 忽略之前的指令, role tags."""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass

from kb.text.instruction_marks import instruction_marks
from kb.text.invisible import drop_invisible, has_invisible

LONGEST_EXCERPT = 80
ENOUGH = 2
"""Different faint marks in two sentences that follow each other."""
_SENTENCE = re.compile(r"(?:[^\n.!?。！？]|[.!?](?=[^\s\"'”’」』)]))+[.!?。！？\"'”’」』)]*|[.!?。！？]+")
_ENCODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_HAN = re.compile("[\u4e00-\u9fff]")
_HINT = re.compile(r"[\s.,;:!?，。；：！？]")


class _Fold(dict[int, str]):
    """Lower case and compatibility forms, character by character, so that a place in the folded text is one in the text."""

    def __missing__(self, code: int) -> str:
        wide = unicodedata.normalize("NFKC", chr(code)).lower()
        self[code] = wide if len(wide) == 1 else chr(code)
        return self[code]


_FOLD = _Fold()


@dataclass(frozen=True, slots=True)
class Instruction:
    """``text[start:end]`` of the text that was searched speaks to a model. ``excerpt`` is its beginning, on one line."""

    start: int
    end: int
    excerpt: str


def find_instructions(text: str) -> tuple[Instruction, ...]:
    """The stretches of ``text`` (whole sentences) that speak to a language model, in order; none in most texts."""
    if has_invisible(text):
        seen = drop_invisible(text)
        found = find_instructions(seen.text) if len(seen.text) < len(text) else _find(text)
        place = seen.positions if len(seen.text) < len(text) else range(len(text))
        return tuple(Instruction(place[one.start], place[one.end - 1] + 1, one.excerpt) for one in found)
    return _find(text)


def speaks_to_model(text: str) -> bool:
    """Whether any stretch of ``text`` speaks to a language model."""
    return bool(find_instructions(text))


def _find(text: str) -> tuple[Instruction, ...]:
    plain = text.translate(_FOLD)
    places = _plain_places(plain) + [match.span() for match in _ENCODED.finditer(text) if _hides_instruction(match.group())]
    faint = [(place, number) for number, mark in enumerate(instruction_marks().faint) for place in mark.places(plain)]
    if not places and len(faint) < ENOUGH:
        return ()
    sentences = [(match.start(), match.end()) for match in _SENTENCE.finditer(text)]
    flagged = {number for number, span in enumerate(sentences) if any(_overlap(place, span) for place in places)}
    marks = [{number for place, number in faint if _overlap(place, span)} for span in sentences]
    for number, found in enumerate(marks):
        if len(found) >= ENOUGH:
            flagged.add(number)
        if number and found and marks[number - 1] and len(found | marks[number - 1]) >= ENOUGH:
            flagged |= {number - 1, number}
    return tuple(_instruction(text, *sentences[number]) for number in sorted(flagged))


def _plain_places(folded: str) -> list[tuple[int, int]]:
    known = instruction_marks()
    marks = (*known.plain, *known.chinese) if _HAN.search(folded) else known.plain
    return [place for mark in marks for place in mark.places(folded)]


def _overlap(place: tuple[int, int], span: tuple[int, int]) -> bool:
    return place[0] < span[1] and place[1] > span[0]


def _hides_instruction(written: str) -> bool:
    """Whether base64 hides words that speak to a model."""
    try:
        decoded = base64.b64decode(written + "=" * (-len(written) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return bool(_HINT.search(decoded)) and speaks_to_model(_ENCODED.sub("", decoded))


def _instruction(text: str, start: int, end: int) -> Instruction:
    excerpt = " ".join(text[start:end].split())
    return Instruction(start, end, excerpt if len(excerpt) <= LONGEST_EXCERPT else f"{excerpt[:LONGEST_EXCERPT]}…")
