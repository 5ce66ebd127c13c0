"""Quantities in a text: numbers with what they count, in comparable units."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rag.facts.numeral import Numeral, find_numerals
from rag.facts.span import overlaps
from rag.facts.unit import ARTICLE_UNITS, BUSINESS_DAYS, CURRENCY_SIGNS, MONTHS, SECONDS, UNITS, Unit

_ARTICLE = (
    r"(?<!\w)(?:an?|une?|einen?|eine[mrs]?|uno?|una|per|pro|par|each|every|whole|full|one|further|another|additional|extra)"
)
_QUARTER_HOUR = re.compile(
    r"(?P<n>three[ -]quarters|a quarter|quarter) of an hour|(?P<zh>[一三]?刻钟)|un quart d'heure|eine viertelstunde", re.IGNORECASE
)
_HALF_UNIT = re.compile(
    r"\bhalf(?: an?|-an?| of an?)? (?P<unit>hour|day|year|dozen|minute|month|litre|liter|metre|meter|kilo|kilogram)\b"
    r"|\bhalb(?:e|en|es)? (?P<de>stunde|jahr)\b|\bdemi-(?P<fr>heure|journée)\b",
    re.IGNORECASE,
)
_HALF_UNITS = {name: name for name in "hour day year minute month litre liter metre meter kilo kilogram".split()} | {
    "stunde": "hour",
    "jahr": "year",
    "heure": "hour",
    "journée": "day",
}
_ADVERB = re.compile(
    r"\b(?P<unit>dai|week|month|year|annual|hour)ly\b|(?P<zh>每[天日周月年]|每个?(?:小时|星期))|\b(?P<de>täg|wöchent|monat|jähr|stünd)lich\w{0,2}\b",
    re.IGNORECASE,
)
_ADVERB_UNITS = {
    "dai": "day",
    "week": "week",
    "month": "month",
    "year": "year",
    "annual": "year",
    "hour": "hour",
    "täg": "day",
    "wöchent": "week",
    "monat": "month",
    "jähr": "year",
    "stünd": "hour",
}
_PERCENT_HAN = re.compile(r"百分之(?P<n>[零一二三四五六七八九十百两\d.]+)")
_TENTHS_HAN = re.compile(r"(?P<n>[一二三四五六七八九])成(?![分为功本员立人果套品交熟长])")
_BELOW_ZERO = re.compile(r"(?:(?<![\d\w])[-−–]\s?|\bminus |零下\s?)$", re.I)
_AND = re.compile(r"\s?(?:and|und|et|y|e|又)?\s?", re.IGNORECASE)
_JOINED = re.compile(r"\s?(?:-|–|~|—|to|or|and|bis|oder|und|à|ou|et|a|o|y|e|至|到|或|或者|和|、|/|x|×)\s?(?:€|\$|£|¥|￥)?\s?", re.I)


CENTS = "cents"
_FAMILY: dict[str | None, str] = {
    **dict.fromkeys(("USD", "EUR", "GBP", "CNY", "CHF", "cents"), "money"),
    **dict.fromkeys((SECONDS, MONTHS, BUSINESS_DAYS), "time"),
    **dict.fromkeys(("celsius", "fahrenheit", "kelvin"), "temperature"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at ``text[start:end]``, unit included.

    ``values`` are in the base unit of ``dimension``, None for bare numbers; ``written`` is the number as it stands there.
    """

    start: int
    end: int
    values: frozenset[Decimal]
    dimension: str | None
    written: frozenset[Decimal] = frozenset()

    def comparable(self, other: "Quantity") -> bool:
        """Whether both measure the same kind of thing: money in any currency, time in any unit."""
        return _FAMILY.get(self.dimension, self.dimension) == _FAMILY.get(other.dimension, other.dimension)

    def agrees(self, other: "Quantity") -> bool:
        """Whether both may mean the same; a bare number may count anything, and a hundred cents are one of any currency."""
        if None in (self.dimension, other.dimension):
            return bool((self.written or self.values) & (other.written or other.values))
        if self.dimension == other.dimension:
            return bool(self.values & other.values)
        if CENTS not in (self.dimension, other.dimension) or not self.comparable(other):
            return False
        return bool(self._in_whole_money() & other._in_whole_money())

    def _in_whole_money(self) -> frozenset[Decimal]:
        return frozenset((value / 100).normalize() for value in self.values) if self.dimension == CENTS else self.values


def find_quantities(text: str, language: str) -> list[Quantity]:
    """All quantities and bare numbers of ``text``, from left to right.

    In a range or an alternative ("5 to 7 days") the first number has the unit of the last one.
    """
    numerals = find_numerals(text, language)
    lowered = text.lower()
    spoken = _spoken(text)
    found = [*spoken]
    pending: list[tuple[Numeral, int]] = []
    for number, numeral in enumerate(numerals):
        if overlaps(numeral, spoken):
            continue
        unit, start, end = _unit_of(lowered, numeral)
        following = numerals[number + 1] if number + 1 < len(numerals) else None
        if unit is None and following is not None and _JOINED.fullmatch(text, numeral.end, following.start):
            pending.append((numeral, start))
            continue
        found += [_quantity(text, earlier, unit, begin, earlier.end) for earlier, begin in pending]
        pending = []
        found.append(_quantity(text, numeral, unit, start, end))
    found += [_quantity(text, earlier, None, begin, earlier.end) for earlier, begin in pending]
    found += [quantity for quantity in _single(lowered) if not overlaps(quantity, found)]
    return _compounds(text, sorted(found, key=lambda quantity: quantity.start))


