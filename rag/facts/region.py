"""Countries and groups of countries named in a text, in several languages (names from the Unicode CLDR, through Babel)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from kb.region import OFTEN, country_codes
from kb.scope import REGION_MEMBERS, region_contains

_PARTS = dict.fromkeys(("England", "Scotland", "Wales", "英格兰"), "GB")
"""Whoever names one is there; a rule for one is no rule for all of it, so these are no names of the country itself (`kb.region`)."""
_NOT_MEANT = frozenset("Jordan Chad Mali Georgia Niger Man Togo Guinea Oman Turkey Jersey Guernsey Palau Samoa Bonaire Réunion Île".split())
"""Names that are words or people more often than places in a shop's texts."""
_DOMESTIC = {"国内": "CN", "境内": "CN"}


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
    codes = {name: code for name, code in country_codes().items() if len(name) > 1 and name not in _NOT_MEANT}
    for code, names in OFTEN.items():
        codes |= dict.fromkeys(names.split("|"), code)
    return codes | {group: group for group in REGION_MEMBERS} | _PARTS | _DOMESTIC


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """A name in letters stands by itself; Chinese has no spaces. No name begins as one of the other kind does."""
    names = sorted(_codes(), key=len, reverse=True)
    spaced = "|".join(re.escape(name) for name in names if _is_spaced(name))
    unspaced = "|".join(re.escape(name) for name in names if not _is_spaced(name))
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|(?<![室户屋])(?:{unspaced})")  # the bounds once, not a thousand times at each letter


def _is_spaced(name: str) -> bool:
    return name[0].isascii() or name[0].isupper()
