"""Countries and groups of countries named in a text, in several languages (names from the Unicode CLDR, through Babel)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from kb.scope import REGION_MEMBERS, region_contains

LANGUAGES = ("en", "zh", "fr", "de", "es", "it")
_OFTEN: dict[str, str] = {
    "EU": "EU|EU countries|European Union|UE|Union européenne|Europäische Union|Unión Europea|Unione europea|欧盟",
    "EEA": "EEA|EEE|EWR|欧洲经济区",
    "GB": "UK|U.K.|Great Britain|Britain|England|Scotland|Wales|英国|英格兰|Grande-Bretagne|Großbritannien",
    "US": "US|U.S.|USA|U.S.A.|America|美国|États-Unis|Etats-Unis|EE. UU.|Stati Uniti",
    "HK": "Hong Kong|Hongkong|香港",
    "MO": "Macau|Macao|澳门",
    "TW": "Taiwan|台湾|臺灣",
    "CN": "mainland China|China|中国大陆|大陆|内地|中国",
    "KR": "South Korea|Korea|韩国|南韩",
    "RU": "Russia|俄罗斯",
    "CZ": "Czech Republic|捷克",
    "NL": "Holland|荷兰",
    "AE": "UAE|阿联酋",
}
_NOT_MEANT = frozenset("Jordan Chad Mali Georgia Niger Man Togo Guinea Oman Turkey Jersey Guernsey Palau Samoa Bonaire Réunion Île".split())
"""Names that are words or people more often than places in a shop's texts."""
_NO_COUNTRIES = frozenset({"UN", "EZ", "XA", "XB", "ZZ"})
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
    codes: dict[str, str] = {}
    for language in LANGUAGES:
        territories = Locale(language).territories
        countries = {name: code for code, name in territories.items() if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES}
        codes = {name: code for name, code in countries.items() if len(name) > 1 and name not in _NOT_MEANT} | codes
    for code, names in _OFTEN.items():
        codes |= dict.fromkeys(names.split("|"), code)
    return codes | {group: group for group in REGION_MEMBERS} | _DOMESTIC


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """A name in letters stands by itself; Chinese has no spaces. No name begins as one of the other kind does."""
    names = sorted(_codes(), key=len, reverse=True)
    spaced = "|".join(re.escape(name) for name in names if _is_spaced(name))
    unspaced = "|".join(re.escape(name) for name in names if not _is_spaced(name))
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|(?<![室户屋])(?:{unspaced})")  # the bounds once, not a thousand times at each letter


def _is_spaced(name: str) -> bool:
    return name[0].isascii() or name[0].isupper()
