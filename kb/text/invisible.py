"""Characters that nobody sees: taken out of a text where no script and no emoji needs them."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Literal

InvisibleKind = Literal["zero-width character", "direction mark", "tag character", "variation selector", "filler"]

_ANY = re.compile(
    "[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINING = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0e80-\u109f\u1780-\u17ff\u1800-\u18af\u1a20-\u1aaf\ufb50-\ufdff\ufe70-\ufefc]")
"""Scripts whose spelling uses joiners: Arabic and its neighbours, those of India, Khmer, Myanmar, Mongolian."""
_FLAG = re.compile(
    "\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
    "|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
"""The flags of England, Scotland and Wales: the only sequences of tag characters in use."""
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KEYCAP = frozenset("0123456789#*©®")


@dataclass(frozen=True, slots=True)
class Visible:
    """A text without what nobody sees. ``positions[i]`` is where character ``i`` stood; ``dropped`` counts the others by kind."""

    text: str
    positions: tuple[int, ...]
    dropped: Counter[InvisibleKind]
    places: tuple[int, ...] = ()
    """Where each dropped character stood."""


def visible_text(text: str) -> str:
    """``text`` without what nobody sees."""
    return text if _ANY.search(text) is None else drop_invisible(text).text


def has_invisible(text: str) -> bool:
    """Whether there may be something to drop: quick, and true of joiners that stay as well."""
    return _ANY.search(text) is not None


def drop_invisible(text: str) -> Visible:
    """``text`` without zero-width characters, direction marks, tag characters, fillers, and variation selectors that select nothing.

    Joiners stay between letters that need them and between the parts of an emoji; one variation selector stays behind a character that
    has variants; tag characters stay in the three flags that are made of them.
    """
    flags = {place for match in _FLAG.finditer(text) for place in range(match.start(), match.end())}
    candidates = [match.start() for match in _ANY.finditer(text)]
    places = tuple(place for place in candidates if place not in flags and not _is_needed(text, place))
    gone = set(places)
    kept = tuple(place for place in range(len(text)) if place not in gone)
    return Visible("".join(text[place] for place in kept), kept, Counter(_kind(ord(text[place])) for place in places), places)


def _is_needed(text: str, place: int) -> bool:
    character = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if character == "\u200c":
        return bool(_JOINING.match(before) and _JOINING.match(after))
    if character == "\u200d":
        return bool(_JOINING.match(before)) or (_is_emoji(before) and _is_emoji(after))
    if "\ufe00" <= character <= "\ufe0f":
        emoji = character in "\ufe0e\ufe0f" and (_is_emoji(before) or before in _KEYCAP)
        return bool(before) and (emoji or (character <= "\ufe02" and (unicodedata.category(before) == "Sm" or bool(_HAN.match(before)))))
    if "\U000e0100" <= character <= "\U000e01ef":
        return bool(_HAN.match(before))
    return "\u180b" <= character <= "\u180f" and "\u1800" <= before <= "\u18af"


def _is_emoji(character: str) -> bool:
    """Whether ``character`` is a symbol, a skin tone, or what may stand before a joiner in an emoji."""
    if not character:
        return False
    return character == "\ufe0f" or unicodedata.category(character) == "So" or "\U0001f3fb" <= character <= "\U0001f3ff"


def _kind(code: int) -> InvisibleKind:
    if 0xE0000 <= code <= 0xE007F:
        return "tag character"
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return "variation selector"
    if code == 0x061C or code in (0x200E, 0x200F) or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return "direction mark"
    if code in (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0):
        return "filler"
    return "zero-width character"
