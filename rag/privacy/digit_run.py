"""Runs of digits as people write numbers: in groups, with spaces, dashes, dots and brackets between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_GROUPS = 8
MAX_DIGITS = 19
_GROUP = re.compile(r"\d+")
_GAP = re.compile(r"[ \-./()]{1,4}")
_SHIELDED = re.compile(
    r"https?://[!-~]+|www\.[!-~]+"
    r"|(?<![A-Za-z\d])[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?(?![A-Za-z\d])"
    r"|(?<!\d)89\d{2}(?:[ -]?\d{4}){3}[ -]?\d{3,4}(?![\d-])"
    r"|(?<!\d)(?:19|20)\d{2}([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?![\d-])"
    r"|(?<!\d)\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d{2}(?![\d-])"
    r"|(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"
    r"|(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)"
)
"""Web addresses, IBANs, SIM cards' numbers (ITU-T E.118: 89 and up to 20 digits), dates, IP addresses, amounts and times: their digits are
nobody's number."""
_CODE_BEFORE = re.compile(
    r"(?:[A-Za-z_\d]|[#№$€£¥*×]|(?<![A-Za-z])(?!TEL|PHONE|MOB)[A-Z\d]*[A-Z][A-Z\d]*[-_/.]|(?<!\d)\d{1,3},)$"
    r"|(?:USD|EUR|GBP|RMB|CNY) ?$"
)
_CODE_AFTER = re.compile(
    r"[A-Za-z_\d]|[-_/][A-Z\d]+(?![a-z])|[*×]|,\d{3}(?!\d)|\s?(?:元|块|€|£|\$|%|件|个|毫安|瓦|伏|(?:EUR|USD|RMB|kg|g|mm|cm|ml|mAh|W|V|K|kWh|Hz|km|pcs|rpm)(?![A-Za-z]))"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Groups of digits that may be one number: characters ``start`` to ``end``, with a ``+`` or bracket before them."""

    start: int
    end: int
    text: str
    groups: tuple[str, ...]

    @property
    def digits(self) -> str:
        """All digits."""
        return "".join(self.groups)


def candidates(text: str) -> Iterator[list[Candidate]]:
    """For each group of digits in ``text`` (as `plain` writes it) with which a number may begin: its candidates, the longest first."""
    shields = [match.span() for match in _SHIELDED.finditer(text)]
    groups = [match.span() for match in _GROUP.finditer(text) if not _inside(match.span(), shields)]
    for first, (start, _) in enumerate(groups):
        if first and _is_tight(text[groups[first - 1][1] : start]):
            continue
        opened = _opening(text, start)
        if _CODE_BEFORE.search(text[max(0, opened - 16) : opened]) is None:
            yield _from(text, groups, first, opened)


def _from(text: str, groups: list[tuple[int, int]], first: int, opened: int) -> list[Candidate]:
    collected: list[Candidate] = []
    parts: list[str] = []
    for number in range(first, min(first + MAX_GROUPS, len(groups))):
        start, end = groups[number]
        if number > first and _GAP.fullmatch(text, groups[number - 1][1], start) is None:
            break
        parts.append(text[start:end])
        if sum(map(len, parts)) > MAX_DIGITS:
            break
        following = groups[number + 1][0] if number + 1 < len(groups) else None
        if following is None or not _is_tight(text[end:following]):
            collected.append(Candidate(opened, end, text[opened:end], tuple(parts)))
    return collected[::-1]


def is_whole(text: str, end: int) -> bool:
    """Whether a number may end at ``end``: neither a code nor a unit goes on from there."""
    return _CODE_AFTER.match(text, end) is None


def _opening(text: str, start: int) -> int:
    """Where the number whose digits begin at ``start`` begins: with ``+``, ``(`` or ``(+``."""
    match = re.search(r"(?:\(\+|\+|\()$", text[max(0, start - 2) : start])
    return start if match is None else start - len(match.group())


def _is_tight(gap: str) -> bool:
    """Whether ``gap`` joins two groups so that neither can be a number without the other."""
    return _GAP.fullmatch(gap) is not None and " " not in gap


def _inside(span: tuple[int, int], shields: list[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in shields)
