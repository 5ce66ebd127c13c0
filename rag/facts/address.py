"""E-mail addresses, links and telephone numbers in a text."""

import re
from dataclasses import dataclass

from rag.facts.span import apart

_REST = r"[^\s<>()\"'，。；）]"
_PATTERNS = {
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII),
    "link": re.compile(
        rf"https?://{_REST}+|\bwww\.{_REST}+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|example|cn|fr|de|eu|io|shop)(?:/{_REST}*)?\b",
        re.I | re.ASCII,
    ),
    "phone": re.compile(r"(?<![\w.])\+?\(?\d{1,4}\)?(?:[ -]\(?\d{2,5}\)?){1,5}(?!\w)|(?<!\d)\+?\d{9,13}(?!\d)", re.ASCII),
}
MIN_PHONE_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Address:
    """An address at ``text[start:end]``; ``value`` is what has to be equal: lower case, a number's digits only."""

    start: int
    end: int
    kind: str
    value: str


def find_addresses(text: str) -> list[Address]:
    """The addresses of ``text``, from left to right, none within another."""
    found = [
        Address(match.start(), match.end(), kind, _value(kind, match.group()))
        for kind, pattern in _PATTERNS.items()
        for match in pattern.finditer(text)
    ]
    return apart(address for address in found if address.value)


def _value(kind: str, written: str) -> str:
    if kind != "phone":
        return re.sub(r"^https?://|^www\.|[/.]+$", "", written.lower())
    digits = re.sub(r"\D", "", written)
    return digits if len(digits) >= MIN_PHONE_DIGITS else ""
