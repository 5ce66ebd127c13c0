"""Fractions in a text: "two thirds", 1/3, 三分之二."""

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.facts.numeral import Numeral, find_numerals

_PARTS = {
    name: number
    for number, names in {
        2: "half halves",
        3: "third thirds drittel tiers",
        4: "quarter quarters viertel quart quarts",
        5: "fifth fifths fünftel cinquième cinquièmes",
        6: "sixth sixths",
        8: "eighth eighths achtel",
        10: "tenth tenths zehntel dixième dixièmes",
        100: "hundredth hundredths",
    }.items()
    for name in names.split()
}
_COUNTS = {
    name: number
    for number, names in {
        1: "one ein un",
        2: "two zwei deux",
        3: "three drei trois",
        4: "four vier quatre",
        5: "five fünf cinq",
        6: "six sechs",
        7: "seven sieben sept",
        8: "eight acht huit",
        9: "nine neun neuf",
    }.items()
    for name in names.split()
}
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_WORDS = re.compile(rf"(?<![\w-])(?P<n>{'|'.join(_COUNTS)}|\d)[ -](?P<parts>{_PART})\b(?! (?:an |of an )?hour)", re.IGNORECASE)
_A_PART = re.compile(
    r"\b(?:(?<=at most )|(?<=at least )|(?<=more than )|(?<=less than )|(?<=up to )|(?<=about )|(?<=only ))a (?P<parts>third|fifth|tenth)\b"
    r"|\b(?:a|ein|un) (?P<of>third|fifth|tenth|drittel|tiers)(?= (?:of|der|des|du|de|d'))",
    re.IGNORECASE,
)
"""An article makes a part of an ordinal only beside words of measure: "a third makes the colours drift" counts reels."""
_SLASH = re.compile(r"(?<![\d./,])(?P<n>[1-9])/(?P<parts>[2-9]|10)(?![\d/.]|\s?[A-Za-z]?\d)")
_HAN = re.compile(r"(?P<parts>[二两三四五六七八九十]{1,2})分之(?P<n>[一二三四五六七八九]{1,2})")
EXACT = Decimal("0.0001")
"""To what a fraction is rounded, for thirds end nowhere."""


def find_fractions(text: str) -> Iterator[Numeral]:
    """The proper fractions of ``text``, those of an hour aside."""
    for match in _WORDS.finditer(text):
        number = _COUNTS.get(match["n"].lower()) or int(match["n"])
        yield from _fraction(match, number, _PARTS[match["parts"].lower()])
    for match in _A_PART.finditer(text):
        yield from _fraction(match, 1, _PARTS[(match["parts"] or match["of"]).lower()])
    for match in _SLASH.finditer(text):
        yield from _fraction(match, int(match["n"]), int(match["parts"]))
    for match in _HAN.finditer(text):
        above, below = (min(find_numerals(match[name] + "次", "zh")[0].values) for name in ("n", "parts"))
        yield from _fraction(match, int(above), int(below))


def _fraction(match: re.Match[str], number: int, parts: int) -> Iterator[Numeral]:
    if number < parts:
        yield Numeral(match.start(), match.end(), frozenset({(Decimal(number) / parts).quantize(EXACT).normalize()}))
