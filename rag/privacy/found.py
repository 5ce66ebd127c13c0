"""What was found in a text, and the characters that stand for others."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["e-mail", "phone", "card", "id", "address"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PLACEHOLDERS: dict[Kind, str] = {"e-mail": "e-mail", "phone": "phone", "card": "card", "id": "ID number", "address": "address"}
PLACEHOLDER = re.compile(r"[\[【［]\s?(e-?mail|phone|card|ID number|address)(?:\s?(\d{1,3}))?\s?[\]】］]", re.IGNORECASE)
"""A placeholder, also as a language model may write it."""
_SPACES = "\u00a0\u2002\u2003\u2009\u202f\u3000"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63"
_PLAIN: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, _DASHES), "-"),
}
"""Full-width forms (U+FF01 to U+FF5E) of ASCII, and the spaces and dashes that phones and word processors write."""


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: characters ``start`` to ``end``. ``key`` is the same for the same number or address written otherwise."""

    kind: Kind
    start: int
    end: int
    key: str


def kind_of_placeholder(placeholder: str) -> Kind:
    """The kind of personal data that ``placeholder``, as a masker writes it (``[phone 2]``), stands for."""
    return next(kind for kind, name in PLACEHOLDERS.items() if placeholder.startswith(f"[{name}"))


def plain(text: str) -> str:
    """``text`` with full-width characters, spaces and dashes as ASCII, in as many characters."""
    return text.translate(_PLAIN)


def digits_of(text: str) -> str:
    """The ASCII digits in ``text``."""
    return re.sub("[^0-9]", "", text)
