"""Names made of letters and digits, or of capitals with hyphens: error codes, part numbers, models, standards."""

import re
from dataclasses import dataclass

_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9/-]*\d)(?=[A-Za-z0-9/-]*[A-Za-z])[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*(?![A-Za-z0-9])")
_CAPITALS = re.compile(r"(?<![\w-])[A-Z]{2,4}(?:-[A-Z]{2,4})+(?![\w-])")
_COMPOUND = re.compile(r"-(?:[A-Z]?[a-z]{3,}|[A-Z][a-z]{2,})(?:-.*)?$")
_NO_CODE = re.compile(
    r"\d+(?:[-/]\d+)?-?(?:st|nd|rd|th|er|e|x|mm|cm|m|km|g|kg|mg|ml|l|s|h|min|w|kw|v|a|ma|mah|hz|ghz|mhz|db|pa|kpa|gb|mb|tb|wh|kwh|days?|weeks?|months?|years?|hours?|minutes?|seconds?|am|pm|in|inch|ft|lbs?|oz|bar|year|day|week|month|hour|minute|second|tage?|jours?|mois|ans|dh)(?:-[a-z]+)*"
    r"|\d+-[a-z]{3,}(?:-[a-z]+)*|[a-z]+-\d+-[a-z]+",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Code:
    """A code at ``text[start:end]``; ``value`` in lower case without hyphens."""

    start: int
    end: int
    value: str


def find_codes(text: str) -> list[Code]:
    """The codes of ``text``, from left to right. Quantities ("30-day", "4.5h") are none."""
    found = []
    for match in _CODE.finditer(text):
        written = _COMPOUND.sub("", match.group())
        if not _NO_CODE.fullmatch(written) and any(character.isalpha() for character in written):
            found.append(Code(match.start(), match.start() + len(written), re.sub(r"[-/]", "", written).lower()))
    found += [Code(match.start(), match.end(), match.group().replace("-", "").lower()) for match in _CAPITALS.finditer(text)]
    return sorted(found, key=lambda code: code.start)
