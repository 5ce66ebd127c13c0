"""Stretches of days that a text names, as whole days of the calendar: a date, a month, a year, "last year", "去年双十一"."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rag.facts.calendar_date import find_calendar_facts
from rag.facts.numeral import find_numerals
from rag.facts.span import apart

_YEAR = re.compile(r"(?<![\w.,/€$£¥-])(?P<y>20[0-4]\d)(?![\w/%-])(?![.,]\d)(?!\s?年)")
_YEAR_WORDS: tuple[tuple[int, str], ...] = (
    (-2, r"前年|\bvorletzte[sn]? Jahr(?:es)?\b"),
    (
        -1,
        (r"去年|\blast year\b|\b(?:letzte|vergangene|vorige)[sn]? Jahr(?:es)?\b|\bl['’]an(?:née)? (?:dernier|dernière|passée?)\b"
        r"|\baño pasado\b|\banno scorso\b|\bscorso anno\b"),
    ),
    (0, r"今年|\bthis year\b|\b(?:diese[sn]?) Jahr(?:es)?\b|\bcette année\b|\beste año\b|\bquest['’]anno\b"),
    (
        1,
        (r"明年|\bnext year\b|\b(?:nächste[sn]?|kommende[sn]?) Jahr(?:es)?\b|\bl['’]an(?:née)? prochaine?\b|\bpróximo año\b"
        r"|\banno prossimo\b"),
    ),
)
_FEASTS: tuple[tuple[int, int, str], ...] = (
    (11, 11, r"双十一|双11|双 11|\bdouble (?:11|eleven)\b|\bsingles['’] day\b"),
    (12, 12, r"双十二|双12"),
    (6, 18, r"618"),
    (12, 25, r"圣诞节?|\bchristmas\b|\bweihnachten\b|\bnoël\b|\bnavidad\b|\bnatale\b"),
)
_HAN_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_HAN_MONTH = re.compile(rf"(?P<word>前年|去年|今年|明年)的?\s?(?P<rest>{_HAN_NUMBER}\s?月(?:份)?(?:{_HAN_NUMBER}\s?[日号])?)")
_HAN_OFFSETS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1}
_LAST_MONTH = re.compile(
    r"上个?月|\blast month\b|\b(?:letzten|vergangenen|vorigen) Monat\b|\bmois dernier\b|\bmes pasado\b|\bmese scorso\b", re.I
)
_UNITS = {
    "day": r"days?|天|Tag(?:en)?|jours?|días?|giorn[oi]",
    "week": r"weeks?|周|个?星期|Wochen?|semaines?|semanas?|settiman[ae]",
    "month": r"months?|个月|Monat(?:en)?|mois|mes(?:es)?|mes[ei]",
    "year": r"years?|年|Jahr(?:en)?|ans?|años?|ann[oi]",
}
_COUNT = (
    r"(?P<n>\d{1,3}|an?|one|two|three|four|five|six|eine[mr]?|zwei|drei|vier|fünf|sechs|une?|deux|trois|quatre|dos|tres|due|tre"
    r"|[一二两三四五六七八九十]+)"
)
_UNIT = "|".join(rf"(?P<{name}>{words})" for name, words in _UNITS.items())
_AGO = (
    re.compile(rf"\b{_COUNT}\s(?:{_UNIT})\s(?:ago|fa)\b", re.I),
    re.compile(rf"\bvor\s{_COUNT}\s(?:{_UNIT})\b", re.I),
    re.compile(rf"\b(?:il y a|hace)\s{_COUNT}\s(?:{_UNIT})\b", re.I),
    re.compile(rf"{_COUNT}\s?(?:{_UNIT})(?:以|之)?前"),
)
_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "a an one eine einem einer un une",
            "two zwei deux dos due",
            "three drei trois tres tre",
            "four vier quatre",
            "five fünf",
            "six sechs",
        ),
        start=1,
    )
    for name in names.split()
}
_BETWEEN = 4
"""Characters that may stand between a year's word and the month or feast that it goes with ("June of last year", "去年的双十一")."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last``, both included, named at ``text[start:end]``.

    ``yearless``: the text gives no year, and the latest such days that have begun are taken.
    """

    start: int
    end: int
    first: date
    last: date
    yearless: bool = False


def find_periods(text: str, today: date) -> list[Period]:
    """The periods of ``text``, from left to right, seen from ``today``. Days that no calendar has are left out."""
    dated = list(_dated(text, today))
    years = list(_year_words(text, today))
    full = [one for one in dated if not one.yearless]
    return apart([*_han_months(text, today), *_joined(text, dated, years), *full, *_ago(text, today), *years, *_bare(text), *dated])


def period_feast(text: str) -> str:
    """The feast that ``text`` names, as written, or nothing: its name says more than a day."""
    found = [match.group() for _, _, words in _FEASTS if (match := re.search(words, text, re.I)) is not None]
    return found[0] if found else ""


def _han_months(text: str, today: date) -> Iterator[Period]:
    """ "去年六月": a year's word and a month, without anything between them."""
    for match in _HAN_MONTH.finditer(text):
        (fact,) = find_calendar_facts(f"{today.year + _HAN_OFFSETS[match['word']]}年{match['rest']}")[:1] or (None,)
        year, month, day = fact.value if fact is not None and fact.kind == "date" else (None, None, None)
        found = _days(year, month, day) if year is not None else None
        if found is not None:
            yield Period(match.start(), match.end(), *found)


