"""Codes of languages: ISO 639, as the Unicode CLDR lists them (through Babel)."""

import re
from functools import lru_cache

from babel import Locale
from babel.core import get_global

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
_NO_LANGUAGES = frozenset({"mul", "root", "und", "zxx"})


def known_language(tag: str) -> str | None:
    """The usual code of the language that ``tag`` (BCP 47: ``en``, ``zh-CN``, ``ger`` for ``de``) begins with, or None."""
    parts = _TAG.fullmatch(tag.strip())
    if parts is None:
        return None
    code = parts[1].lower()
    usual = str(get_global("language_aliases").get(code, code))
    return usual if usual in _languages() else None


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    return frozenset(Locale("en").languages) - _NO_LANGUAGES
