"""Quantities that are said without a number beside a unit: quarters and halves of an hour, "weekly", "a month", 百分之十."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from rag.facts.frequency import find_frequencies
from rag.facts.numeral import find_numerals
from rag.facts.quantity import Quantity
from rag.facts.span import apart
from rag.facts.unit import ARTICLE_UNITS, MONTHS, SECONDS, UNITS, alternatives

_ARTICLE = (
    r"(?<!\w)(?:an?|une?|einen?|eine[mrs]?|uno?|una|per|pro|par|each|every|whole|full|one|further|another|additional|extra)"
)
_RATES = ("per", "pro", "par", "each", "every")
"""Articles that say how often; the others count one."""
_QUARTER_HOUR = re.compile(
    r"(?P<n>three[ -]quarters|a quarter|quarter) of an hour|(?P<zh>[一三]?刻钟)"
    r"|(?P<fr>trois quarts d'heure)|un quart d'heure|eine viertelstunde",
    re.IGNORECASE,
)
_HALF_UNIT = re.compile(
    r"\bhalf(?: an?|-an?| of an?|(?=-))[ -](?P<unit>hour|day|year|dozen|minute|month|litre|liter|metre|meter|kilo|kilogram)(?:ly)?\b"
    r"|\bhalf (?P<bare>hour|day|year|minute|month|litre|metre|kilo)\b"
    r"|\bhalb(?:e|en|es)? (?P<de>stunde|jahr)\b|\bdemi-(?P<fr>heure|journée)\b",
    re.IGNORECASE,
)
_HALF_MONTH = re.compile(r"半个月|\b(?:half a month|a half month|half-month)\b", re.IGNORECASE)
_HALF_UNITS = {name: name for name in "hour day year minute month litre liter metre meter kilo kilogram".split()} | {
    "stunde": "hour",
    "jahr": "year",
    "heure": "hour",
    "journée": "day",
}
_ADVERB = re.compile(
    r"\b(?P<unit>dai|week|month|year|annual|hour|quarter|fortnight)ly\b|(?P<zh>每(?:分钟|[天日周月年])|每个?(?:小时|星期|季度))"
    r"|\b(?P<de>täg|wöchent|monat|jähr|stünd)lich\w{0,2}\b",
    re.IGNORECASE,
)
_ADVERB_UNITS = {
    "quarter": "quarter year",
    "fortnight": "fortnight",
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
_EVERY_OTHER = re.compile(r"\bevery (?:other|second) (?P<unit>day|week|month|year)\b", re.IGNORECASE)
_TENTHS_BEHIND = re.compile(
    r"(?P<whole>\d+|[一二两三四五六七八九十百]+)(?P<unit>米|块|公斤|升)(?P<part>[一二三四五六七八九]{1,2})(?![十百千万两个元块米斤次天月年分])"
)
_DAY_BEFORE = re.compile(r"\bthe (?P<unit>day|week|month|year) (?:before|after)\b", re.IGNORECASE)
_PERCENT_HAN = re.compile(r"百分之(?P<n>[零一二三四五六七八九十百两\d.]+)")
_TENTHS_HAN = re.compile(r"(?P<n>[一二两三四五六七八九])成(?![分为功本员立人果套品交熟长])")
_MINUTE_AND_HALF = re.compile(r"(?P<n>[一二两三四五六七八九十\d]+)分半钟?")
_UNIT_AND_HALF = re.compile(r"(?P<n>\d+)个半(?P<unit>小时|钟头|月)")
_SPEED_HAN = re.compile(
    r"(?:时速|每小时)(?:最高|最快|可达|不超过|约|为|达)?\s?(?P<n>\d+(?:\.\d+)?|[一二三四五六七八九十百两]+)\s?(?:公里|千米)"
)
_ONE_AND_HALF = re.compile(r"\b(?:une?) (?P<unit>an|année|mois|jour|semaine|heure) et demie?\b", re.IGNORECASE)
_AND_PART = re.compile(
    r"\s(?:and\s)?(?P<part>a half|a quarter|three[ -]quarters)\b(?! (?:an|of|a)\b)"
    r"|\s(?P<fr>et demie?)\b|(?P<han>半)(?![价天日年月周小个分数])",
    re.IGNORECASE,
)
_PARTS = {"a half": Decimal("0.5"), "a quarter": Decimal("0.25"), "three quarters": Decimal("0.75"), "半": Decimal("0.5")}


def spoken_quantities(text: str) -> list[Quantity]:
    """Quarters of an hour, halves, adverbs ("weekly") and percentages in Chinese."""
    found = [*find_frequencies(text), *_in_han(text), *_quarters(text), *_halves(text), *_adverbs(text)]
    found += [*_one_and_half(text), *_every_other(text), *_days_before(text), *_shares_in_han(text), *_tenths_behind(text)]
    return apart(found)


def single_units(lowered: str) -> Iterator[Quantity]:
    """Units that an article makes one of: "within a month", "an hour"."""
    for match in _article().finditer(lowered):
        counted = frozenset[Decimal]() if match.group().startswith(_RATES) else frozenset({Decimal(1)})
        yield replace(_one(match, match["unit"]), written=counted)


def with_part(text: str, quantity: Quantity) -> Quantity:
    """``quantity`` with the half or quarter of its unit that follows it: "an hour and a half", 一年半."""
    match = _AND_PART.match(text, quantity.end)
    if match is None or quantity.dimension not in ({SECONDS, MONTHS, "grams", "CNY", "metres"} if match["han"] else {SECONDS, MONTHS}):
        return quantity
    part = _PARTS[(match["part"] or ("半" if match["fr"] else match["han"])).lower().replace("-", " ")]
    value = min(quantity.values)
    count = min(quantity.written, default=Decimal(1)) or Decimal(1)
    whole = (value + part * value / count).normalize()
    return Quantity(quantity.start, match.end(), frozenset({whole}), quantity.dimension, frozenset({(count + part).normalize()}))


def _quarters(text: str) -> Iterator[Quantity]:
    for match in _QUARTER_HOUR.finditer(text):
        quarters = 3 if (match["n"] or "").lower().startswith("three") or (match["zh"] or "").startswith("三") or match["fr"] else 1
        yield Quantity(match.start(), match.end(), frozenset({Decimal(900 * quarters).normalize()}), SECONDS)
    for match in _MINUTE_AND_HALF.finditer(text):
        minutes = min(find_numerals(match["n"] + "次", "zh")[0].values) + Decimal("0.5")
        yield Quantity(match.start(), match.end(), frozenset({(60 * minutes).normalize()}), SECONDS)


def _halves(text: str) -> Iterator[Quantity]:
    for match in _HALF_MONTH.finditer(text):
        days = Quantity(match.start(), match.end(), frozenset({15 * UNITS["day"].factor}), SECONDS)
        yield replace(days, values=frozenset({Decimal("0.5")}), dimension=MONTHS, written=frozenset({Decimal("0.5")}), other=days)
    for match in _HALF_UNIT.finditer(text):
        name = (match["unit"] or match["bare"] or match["de"] or match["fr"]).lower()
        if name in _HALF_UNITS:
            unit = UNITS[_HALF_UNITS[name]]
            yield Quantity(match.start(), match.end(), frozenset({(unit.factor / 2).normalize()}), unit.dimension)


def _adverbs(text: str) -> Iterator[Quantity]:
    for match in _ADVERB.finditer(text):
        yield _one(match, match["zh"].lstrip("每个") if match["zh"] else _ADVERB_UNITS[(match["unit"] or match["de"]).lower()])


def _one_and_half(text: str) -> Iterator[Quantity]:
    """ "Un an et demi"."""
    for match in _ONE_AND_HALF.finditer(text):
        unit = UNITS[match["unit"].lower()]
        value = frozenset({(unit.factor * Decimal("1.5")).normalize()})
        yield Quantity(match.start(), match.end(), value, unit.dimension, frozenset({Decimal("1.5")}))


def _every_other(text: str) -> Iterator[Quantity]:
    """ "Every other week" is every two weeks."""
    for match in _EVERY_OTHER.finditer(text):
        unit = UNITS[match["unit"].lower()]
        yield Quantity(match.start(), match.end(), frozenset({(2 * unit.factor).normalize()}), unit.dimension, frozenset({Decimal(2)}))


def _days_before(text: str) -> Iterator[Quantity]:
    """ "Until the day before" is one day, and not ten."""
    for match in _DAY_BEFORE.finditer(text):
        yield _one(match, match["unit"].lower())


def _in_han(text: str) -> Iterator[Quantity]:
    for match in _UNIT_AND_HALF.finditer(text):
        unit, count = UNITS[match["unit"]], Decimal(match["n"]) + Decimal("0.5")
        yield Quantity(match.start(), match.end(), frozenset({(count * unit.factor).normalize()}), unit.dimension, frozenset({count}))
    for match in _SPEED_HAN.finditer(text):
        values = frozenset(value.normalize() for value in find_numerals(match["n"], "zh")[0].values)
        yield Quantity(match.start(), match.end(), values, "km/h", values)


def _shares_in_han(text: str) -> Iterator[Quantity]:
    for match in _PERCENT_HAN.finditer(text):
        values = find_numerals(match["n"], "zh")
        if values:
            yield Quantity(match.start(), match.end(), frozenset(v.normalize() for v in values[0].values), "percent")
    for match in _TENTHS_HAN.finditer(text):
        tenths = find_numerals(match["n"] + "次", "zh")[0].values
        yield Quantity(match.start(), match.end(), frozenset((10 * value).normalize() for value in tenths), "percent")


def _tenths_behind(text: str) -> Iterator[Quantity]:
    """ "一米八五" is 1.85 metres, "三块五" 3.5 yuan."""
    for match in _TENTHS_BEHIND.finditer(text):
        digits = "".join(str("零一二三四五六七八九".index(character)) for character in match["part"])
        value = min(find_numerals(match["whole"] + "次", "zh")[0].values) + Decimal(f"0.{digits}")
        unit = UNITS[match["unit"]]
        yield Quantity(match.start(), match.end(), frozenset({(value * unit.factor).normalize()}), unit.dimension, frozenset({value}))


def _one(match: re.Match[str], name: str) -> Quantity:
    unit = UNITS[name]
    return Quantity(match.start(), match.end(), frozenset({unit.factor.normalize()}), unit.dimension)


@lru_cache(maxsize=1)
def _article() -> re.Pattern[str]:
    between = "full |whole |single |calendar |further |additional |extra "
    return re.compile(rf"{_ARTICLE}\s(?:{between})?(?P<unit>{alternatives(ARTICLE_UNITS)})")