def _dated(text: str, today: date) -> Iterator[Period]:
    """Dates and months, and feasts, which never have a year of their own."""
    for fact in find_calendar_facts(text):
        if fact.kind != "date":
            continue
        year, month, day = fact.value
        found = _days(year, month, day) if year is not None else _latest(month, day, today)
        if found is not None:
            yield Period(fact.start, fact.end, *found, yearless=year is None)
    for month, day, words in _FEASTS:
        for match in re.finditer(words, text, re.I):
            found = _latest(month, day, today)
            if found is not None:
                yield Period(match.start(), match.end(), *found, yearless=True)


def _days(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None  # a day that no calendar has, such as 30 February: the text names no day then


def _latest(month: int | None, day: int | None, today: date) -> tuple[date, date] | None:
    for year in range(today.year, today.year - 5, -1):  # five years, for 29 February
        found = _days(year, month, day)
        if month is not None and found is not None and found[0] <= today:
            return found
    return None


def _year_words(text: str, today: date) -> Iterator[Period]:
    for offset, words in _YEAR_WORDS:
        for match in re.finditer(words, text, re.I):
            year = today.year + offset
            yield Period(match.start(), match.end(), date(year, 1, 1), date(year, 12, 31))
    for match in _LAST_MONTH.finditer(text):
        last = today.replace(day=1) - timedelta(days=1)
        yield Period(match.start(), match.end(), last.replace(day=1), last)


def _joined(text: str, dated: list[Period], years: list[Period]) -> Iterator[Period]:
    """A month or a feast beside the word or number of a year."""
    for one in dated:
        for year in [*years, *_bare(text)] if one.yearless else ():
            start, end = min(one.start, year.start), max(one.end, year.end)
            between = text[min(one.end, year.end) : max(one.start, year.start)]
            if year.last.year - year.first.year or len(between) > _BETWEEN or re.search(r"[,;，；。]", between):
                continue
            found = _days(year.first.year, one.first.month, one.first.day if one.first == one.last else None)
            if found is not None:
                yield Period(start, end, *found)


def _bare(text: str) -> Iterator[Period]:
    """Years by themselves; the year of a day that no calendar has is none."""
    dates = [fact for fact in find_calendar_facts(text) if fact.kind == "date" and fact.value[0] is not None]
    for match in _YEAR.finditer(text):
        if any(fact.start <= match.start() < fact.end for fact in dates):
            continue
        year = int(match["y"])
        yield Period(match.start(), match.end(), date(year, 1, 1), date(year, 12, 31))


def _ago(text: str, today: date) -> Iterator[Period]:
    for pattern in _AGO:
        for match in pattern.finditer(text):
            count = _count(match["n"])
            unit = next(name for name in _UNITS if match[name])
            day = None if count is None else _back(today, count, unit)
            if day is not None:
                yield Period(match.start(), match.end(), day, day)


def _count(written: str) -> int | None:
    if written.isdecimal():
        return int(written)
    if written.lower() in _NUMBERS:
        return _NUMBERS[written.lower()]
    found = find_numerals(written, "zh")
    return int(min(found[0].values)) if found else None


def _back(today: date, count: int, unit: str) -> date | None:
    if unit in {"day", "week"}:
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1])) if year > 0 else None
