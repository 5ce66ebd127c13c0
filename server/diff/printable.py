"""Texts of documents made harmless to look at: no control character steers the terminal, no direction mark turns a file name around."""

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, tab and line feed aside
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks of writing direction
    "\u2028\u2029\ufff9-\ufffb\ufeff\ud800-\udfff]"  # separators, annotations, a byte order mark, halves of characters
)


def printable(text: str) -> str:
    """``text`` with each steering character written out, as in ``\\u202e``."""
    return _STEERING.sub(lambda found: f"\\u{ord(found.group()):04x}", text.replace("\r\n", "\n"))


def printable_line(text: str) -> str:
    """The same on one line: for names and titles."""
    return printable(" ".join(text.split()) if "\n" in text or "\t" in text else text)
