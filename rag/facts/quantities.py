"""The quantities of a text."""

import re
from decimal import Decimal
from functools import lru_cache

from rag.facts.discount import DISCOUNT, reduction
from rag.facts.fraction import find_fractions
from rag.facts.numeral import Numeral, find_numerals
from rag.facts.quantity import Quantity
from rag.facts.span import apart, overlaps
from rag.facts.spoken_quantity import single_units, spoken_quantities, with_part
from rag.facts.unit import CURRENCY_SIGNS, MONTHS, SECONDS, UNITS, Unit, alternatives

_BELOW_ZERO = re.compile(r"(?:(?<![\d\w])[-−–]\s?|\bminus |零下\s?)$", re.I)
_AND = re.compile(r"\s?(?:and|und|et|y|e|又)?\s?", re.IGNORECASE)
_JOINED = re.compile(
    r"\s?(?:-|–|~|—|to|or|and|bis|oder|und|à|ou|et|a|o|y|e|至|到|或|或者|和|、|/|x|×|(?<=\w )by)\s?(?:€|\$|£|¥|￥)?\s?", re.I
)
_WORD_BETWEEN = re.compile(
    r"\s(?!(?:of|in|on|at|to|or|and|by|for|from|per|the|this|that|these|those|each|every|after|before|within|last|next|more|than)\s)"
    r"[a-z]{4,14}\s(?P<unit>seconds|minutes|hours|days|weeks|months|years)(?!\w)"
)
"""One word may stand before the unit: "40 operating hours"."""
_WORD_BEHIND = re.compile(r"\s+(?!(?:from|wide|long|high|deep|thick|tall|apart|away|and|or|by)\b)[a-z]")
"""Before these an "in" is an inch, before others a word."""
_EARNED = re.compile(r"[积得送扣抵计加]\s?$")
"""Behind these 分 are points and no minutes."""
HUNDREDTHS = 2


def find_quantities(text: str, language: str) -> list[Quantity]:
    """All quantities and bare numbers of ``text``, from left to right.

    In a range or an alternative ("5 to 7 days") the first number has the unit of the last one.
    """
    numerals = apart([*find_fractions(text), *find_numerals(text, language)])
    lowered = text.lower()
    spoken = spoken_quantities(text)
    found = [*spoken]
    pending: list[tuple[Numeral, int]] = []
    for number, numeral in enumerate(numerals):
        if overlaps(numeral, spoken):
            continue
        unit, start, end = _unit_of(lowered, numeral, max((one.end for one in found if one.start < numeral.start), default=0))
        following = numerals[number + 1] if number + 1 < len(numerals) else None
        alone = unit is None and not any(_are_hundredths(text, one, _quantity(text, numeral, None, start, end)) for one in found[-1:])
        if alone and following is not None and _JOINED.fullmatch(text, numeral.end, following.start):
            pending.append((numeral, start))
            continue
        found += [_quantity(text, earlier, unit, begin, earlier.end) for earlier, begin in pending]
        pending = []
        found.append(_quantity(text, numeral, unit, start, end))
    found += [_quantity(text, earlier, None, begin, earlier.end) for earlier, begin in pending]
    found += [quantity for quantity in single_units(lowered) if not overlaps(quantity, found)]
    return _compounds(text, sorted(found, key=lambda quantity: quantity.start))


