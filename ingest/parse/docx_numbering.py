"""Automatic numbers of a Word file: what stands before an item, counted as Word counts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_LEVELS = 9
HAN_DIGITS = "零一二三四五六七八九"
HAN_UNITS = ("", "十", "百", "千")
STEMS = "甲乙丙丁戊己庚辛壬癸"
ROMAN = (("m", 1000), ("cm", 900), ("d", 500), ("cd", 400), ("c", 100), ("xc", 90), ("l", 50), ("xl", 40), ("x", 10), ("ix", 9), ("v", 5))


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. ``pattern`` holds ``%1`` to ``%9`` for the numbers of the levels."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    style: str | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands before an item: "2.", "第二条"; "" for bullets. ``is_name``: it holds words, not only a number."""

    text: str
    is_name: bool = False

    def before(self, text: str) -> str:
        """``text`` behind the marker."""
        return f"{self.text} {text}" if self.text else text


class Numbering:
    """The lists of a document, with their counters: `marker` moves them on, so call it once an item, in order."""

    def __init__(self, root: Any | None) -> None:  # noqa: ANN401 an element of lxml, which ships no types
        self._lists: dict[str, dict[int, Level]] = {}
        self._abstract: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        if root is not None:
            self._read(root)

    def marker(self, number: str, level: int) -> Marker | None:
        """What stands before the next item at ``level`` (from 0) of list ``number``, ``None`` if there is no such list."""
        abstract = self._abstract.get(number)
        levels = self._lists.get(abstract or "", {})
        if abstract is None or not 0 <= level < MOST_LEVELS or level not in levels:
            return None
        counts = self._counts.setdefault(abstract, [None] * MOST_LEVELS)
        restart = self._restarts.get(number, {}).pop(level, None)
        before = counts[level]
        counts[level] = restart if restart is not None else levels[level].start if before is None else before + 1
        counts[level + 1 :] = [None] * (MOST_LEVELS - level - 1)
        return Marker(_text(levels, level, counts), any(sign.isalpha() for sign in re.sub("%[1-9]", "", levels[level].pattern)))

    def level_of_style(self, number: str, style: str) -> int:
        """The level that list ``number`` keeps for the paragraph style ``style``; the first one if it keeps none."""
        levels = self._lists.get(self._abstract.get(number, ""), {})
        return next((index for index, level in levels.items() if level.style == style), 0)

    def _read(self, root: Any) -> None:  # noqa: ANN401
        linked: dict[str, str] = {}
        links: dict[str, str] = {}
        for item in root.iterchildren(W + "abstractNum"):
            key = item.get(W + "abstractNumId", "")
            self._lists[key] = {int(level.get(W + "ilvl", "0")): _level(level) for level in item.iterchildren(W + "lvl")}
            if (name := value(item, "styleLink")) is not None:
                linked[name] = key
            if (name := value(item, "numStyleLink")) is not None:
                links[key] = name
        for item in root.iterchildren(W + "num"):
            key, abstract = item.get(W + "numId", ""), value(item, "abstractNumId") or ""
            self._abstract[key] = linked.get(links.get(abstract, ""), abstract)
            self._read_overrides(key, item)

    def _read_overrides(self, key: str, item: Any) -> None:  # noqa: ANN401
        for override in item.iterchildren(W + "lvlOverride"):
            index = _int(override.get(W + "ilvl"), 0)
            if (start := value(override, "startOverride")) is not None:
                self._restarts.setdefault(key, {})[index] = _int(start, 1)
            if (level := override.find(W + "lvl")) is not None:
                own = f"{self._abstract[key]}/{key}"
                self._lists.setdefault(own, dict(self._lists.get(self._abstract[key], {})))[index] = _level(level)
                self._abstract[key] = own


def value(parent: Any, name: str) -> str | None:  # noqa: ANN401
    """The ``w:val`` of the child ``name``, ``None`` without one."""
    child = parent.find(W + name)
    found = child.get(W + "val") if child is not None else None
    return str(found) if found is not None else None


def _level(item: Any) -> Level:  # noqa: ANN401
    form = value(item, "numFmt")
    if form is None:  # newer formats stand in a choice, beside what older programs show
        form = next((str(found.get(W + "val")) for found in item.iter(W + "numFmt")), "decimal")
    return Level(
        _int(value(item, "start"), 1), form, value(item, "lvlText") or "", value(item, "pStyle"), item.find(W + "isLgl") is not None
    )


def _text(levels: Mapping[int, Level], level: int, counts: list[int | None]) -> str:
    own = levels[level]
    if own.form in ("bullet", "none"):
        return ""
    text = own.pattern
    for index in range(level + 1):
        if f"%{index + 1}" in text:
            shape = levels.get(index, Level())
            count = counts[index]
            number = format_number(shape.start if count is None else count, "decimal" if own.plain else shape.form)
            if number is None:
                return ""
            text = text.replace(f"%{index + 1}", number)
    return text.strip()


def format_number(number: int, form: str) -> str | None:
    """``number`` in one of Word's number formats, ``None`` for a format that is not known here."""
    write = _FORMS.get(form)
    return write(number) if write is not None and 0 <= number < 10_000 else None


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else "0"


def _roman(number: int) -> str:
    text = ""
    for sign, worth in (*ROMAN, ("iv", 4), ("i", 1)):
        text += sign * (number // worth)
        number %= worth
    return text or "0"


def _han(number: int) -> str:
    """Chinese numerals: 二十一, 一百零三."""
    digits = [int(digit) for digit in reversed(str(number))]
    text, gap = "", False
    for place in range(len(digits) - 1, -1, -1):
        digit = digits[place]
        if digit:
            text += ("零" if gap else "") + HAN_DIGITS[digit] + HAN_UNITS[place]
        gap = not digit and bool(text)
    return (text.removeprefix("一") if 10 <= number < 20 else text) or HAN_DIGITS[0]


def _circled(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


def _int(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 9 else default


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    "decimalHalfWidth": str,
    "numberInDash": lambda number: f"- {number} -",
    "ordinal": str,
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "ideographTraditional": lambda number: STEMS[(number - 1) % 10],
    "chineseCounting": _han,
    "chineseCountingThousand": _han,
    "japaneseCounting": _han,
    "taiwaneseCounting": _han,
    "taiwaneseCountingThousand": _han,
}
