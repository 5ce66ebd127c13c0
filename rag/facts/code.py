"""Names made of letters and digits: error codes, part numbers, models, standards."""

import re
from dataclasses import dataclass

_CODE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9/-]*\d)(?=[A-Za-z0-9/-]*[A-Za-z])[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*(?![A-Za-z0-9])")
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
        written = match.group()
        if not _NO_CODE.fullmatch(written) and any(character.isalpha() for character in written):
            found.append(Code(match.start(), match.end(), re.sub(r"[-/]", "", written).lower()))
    return found
