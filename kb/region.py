"""Regions by code or name: ISO 3166 countries, groups and parts of them. One vocabulary for what documents say and for what requests ask.

Names and old codes of countries are those of the Unicode CLDR, through Babel; those of their parts stand in `kb.subdivision`.
"""

import re
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from kb.scope import REGION_MEMBERS, canonical_region, country_of
from kb.subdivision import subdivision_codes, subdivision_name

LANGUAGES = ("en", "zh", "fr", "de", "es", "it")
"""In which the names of countries are known."""
OFTEN: dict[str, str] = {
    "EU": "EU|EU countries|European Union|UE|Union européenne|Europäische Union|Unión Europea|Unione europea|欧盟",
    "EEA": "EEA|EEE|EWR|欧洲经济区",
    "GB": "UK|U.K.|Great Britain|Britain|英国|Grande-Bretagne|Großbritannien",
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
"""What shops and shoppers write beside or in place of the official name."""
_NO_COUNTRIES = frozenset({"UN", "EZ", "XA", "XB", "ZZ"})
OWN_NAME = re.compile(r"[A-Z]{2,5}(?:-[A-Z0-9]{1,3})?")
"""What a shop may call a region of its own, which holds where a request names just that."""
ALLOWED = f"an ISO 3166 code such as FR or US-CA, the name of a country or state, or one of {', '.join(sorted(REGION_MEMBERS))}"


def known_region(text: str) -> str | None:
    """The code of the country, group or part of a country that ``text`` is the code or name of, in whatever case, or None.

    ``uk``, ``FRA``, ``Spanien``, ``us-ca``, ``Québec``. "Georgia" is the country: the state is ``US-GA``.
    """
    code = canonical_region(text)
    if code in REGION_MEMBERS or code in _countries():
        return code
    country = country_of(code)
    if country is not None:
        return code if country in _countries() else None
    replaced = get_global("territory_aliases").get(code, [])
    if len(replaced) == 1 and replaced[0] in _countries():  # DEU and 276 for DE; the Soviet Union was many
        return str(replaced[0])
    return _by_folded_name().get(" ".join(text.split()).casefold())


def region_code(text: str) -> str | None:
    """The same, or ``text`` in capitals where it can be a name of the shop's own, or None."""
    code = canonical_region(text)
    return known_region(text) or (code if OWN_NAME.fullmatch(code) else None)


def region_name(code: str, language: str) -> str:
    """What the region ``code`` is called in ``language``, one of `LANGUAGES`; a code without a name stands for itself."""
    return str(Locale(language).territories.get(code) or subdivision_name(code, language) or code)


@lru_cache(maxsize=1)
def country_codes() -> dict[str, str]:
    """The code of each country by its names in all `LANGUAGES`, written as they are there; the first language's where two differ."""
    codes: dict[str, str] = {}
    for language in LANGUAGES:
        codes = {name: code for code, name in Locale(language).territories.items() if code in _countries()} | codes
    return codes


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES)


@lru_cache(maxsize=1)
def _by_folded_name() -> dict[str, str]:
    often = {name.casefold(): code for code, names in OFTEN.items() for name in names.split("|")}
    parts = {name.casefold(): code for name, code in subdivision_codes().items()}
    return parts | {name.casefold(): code for name, code in country_codes().items()} | often