def _compounds(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """ "2 hours and 20 minutes" as one quantity."""
    summed: list[Quantity] = []
    for quantity in quantities:
        last = summed[-1] if summed else None
        if last is not None and _continues(text, last, quantity):
            values = frozenset((one + other).normalize() for one in last.values for other in quantity.values)
            summed[-1] = Quantity(last.start, quantity.end, values, last.dimension)
        else:
            summed.append(quantity)
    return summed


def _continues(text: str, one: Quantity, other: Quantity) -> bool:
    """Whether ``other`` is the smaller part of the same time."""
    same = one.dimension == other.dimension and one.dimension in {SECONDS, MONTHS}
    return same and bool(_AND.fullmatch(text, one.end, other.start)) and min(one.values) > max(other.values) and one.end - one.start > 2


def _quantity(text: str, numeral: Numeral, unit: Unit | None, start: int, end: int) -> Quantity:
    values = numeral.values
    if unit is not None and unit.dimension in {"celsius", "fahrenheit"}:
        sign = _BELOW_ZERO.search(text, max(0, start - 8), start)
        if sign is not None:
            values, start = frozenset(-value for value in values), sign.start()
    factor = unit.factor if unit is not None else Decimal(1)
    comparable = frozenset((value * factor).normalize() for value in values)
    return Quantity(start, end, comparable, unit.dimension if unit is not None else None, frozenset(value.normalize() for value in values))


def _unit_of(lowered: str, numeral: Numeral) -> tuple[Unit | None, int, int]:
    """The unit beside ``numeral``, and where number and unit begin and end."""
    after = _after().match(lowered, numeral.end)
    if after is not None and not _only_a_letter(lowered, numeral, after):
        return UNITS[after["unit"]], numeral.start, after.end("unit")
    before = _before().search(lowered, max(0, numeral.start - 6), numeral.start)
    if before is not None:
        return UNITS[before["unit"]], before.start("unit"), numeral.end
    return None, numeral.start, numeral.end


def _only_a_letter(lowered: str, numeral: Numeral, after: re.Match[str]) -> bool:
    """Whether what looks like a unit is a word: "twice a year", "the Rest 500 in the machine"."""
    unit = after["unit"]
    spelled = not any(character.isdigit() for character in lowered[numeral.start : numeral.end])
    return (spelled and unit.isascii() and len(unit) == 1) or (unit == "in" and bool(re.match(r"\s+[a-z]", lowered[after.end() :])))


def _spoken(text: str) -> list[Quantity]:
    """Quarters of an hour, halves, adverbs ("weekly") and percentages in Chinese."""
    found = []
    for match in _QUARTER_HOUR.finditer(text):
        quarters = 3 if (match["n"] or "").lower().startswith("three") or (match["zh"] or "").startswith("三") else 1
        found.append(Quantity(match.start(), match.end(), frozenset({Decimal(900 * quarters).normalize()}), "seconds"))
    for match in _HALF_UNIT.finditer(text):
        name = match["unit"] or match["de"] or match["fr"]
        if name.lower() in _HALF_UNITS:
            unit = UNITS[_HALF_UNITS[name.lower()]]
            found.append(Quantity(match.start(), match.end(), frozenset({(unit.factor / 2).normalize()}), unit.dimension))
    for match in _ADVERB.finditer(text):
        unit = UNITS[match["zh"].lstrip("每个") if match["zh"] else _ADVERB_UNITS[(match["unit"] or match["de"]).lower()]]
        found.append(Quantity(match.start(), match.end(), frozenset({unit.factor.normalize()}), unit.dimension))
    for match in _PERCENT_HAN.finditer(text):
        values = find_numerals(match["n"], "zh")
        if values:
            found.append(Quantity(match.start(), match.end(), frozenset(v.normalize() for v in values[0].values), "percent"))
    for match in _TENTHS_HAN.finditer(text):
        tenths = find_numerals(match["n"] + "次", "zh")[0].values
        found.append(Quantity(match.start(), match.end(), frozenset((10 * value).normalize() for value in tenths), "percent"))
    return found


def _single(lowered: str) -> list[Quantity]:
    """Units that an article makes one of: "within a month", "an hour"."""
    found = []
    for match in _article().finditer(lowered):
        unit = UNITS[match["unit"]]
        found.append(Quantity(match.start(), match.end(), frozenset({unit.factor.normalize()}), unit.dimension))
    return found


@lru_cache(maxsize=1)
def _after() -> re.Pattern[str]:
    return re.compile(rf"[\s\u00a0\u202f-]{{0,2}}(?:个|full |whole |more |further )?(?P<unit>{_alternatives(UNITS)})")


@lru_cache(maxsize=1)
def _before() -> re.Pattern[str]:
    return re.compile(rf"(?P<unit>{'|'.join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))})\s?$")


@lru_cache(maxsize=1)
def _article() -> re.Pattern[str]:
    return re.compile(rf"{_ARTICLE}\s(?:full |whole |single |further |additional |extra )?(?P<unit>{_alternatives(ARTICLE_UNITS)})")


def _alternatives(names: "frozenset[str] | dict[str, Unit]") -> str:
    """Longest first; names in Latin letters end where the word does."""
    ordered = sorted(names, key=len, reverse=True)
    return "|".join(re.escape(name) + (r"(?![\w²³/])" if name[-1].isascii() and name[-1].isalpha() else "") for name in ordered)
