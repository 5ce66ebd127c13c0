"""Dates, weekdays and times of day in a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.facts.clock import NOON, find_times
from rag.facts.numeral import find_numerals
from rag.facts.span import apart


def _numbered(*names: str) -> dict[str, int]:
    """From 1 on, each of the names that stand between bars."""
    return {name: number for number, group in enumerate(names, start=1) for name in group.split("|")}


_MONTHS = _numbered(
    "january|jan|janvier|januar|enero|gennaio",
    "february|feb|février|februar|febrero|febbraio",
    "march|mar|mars|märz|marzo",
    "april|apr|avril|abril|aprile",
    "may|mai|mayo|maggio",
    "june|jun|juin|juni|junio|giugno",
    "july|jul|juillet|juli|julio|luglio",
    "august|aug|août|agosto",
    "september|sep|sept|septembre|septiembre|settembre",
    "october|oct|octobre|oktober|octubre|ottobre",
    "november|nov|novembre|noviembre",
    "december|dec|décembre|dezember|diciembre|dicembre",
)
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_HAN_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
_MAY = "may"
"""In small letters a verb: "the Vane 9 may have one bend"."""
_BEFORE_DATE = (
    r"(?:(?<=\bon )|(?<=\bby )|(?<=\buntil )|(?<=\btill )|(?<=\bbefore )|(?<=\bafter )|(?<=\bfrom )|(?<=\bsince )|(?<=\bbis )|(?<=\bzum )"
    r"|(?<=\bvom )|(?<=\bam )|(?<=\bab )|(?<=\bden )|(?<=\bau )|(?<=\bdu )|(?<=\ble )|(?<=[是到至于在即从]))"
)
"""What makes a date of two numbers with a stroke or points between them."""
_PATTERNS = (
    re.compile(r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(
        rf"(?:(?P<y>\d{{4}}|[〇零一二三四五六七八九]{{4}})\s?年\s?)?(?P<m>{_HAN_NUMBER})\s?月(?:份)?\s?(?:(?P<d>{_HAN_NUMBER})\s?[日号])"
    ),
    re.compile(rf"(?P<y>\d{{4}}|[〇零一二三四五六七八九]{{4}})\s?年\s?(?P<m>{_HAN_NUMBER})\s?月"),
    re.compile(rf"\b(?P<m>{_MONTH})\.?\s(?:the )?(?P<d>\d{{1,2}}){_ORDINAL}(?!\d)(?:,?\s(?:of )?(?P<y>\d{{4}}))?", re.I),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}}){_ORDINAL}\s?(?:of |de )?(?P<m>{_MONTH})\b\.?(?:,?\s(?:de )?(?P<y>\d{{4}}))?", re.I),
    re.compile(rf"\b(?P<m>{_MONTH})\s(?P<y>(?:19|20)\d{{2}})\b", re.I),
    re.compile(r"(?P<y>(?<!\d)(?:19|20)\d{2})\s?年"),
    re.compile(r"(?<![\d./-])(?P<d>\d{1,2})\.\s?(?P<m>0?[1-9]|1[0-2])\.\s?(?P<y>(?:19|20)\d{2})(?!\d)"),
    re.compile(r"(?<![\d./-])(?P<d>1[3-9]|2\d|3[01])[/-](?P<m>0?[1-9]|1[0-2])[/-](?P<y>(?:19|20)\d{2})(?!\d)"),
    re.compile(r"(?<![\d./-])(?P<m>0?[1-9]|1[0-2])[/-](?P<d>1[3-9]|2\d|3[01])[/-](?P<y>(?:19|20)\d{2})(?!\d)"),
    re.compile(rf"{_BEFORE_DATE}(?P<d>\d{{1,2}})\.\s?(?P<m>0?[1-9]|1[0-2])\.(?!\d)", re.I),
    re.compile(rf"{_BEFORE_DATE}(?P<d>1[3-9]|2\d|3[01])/(?P<m>0?[1-9]|1[0-2])(?![\d/])", re.I),
    re.compile(rf"{_BEFORE_DATE}(?P<m>0?[1-9]|1[0-2])/(?P<d>1[3-9]|2\d|3[01])(?![\d/])", re.I),
    re.compile(
        r"(?:(?<=\bin )|(?<=\bof )|(?<=\bsince )|(?<=\bbefore )|(?<=\bafter )|(?<=\bfrom ))"
        r"(?P<y>19[5-9]\d|20[0-4]\d)(?=[\s.,;:)?!]|$)(?! [a-z]+s\b)",
        re.I,
    ),
)
"""The numeric ones only where a part above twelve, or German points, tell the day from the month."""
_WEEKDAYS = _numbered(
    "monday|mondays|lundi|montag|montags|lunes|周一|星期一|礼拜一",
    "tuesday|tuesdays|mardi|dienstag|dienstags|martes|周二|星期二|礼拜二",
    "wednesday|wednesdays|mercredi|mittwoch|mittwochs|miércoles|周三|星期三|礼拜三",
    "thursday|thursdays|jeudi|donnerstag|donnerstags|jueves|周四|星期四|礼拜四",
    "friday|fridays|vendredi|freitag|freitags|viernes|周五|星期五|礼拜五",
    "saturday|saturdays|samedi|samstag|samstags|sábado|周六|星期六|礼拜六",
    "sunday|sundays|dimanche|sonntag|sonntags|domingo|周日|星期日|星期天|周天|礼拜天",
)
_WEEKDAY = re.compile("|".join(rf"\b{name}\b" if name.isascii() else name for name in sorted(_WEEKDAYS, key=len, reverse=True)), re.I)
_MONTH_ALONE = re.compile(
    rf"\b(?!may\b|mar\b|mars\b)(?:{_MONTH})\b"
    r"|(?<![\d个一二三四五六七八九十])(?<![\d〇零一二三四五六七八九十两半几]年)(?P<han>\d{1,2}|[一二三四五六七八九十]{1,2})\s?月份?(?![\d\s]*[日号一二三四五六七八九十])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class CalendarFact:
    """A date, a weekday or a time of day at ``text[start:end]``; ``value`` is comparable within its ``kind``.

    Dates are (year or None, month or None, day or None); times are minutes after midnight, ``either_half`` where it may be noon as well.
    """

    start: int
    end: int
    kind: str
    value: tuple[int | None, ...]
    either_half: bool = False

    def agrees(self, other: "CalendarFact") -> bool:
        """Whether both may mean the same: what one of them leaves open does not part them, if they share anything."""
        if self.kind != other.kind:
            return False
        pairs = [(one, two) for one, two in zip(self.value, other.value, strict=True) if None not in (one, two)]
        if self.either_half or other.either_half:
            return all((one - two) % NOON == 0 for one, two in pairs if one is not None and two is not None)
        return bool(pairs) and all(one == two for one, two in pairs)


def find_calendar_facts(text: str) -> list[CalendarFact]:
    """The dates, weekdays and times of ``text``, from left to right, none within another."""
    return apart([*_dates(text), *_times(text), *_weekdays(text), *_months(text)])


def _dates(text: str) -> Iterator[CalendarFact]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = _MONTHS.get((parts.get("m") or "").lower()) or _number(parts.get("m"))
            day = _number(parts.get("d"))
            if parts.get("m") == _MAY:
                continue
            if (month is None or 1 <= month <= 12) and (day is None or 1 <= day <= 31):
                yield CalendarFact(match.start(), match.end(), "date", (_number(parts.get("y")), month, day))


def _times(text: str) -> Iterator[CalendarFact]:
    for time in find_times(text):
        yield CalendarFact(time.start, time.end, "time", (time.minutes,), time.either_half)


def _weekdays(text: str) -> Iterator[CalendarFact]:
    for match in _WEEKDAY.finditer(text):
        yield CalendarFact(match.start(), match.end(), "weekday", (_WEEKDAYS[match.group().lower()],))


def _months(text: str) -> Iterator[CalendarFact]:
    for match in _MONTH_ALONE.finditer(text):
        month = _number(match["han"]) if match["han"] else _MONTHS[match.group().lower()]
        if month is not None and 1 <= month <= 12:
            yield CalendarFact(match.start(), match.end(), "date", (None, month, None))


def _number(written: str | None) -> int | None:
    if not written:
        return None
    found = find_numerals(written, "zh")
    return int(min(found[0].values)) if found else None
