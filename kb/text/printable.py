"""Texts and names made harmless to look at: no control character steers the terminal, no direction mark turns a file name around."""

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, tab and line feed aside
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks of writing direction
    "\u2028\u2029\ufff9-\ufffb\ufeff\ud800-\udfff]"  # separators, annotations, a byte order mark, halves of characters
)
_NO_NAME = re.compile("[\t\n\U000e0000-\U000e007f]")  # nobody sees the last ones, letters that only machines read


def printable(text: str) -> str:
    """``text`` with each steering character written out, as in ``\\u202e``."""
    return _STEERING.sub(lambda found: f"\\u{ord(found.group()):04x}", text.replace("\r\n", "\n"))


def printable_line(text: str) -> str:
    """The same on one line: for names and titles."""
    return printable(" ".join(text.split()) if "\n" in text or "\t" in text else text)


def is_printable_name(name: str) -> bool:
    """Whether ``name`` can be shown on a line as it is.

    Unlike `str.isprintable` it lets spaces of every width pass (Chinese ones are U+3000, and macOS writes U+202F before "PM") and the
    joiners that emoji are made with.
    """
    return _STEERING.search(name) is None and _NO_NAME.search(name) is None
