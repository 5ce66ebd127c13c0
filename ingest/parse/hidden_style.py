"""What a few CSS declarations do to text: whether a reader of the page sees it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Way = Literal["not displayed", "in letters too small to read", "in the colour of its background", "outside the page"]
Colour = tuple[int, int, int, float]
"""Red, green, blue in 0 to 255, and how opaque it is in [0, 1]."""

WHITE: Colour = (255, 255, 255, 1.0)
SAME_COLOUR = 12
"""Colours that differ by no more in any part are one to the eye."""
SMALLEST_PIXELS = 1.0
FAR_OUTSIDE = -400.0
"""Pixels beyond the left or upper edge from which nothing of a paragraph is seen."""
_NAMES: Mapping[str, Colour] = {
    "white": WHITE, "black": (0, 0, 0, 1.0), "red": (255, 0, 0, 1.0), "blue": (0, 0, 255, 1.0), "green": (0, 128, 0, 1.0),
    "yellow": (255, 255, 0, 1.0), "gray": (128, 128, 128, 1.0), "grey": (128, 128, 128, 1.0), "silver": (192, 192, 192, 1.0),
    "snow": (255, 250, 250, 1.0), "ivory": (255, 255, 240, 1.0), "whitesmoke": (245, 245, 245, 1.0), "ghostwhite": (248, 248, 255, 1.0),
    "transparent": (0, 0, 0, 0.0),
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_RGB = re.compile(r"rgba?\(\s*([\d.]+)(%?)[\s,]+([\d.]+)%?[\s,]+([\d.]+)%?(?:[\s,/]+([\d.]+)(%?))?\s*\)")
_LENGTH = re.compile(r"^\s*(-?[\d.]+)\s*(px|pt|em|rem|%|vw|vh|)\s*$")
_PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "%": 0.16, "vw": 12.0, "vh": 8.0}
_NOTHING_LEFT = re.compile(r"rect\(\s*(?:0|1px|0px)(?:[\s,]+(?:0|1px|0px)){3}\s*\)|inset\(\s*(?:50|100)%|circle\(\s*0")
_MOVED_AWAY = re.compile(r"translate(?:x|y|3d)?\(\s*-\d{4,}px|scale\(\s*0(?:\.0+)?\s*[,)]")


@dataclass(frozen=True, slots=True)
class Appearance:
    """What text inherits. ``background`` is None where nothing can be said about it (a picture, a style sheet that is not here)."""

    colour: Colour | None = None
    background: Colour | None = None
    tiny: bool = False
    invisible: bool = False

    def within(self, style: Mapping[str, str]) -> "Appearance":
        """The same inside an element with ``style``."""
        changed = self
        if "visibility" in style:
            changed = replace(changed, invisible=style["visibility"] in ("hidden", "collapse"))
        if "font-size" in style:
            size = pixels(style["font-size"])
            relative = style["font-size"].rstrip().endswith(("em", "%")) and not style["font-size"].rstrip().endswith("rem")
            changed = replace(changed, tiny=(self.tiny and relative) or (size is not None and size <= SMALLEST_PIXELS))
        if "color" in style:
            changed = replace(changed, colour=colour(style["color"]))
        return changed._on(style)

    def _on(self, style: Mapping[str, str]) -> "Appearance":
        value = style.get("background-color", style.get("background"))
        if "background-image" in style and style["background-image"] != "none":
            return replace(self, background=None)
        if value is None or value in ("none", "transparent", "inherit"):
            return self
        found = colour(value)
        if found is not None and found[3] == 0:
            return self
        return replace(self, background=found if "url(" not in value and "gradient" not in value else None)

    @property
    def hides_text(self) -> Way | None:
        """How text of this appearance is hidden, if it is."""
        if self.invisible:
            return "not displayed"
        if self.tiny:
            return "in letters too small to read"
        if self.colour is not None and (self.colour[3] <= 0.05 or (self.background is not None and alike(self.colour, self.background))):
            return "in the colour of its background"
        return None


def declarations(style: str) -> dict[str, str]:
    """Property to value, in lower case. Of two for one property the later counts, unless the earlier alone is ``!important``."""
    found: dict[str, str] = {}
    important: set[str] = set()
    for part in re.sub(r"/\*.*?\*/", "", style, flags=re.S).split(";"):
        name, colon, value = part.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        strong = value.endswith("!important")
        if colon and name and (strong or name not in important):
            found[name] = value.removesuffix("!important").strip()
            important |= {name} if strong else set()
    return found


def hides_element(style: Mapping[str, str]) -> Way | None:
    """How an element with ``style`` is hidden with all that is in it, if it is."""
    opacity = re.match(r"[\d.]+", style.get("opacity", ""))
    if style.get("display") == "none" or style.get("content-visibility") == "hidden" or (opacity and _number(opacity.group()) <= 0.05):
        return "not displayed"
    if _MOVED_AWAY.search(style.get("transform", "")) or _is_outside(style):
        return "outside the page"
    if _NOTHING_LEFT.search(style.get("clip", "")) or _NOTHING_LEFT.search(style.get("clip-path", "")):
        return "outside the page"
    flat = any(_at_most(style.get(name), 1.0) for name in ("height", "max-height", "width", "max-width"))
    cut = style.get("overflow", style.get("overflow-y", "")) in ("hidden", "clip")
    return "not displayed" if flat and cut else None


def colour(value: str) -> Colour | None:
    """The first colour in ``value``; None if there is none that is known."""
    if (match := _HEX.search(value)) is not None and len(match.group(1)) in (3, 4, 6, 8):
        digits = match.group(1)
        parts = [digit * 2 for digit in digits] if len(digits) < 5 else re.findall("..", digits)
        red, green, blue, *rest = (int(part, 16) for part in parts)
        return red, green, blue, rest[0] / 255 if rest else 1.0
    if (match := _RGB.search(value)) is not None:
        scale = 2.55 if match.group(2) else 1.0
        red, green, blue = (round(_number(match.group(group)) * scale) for group in (1, 3, 4))
        alpha = _number(match.group(5)) / (100 if match.group(6) else 1) if match.group(5) else 1.0
        return red, green, blue, alpha
    return next((_NAMES[word] for word in re.findall("[a-z]+", value) if word in _NAMES), None)


def alike(one: Colour, other: Colour) -> bool:
    """Whether the eye takes two opaque colours for one."""
    return all(abs(a - b) <= SAME_COLOUR for a, b in zip(one[:3], other[:3], strict=True))


def pixels(value: str) -> float | None:
    """A length in pixels, about; None if it is none."""
    match = _LENGTH.match(value)
    return _number(match.group(1)) * _PIXELS[match.group(2)] if match is not None else None


def _is_outside(style: Mapping[str, str]) -> bool:
    if _beyond(style.get("text-indent")):
        return True
    placed = style.get("position") in ("absolute", "fixed", "relative")
    sides = ("left", "top", "right", "bottom", "margin-left", "margin-top", "inset", "inset-inline-start")
    return any(_beyond(style.get(side)) for side in sides if placed or side.startswith("margin"))


def _beyond(value: str | None) -> bool:
    return value is not None and (size := pixels(value)) is not None and size <= FAR_OUTSIDE


def _at_most(value: str | None, most: float) -> bool:
    return value is not None and (size := pixels(value)) is not None and size <= most


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:  # "1.2.3"
        return 1.0
