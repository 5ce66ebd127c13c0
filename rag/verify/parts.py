"""A sentence cut into the parts that each say one thing with a number in it."""

import re
from collections.abc import Sequence

from rag.facts.span import Span

_STRONG = re.compile(r"[;；。|](?=\D|$)|[.!?](?=\s|$)")
_WEAK = re.compile(
    r"[,，()（）](?=\D|$)|[:：](?=\D)|\s(?:and|but|or|while|whereas|und|aber|oder|et|mais|ou|y|pero|o|e|ma)\s(?=\D)"
    r"|(?<!\d)\s(?:and|or|und|oder|et|ou|y|o)\s(?=\d)|、(?=\D{4})|\s[–—-]\s"
)
_JOINT = re.compile(r"\s(?:and|or|und|oder|et|ou|y|o|e)\s")
_CELL = re.compile(r"[|](?=\D|$)|[,，;；](?=\D|$)|\s(?:and|und|et|y|e)\s(?=\D)")


def parts_around(text: str, facts: Sequence[Span]) -> list[tuple[int, int]]:
    """Stretches of ``text`` with at least one of ``facts`` in each; a stretch without any is counted to the one before it.

    At the beginning, and right after a semicolon, to the one behind it, unless a colon ends it: then it belongs to all and is left
    out. Without facts it is all one part. In a table's row (cells between bars, a name and a colon in each) a colon parts nothing.
    """
    weak = _CELL if " | " in text else _WEAK
    found: list[tuple[int, int]] = []
    for start, end in _cut(text, _STRONG, 0, len(text)):
        found += _with_facts(text, _cut(text, weak, start, end), facts)
    return found or [(0, len(text))]


def _with_facts(text: str, stretches: Sequence[tuple[int, int]], facts: Sequence[Span]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    waiting: int | None = None
    for start, end in stretches:
        if any(start <= fact.start < end for fact in facts):
            merged.append((start if waiting is None else waiting, end))
            waiting = None
        elif merged and waiting is None and _begins_a_list(text, merged[-1][1], start, end):
            waiting = start
        elif merged and waiting is None:
            merged[-1] = (merged[-1][0], end)
        elif text[end : end + 1] in {":", "："}:
            waiting = None
        elif waiting is None:
            waiting = start
    if merged and waiting is not None:
        merged[-1] = (merged[-1][0], stretches[-1][1])
    return merged


def _begins_a_list(text: str, before: int, start: int, end: int) -> bool:
    """Whether a comma parts ``text[start:end]`` from what stands before it, and an "and" joins it to what follows: ", kayaks and boats"."""
    return text[before:start].strip() in {",", "，"} and _JOINT.match(text, end) is not None


def _cut(text: str, pattern: re.Pattern[str], start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    for match in pattern.finditer(text, start, end):
        if match.start() > start:
            spans.append((start, match.start()))
        start = match.end()
    return [*spans, (start, end)] if start < end else spans
