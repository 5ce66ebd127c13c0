"""How often something happens, as the time between two times: "four times a day" and "every six hours" are the same."""

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.facts.numeral import find_numerals
from rag.facts.quantity import Quantity
from rag.facts.unit import UNITS

_UNITS = {
    name: unit
    for unit, names in {
        "hour": "hour hours stunde heure 小时",
        "day": "day daily tag tages jour 天 日",
        "week": "week weekly woche semaine 周 星期 礼拜",
        "month": "month monthly monat mois 月",
        "year": "year yearly annually jahr an ans 年",
    }.items()
    for name in names.split()
}
_UNIT = "|".join(name for name in _UNITS if name.isascii())
_HAN_UNIT = "|".join(name for name in _UNITS if not name.isascii())
_TIMES = re.compile(
    rf"\b(?P<n>[a-zäöüé]+|\d+)(?: times| fois| ?mal)?,? (?:an?|per|each|every|in the|in a|pro|im|in der|am|par) (?P<unit>{_UNIT})\b",
    re.IGNORECASE,
)
_ONCE = {
    name: count
    for count, names in enumerate(("once einmal", "twice zweimal", "thrice dreimal", "viermal", "fünfmal", "sechsmal"), start=1)
    for name in names.split()
}
_LANGUAGES = ("en", "fr", "de")
_SAID = re.compile(r"\b(?:times|fois)\b|(?<=\d|[a-z]) ?mal\b", re.IGNORECASE)
_HAN = re.compile(
    rf"(?:一|每|1)\s?个?(?P<unit>{_HAN_UNIT})(?!半)(?P<between>[^，。；、,;|\d一二两三四五六七八九十每]{{0,6}}?)"
    r"(?P<n>\d+|[一二两三四五六七八九十]{1,2})\s?[次回遍趟]"
)
_ALL_WEEK = re.compile(
    r"\b(?:seven|7) days (?:a|per|each) week\b|一周七天|每周七天|\bsieben tage (?:die|pro) woche\b|\b(?:sept|7) jours sur (?:sept|7)\b",
    re.IGNORECASE,
)


def find_frequencies(text: str) -> Iterator[Quantity]:
    """The times between what ``text`` says happens several times in a stretch of time. The number written is how often."""
    for match in _TIMES.finditer(text):
        count = _ONCE.get(match["n"].lower()) or (_count(match["n"]) if _SAID.search(match.group()) else None)
        if count:
            yield _between(match, count)
    for match in _HAN.finditer(text):
        if count := _count(match["n"]):
            yield _between(match, count)
    for match in _ALL_WEEK.finditer(text):
        day = UNITS["day"]
        yield Quantity(match.start(), match.end(), frozenset({day.factor.normalize()}), day.dimension)


def _count(written: str) -> int | None:
    for language in _LANGUAGES:
        numerals = find_numerals(written if written[0].isascii() and written.isalpha() else written + "次", language)
        if numerals and (numerals[0].start, numerals[0].end) == (0, len(written)):
            value = min(numerals[0].values)
            return int(value) if value >= 1 and value == int(value) else None
    return None


def _between(match: re.Match[str], count: int) -> Quantity:
    unit = UNITS[_UNITS[match["unit"].lower()]]
    return Quantity(match.start(), match.end(), frozenset({(unit.factor / count).normalize()}), unit.dimension, frozenset({Decimal(count)}))