def _compounds(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """What is said in several pieces as one quantity: "2 hours and 20 minutes", "five dollars fifty", "an hour and a half"."""
    summed: list[Quantity] = []
    for quantity in quantities:
        last = summed[-1] if summed else None
        if last is not None and quantity.start < last.end:
            continue
        if last is not None and _continues(text, last, quantity):
            values = frozenset((one + other).normalize() for one in last.values for other in quantity.values)
            summed[-1] = Quantity(last.start, quantity.end, values, last.dimension)
        elif last is not None and _are_hundredths(text, last, quantity):
            summed[-1] = _with_hundredths(last, quantity)
        else:
            summed.append(with_part(text, quantity))
    return summed


def _continues(text: str, one: Quantity, other: Quantity) -> bool:
    """Whether ``other`` is the smaller part of the same time."""
    same = one.dimension == other.dimension and one.dimension in {SECONDS, MONTHS}
    counted = bool(other.written or text[one.end : other.start].strip())
    smaller = min(one.values) > max(other.values)
    return same and counted and smaller and bool(_AND.fullmatch(text, one.end, other.start)) and one.end - one.start > 2


def _are_hundredths(text: str, one: Quantity, other: Quantity) -> bool:
    """Whether ``other``, a bare number, is the cents or centimetres of ``one``: "five dollars fifty", "1 m 10"."""
    if other.dimension is not None or not one.written or not all(value == int(value) for value in one.written):
        return False
    metres = one.dimension == "metres" and one.values == one.written
    if not (metres or one.is_money) or not text[one.end - 1].isalpha() or text[one.end : other.start] != " ":
        return False
    digits = text[other.start : other.end]
    return 10 <= min(other.values) < 100 and (len(digits) == HUNDREDTHS or not digits.isdecimal())


def _with_hundredths(one: Quantity, other: Quantity) -> Quantity:
    part = min(other.values) / 100
    written = frozenset((value + part).normalize() for value in one.written)
    paid = one if one.other is None else one.other
    return Quantity(one.start, other.end, frozenset((value + part).normalize() for value in paid.values), paid.dimension, written)


def _quantity(text: str, numeral: Numeral, unit: Unit | None, start: int, end: int) -> Quantity:
    values = numeral.values
    if unit is not None and unit.dimension in {"celsius", "fahrenheit"}:
        sign = _BELOW_ZERO.search(text, max(0, start - 8), start)
        if sign is not None:
            values, start = frozenset(-value for value in values), sign.start()
    if unit is not None and unit.dimension == DISCOUNT:
        return reduction(values, start, end)
    other = None if unit is None or unit.other is None else _measured(values, unit.other, start, end)
    return _measured(values, unit, start, end, other)


def _measured(values: frozenset[Decimal], unit: Unit | None, start: int, end: int, other: Quantity | None = None) -> Quantity:
    factor = unit.factor if unit is not None else Decimal(1)
    comparable = frozenset((value * factor).normalize() for value in values)
    written = frozenset(value.normalize() for value in values)
    return Quantity(start, end, comparable, unit.dimension if unit is not None else None, written, other)


def _unit_of(lowered: str, numeral: Numeral, taken: int) -> tuple[Unit | None, int, int]:
    """The unit beside ``numeral``, and where number and unit begin and end; before ``taken`` all belongs to another number."""
    after = _after().match(lowered, numeral.end) or _WORD_BETWEEN.match(lowered, numeral.end)
    after = after or (_part_of().match(lowered, numeral.end) if max(numeral.values) < 1 else None)
    if after is not None and not _only_a_letter(lowered, numeral, after):
        unit = UNITS[after["unit"]]
        earned = unit.other if after["unit"] == "分" and _EARNED.search(lowered, 0, numeral.start) else None
        return earned or unit, numeral.start, after.end("unit")
    before = _before().search(lowered, max(0, numeral.start - 6), numeral.start)
    if before is not None and before.start("unit") >= taken:
        return UNITS[before["unit"]], before.start("unit"), numeral.end
    return None, numeral.start, numeral.end


def _only_a_letter(lowered: str, numeral: Numeral, after: re.Match[str]) -> bool:
    """Whether what looks like a unit is a word: "twice a year", "£129 a year", "the Rest 500 in the machine"."""
    unit = after["unit"]
    spelled = not any(character.isdigit() for character in lowered[numeral.start : numeral.end])
    word = unit in {"in", "a"} and bool(_WORD_BEHIND.match(lowered, after.end("unit")))
    return (spelled and unit.isascii() and len(unit) == 1) or word


@lru_cache(maxsize=1)
def _after() -> re.Pattern[str]:
    return re.compile(rf"[\s\u00a0\u202f-]{{0,2}}(?:个|full |whole |more |further )?(?P<unit>{alternatives(UNITS)})")


@lru_cache(maxsize=1)
def _part_of() -> re.Pattern[str]:
    """ "Three tenths of a millimetre"."""
    return re.compile(rf"\s(?:of an?|of one|eines|d'un|d'une)\s(?P<unit>{alternatives(name for name in UNITS if len(name) > 3)})")


@lru_cache(maxsize=1)
def _before() -> re.Pattern[str]:
    return re.compile(rf"(?P<unit>{'|'.join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))})\s?$")
