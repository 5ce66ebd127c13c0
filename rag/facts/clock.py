"""Times of day in a text: 17:00, 5 pm, 下午五点, four o'clock, half past eight, ten in the morning.

The first of two takes after the second ("2 to 4 pm", 19至22点).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.facts.numeral import find_numerals
from rag.facts.span import overlaps

_PART_OF_DAY = "上午|下午|晚上|早上|中午|凌晨|清晨|早晨|傍晚|夜里|夜晚|深夜"
_HOURS = {word: hour for hour, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)}
_HOUR = "|".join(_HOURS)
_HAN = "[一二三四五六七八九十]{1,3}"
_CLOCK = re.compile(
    rf"(?P<han>{_PART_OF_DAY})?\s?(?<![\d.,])(?:(?P<h>\d{{1,2}})(?:"
    r"(?::|\.(?=[0-5]\d\s?[ap]\.?m\b))(?P<min>[0-5]\d)(?::\d\d)?\s?(?P<half>[ap]\.?m\b\.?)?|\s?(?P<half2>[ap]\.?m\b\.?)|\s?(?P<uhr>Uhr|o['’]clock)"
    r"|(?<![计记积得加扣送抵]\d)(?<![计记积得加扣送抵]\s\d)(?<!上限\s\d)\s?点(?:钟|(?P<zhmin>\d{1,2})分|(?P<zhhalf>半))?(?!\d)))"
    rf"|(?:(?P<han2>{_PART_OF_DAY})\s?|(?<=[点半](?:到|至|-|–)))(?P<zh>{_HAN})点(?:钟|(?P<zhhalf2>半))?"
    rf"|\b(?P<word>{_HOUR})(?:\s(?P<half3>[ap]\.?m\b\.?)|\so['’]clock\b)|\b(?P<noon>noon|midday|midnight)\b",
    re.I,
)
_JOINED = r"\s?(?:-|–|—|至|到|to|and|or|bis|und|à)\s?"
_FIRST = re.compile(rf"(?<![\d.,:$€£¥])(?:(?P<h>\d{{1,2}})(?::(?P<min>[0-5]\d))?|\b(?P<word>{_HOUR})){_JOINED}$", re.I)
_AFTER_JOINT = re.compile(rf"{_JOINED}$", re.I)
_LATE = frozenset({"下午", "晚上", "傍晚", "夜晚"})
_SAID = re.compile(
    rf"\b(?:(?P<past>half past|(?:a )?quarter past|(?:a )?quarter to) )?(?P<hour>{_HOUR}|\d{{1,2}}(?:[:.][0-5]\d)?)(?: o['’]clock)?"
    r"(?P<part> (?:in the (?:morning|afternoon|evening)|at night|du matin|de l['’]après-midi|du soir)\b|(?<=\w) ?[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_ON_DOORS = re.compile(r"days?,? (?:from )?(?P<from>\d{1,2})(?: to | until |\s?[-–]\s?)(?P<to>\d{1,2})(?=[.,;)]|$)")
_PAST = {"half past": 30, "quarter past": 15, "a quarter past": 15, "quarter to": -15, "a quarter to": -15}
_AFTERNOON = ("afternoon", "evening", "après-midi", "soir", "pm", "p.m")
NOON = 12 * 60
FURTHEST = 12
"""Characters before a time within which the first of two is looked for."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time at ``text[start:end]``, in ``minutes`` after midnight."""

    start: int
    end: int
    minutes: int
    either_half: bool = False
    """Whether it does not say which half of the day is meant: "half past four"."""


def find_times(text: str) -> list[TimeOfDay]:
    """The times of ``text``, from left to right."""
    found = [*_said(text), *_on_doors(text)]
    taken = list(found)
    late = False
    for match in _CLOCK.finditer(text):
        if overlaps(TimeOfDay(match.start(), match.end(), 0), taken):
            continue
        follows = bool(found) and bool(_AFTER_JOINT.fullmatch(text, found[-1].end, match.start()))
        late = _is_late(match) or (late and follows and not _says_half(match))
        minutes = _minutes(match, late)
        if minutes is None:
            continue
        if not follows:
            found += _first_of_two(text, match.start(), minutes, late)
        written = match.group()
        start = match.start() + len(written) - len(written.lstrip())
        found.append(TimeOfDay(start, start + len(written.strip()), minutes))
    return sorted(found, key=lambda time: time.start)


def _on_doors(text: str) -> Iterator[TimeOfDay]:
    """Hours behind a day of the week: "Thursdays from 16 to 20"."""
    for match in _ON_DOORS.finditer(text):
        for hour in ("from", "to"):
            if int(match[hour]) <= 24:
                yield TimeOfDay(match.start(hour), match.end(hour), int(match[hour]) * 60)


def _said(text: str) -> Iterator[TimeOfDay]:
    """Times with a part of the day in words, or with a half or quarter before the hour."""
    for match in _SAID.finditer(text):
        part = (match["part"] or "").lower().strip()
        if not match["past"] and not (part and part[0] not in "ap"):
            continue
        hour, _, minute = (match["hour"].lower().replace(".", ":")).partition(":")
        hours = _HOURS.get(hour) or int(hour)
        if hours > 24:
            continue
        late = any(word in part for word in _AFTERNOON) or (part == "at night" and hours > 5)
        minutes = hours * 60 + int(minute or 0) + _PAST.get((match["past"] or "").lower(), 0)
        yield TimeOfDay(match.start(), match.end(), minutes + (NOON if late and hours < NOON // 60 else 0), not part)


def _minutes(match: re.Match[str], late: bool) -> int | None:
    if match["noon"]:
        return 0 if match["noon"].lower() == "midnight" else NOON
    hour = _HOURS[match["word"].lower()] if match["word"] else _number(match["h"] or match["zh"])
    if hour is None or hour > 24:
        return None
    minute = _number(match["min"]) or _number(match["zhmin"]) or (30 if match["zhhalf"] or match["zhhalf2"] else 0)
    if late and hour < 12:
        hour += 12
    if _half(match).startswith("a") and hour == 12:
        hour = 0
    return hour * 60 + minute


def _first_of_two(text: str, start: int, second: int, late: bool) -> Iterator[TimeOfDay]:
    """The number before "to 4 pm", when it can be an hour; in the second's half of the day unless it would come after it."""
    match = _FIRST.search(text, max(0, start - FURTHEST), start)
    hour = None if match is None else _HOURS[match["word"].lower()] if match["word"] else _number(match["h"])
    if match is None or hour is None or hour > 24:
        return
    minutes = hour * 60 + (_number(match["min"]) or 0)
    if late and minutes < NOON and minutes + NOON <= second:
        minutes += NOON
    yield TimeOfDay(match.start(), match.end("word") if match["word"] else max(match.end("h"), match.end("min")), minutes)


def _is_late(match: re.Match[str]) -> bool:
    return _half(match).startswith("p") or (match["han"] or match["han2"]) in _LATE


def _says_half(match: re.Match[str]) -> bool:
    return bool(_half(match) or match["han"] or match["han2"] or match["min"])


def _half(match: re.Match[str]) -> str:
    return (match["half"] or match["half2"] or match["half3"] or "").lower()


def _number(written: str | None) -> int | None:
    found = find_numerals(written, "zh") if written else []
    return int(min(found[0].values)) if found else None
