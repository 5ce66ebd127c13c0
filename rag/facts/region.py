"""Countries, groups of countries and their states and provinces named in a text, in several languages (`kb.region`, `kb.subdivision`)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kb.region import OFTEN, country_codes
from kb.scope import REGION_MEMBERS, region_contains
from kb.subdivision import subdivision_codes

_NOT_MEANT = frozenset(
    "Jordan Chad Mali Georgia Niger Man Togo Guinea Oman Turkey Jersey Guernsey Palau Samoa Bonaire Réunion Île"
    " Alba Victoria 维多利亚 夏威夷 西北地区 萨省".split()
)
"""Names that are words or people more often than places in a shop's texts."""
_DOMESTIC = {"国内": "CN", "境内": "CN"}
_IN_ANOTHER_NAME = (
    r"(?!\s(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Drive|Lane|Square|Times?|Coon)\b|[- ]?(?:Straße|Strasse|Allee|Platz)\b"
    r"|[东西南北中]?(?:[一二三四五]?路(?![由径程上])|街|大道)|时间|银行|大学|日报|晚报)"
)
"""Behind a name these make another of it: a street, a newspaper, a bank."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region at ``text[start:end]``; ``code`` is the ISO 3166 code or the name of a group (EU)."""

    start: int
    end: int
    code: str

    def within(self, rule: str) -> bool:
        """Whether what holds in ``rule`` holds here."""
        return region_contains(rule, self.code) or rule == self.code


@lru_cache(maxsize=2048)
def find_regions(text: str) -> tuple[Region, ...]:
    """The regions of ``text``, from left to right. Names in Latin letters count with a capital only.

    Remembered, for a thousand names are looked for and the same passages come again and again.
    """
    codes = _codes()
    return tuple(Region(match.start(), match.end(), codes[match.group()]) for match in _pattern().finditer(text))


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    known = subdivision_codes() | country_codes()
    codes = {name: code for name, code in known.items() if len(name) > 1 and name not in _NOT_MEANT}
    for code, names in OFTEN.items():
        codes |= dict.fromkeys(names.split("|"), code)
    return codes | {group: group for group in REGION_MEMBERS} | _DOMESTIC


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """A name in letters stands by itself; Chinese has no spaces. No name begins as one of the other kind does."""
    names = sorted(_codes(), key=len, reverse=True)
    spaced = _one_of([name for name in names if _is_spaced(name)])
    unspaced = _one_of([name for name in names if not _is_spaced(name)])
    return re.compile(rf"(?:(?<!\w){spaced}(?!\w)|(?<![室户屋]){unspaced}){_IN_ANOTHER_NAME}")


def _one_of(names: list[str]) -> str:
    """Any of ``names``. Which letters they begin with is asked first: not a thousand names at each letter."""
    first = "".join(sorted({name[0] for name in names}))
    return f"(?=[{re.escape(first)}])(?:{'|'.join(map(re.escape, names))})"


def _is_spaced(name: str) -> bool:
    return name[0].isascii() or name[0].isupper()
