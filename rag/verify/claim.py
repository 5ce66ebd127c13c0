"""A text cut into claims: its sentences, list items and table rows, each with the citation markers that belong to it."""

import re
from dataclasses import dataclass

from kb.text.sentences import LONGEST_WORD, split_sentences

_NUMBERS = r"\d{1,3}(?:\s*[,，、;-]\s*\d{1,3})*"
MARKER = re.compile(rf"\s?(?:\[\^?({_NUMBERS})\]|【({_NUMBERS})】|［({_NUMBERS})］)")
"""``[1]``, ``[1, 2]``, ``[1-3]``, ``[^1]`` and the full-width brackets that Chinese models write."""
_BULLET = re.compile(r"(?:[-*+•·]|#{1,6}|>|\(?\d{1,2}[.)、）]|[（(][一二三四五六七八九十\d]{1,3}[）)]|[①-⑳])\s+|[①-⑳]|\d{1,2}、")
_RULE = re.compile(r"[|\s:=_*-]*")
_EMPHASIS = re.compile(r"\*\*|__|`|~~|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])")
_END = re.compile(r"[.!?。！？…]+[\"'”’」』）)\]]*$")


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a text. ``text`` is without markers; ``cited`` are their numbers, in order.

    ``separator`` is what stands before it in its text: spaces, line breaks, the bullet of a list. ``separator`` and ``text`` of
    all claims one after the other are the text without its markers.
    """

    text: str
    cited: tuple[int, ...]
    separator: str = ""

    @property
    def plain(self) -> str:
        """The text with marks of emphasis blanked out, of the same length: what is verified."""
        return _EMPHASIS.sub(lambda mark: " " * len(mark.group()), self.text)

    @property
    def says_something(self) -> bool:
        """Whether there is a word or a number in it; the rule under a table's header says nothing."""
        return not _RULE.fullmatch(self.text)


def split_claims(text: str, language: str = "und") -> list[Claim]:
    """The claims of ``text``, in order. A marker after the full stop belongs to the sentence before it."""
    claims: list[Claim] = []
    ended = 0
    for start, end in _sentences(text, language):
        lead = _BULLET.match(text, start, end)
        begin = lead.end() if lead is not None and lead.end() < end else start
        bare, cited = _without_markers(text[begin:end])
        between = text[ended:begin]
        ended = end
        if not bare and claims:
            last = claims[-1]
            claims[-1] = Claim(last.text, (*last.cited, *cited), last.separator)
        elif bare:
            claims.append(Claim(bare, cited, between))
    return claims


def _sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Spans of sentences, a marker that follows a full stop counted to what it closes."""
    spans: list[tuple[int, int]] = []
    for start, end in split_sentences(text, language):
        at = start
        while (marker := MARKER.match(text, at)) is not None and marker.end() <= end:
            at = marker.end()
        if at > start and spans and "\n" not in text[spans[-1][1] : start]:
            spans[-1] = (spans[-1][0], at)
            start = at + len(text[at:end]) - len(text[at:end].lstrip())
        spans += _after_markers(text, start, end)
    return spans


def _after_markers(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """``start`` to ``end``, parted where a marker stands right behind a full stop: "…30 days.[1] Items must…"."""
    spans = []
    for marker in MARKER.finditer(text, start, end):
        following = MARKER.match(text, marker.end())
        before = text[max(start, marker.start() - LONGEST_WORD) : marker.start()]
        if following is None and marker.end() < end and _END.search(MARKER.sub("", before)):
            spans.append((start, marker.end()))
            start = marker.end() + len(text[marker.end() : end]) - len(text[marker.end() : end].lstrip())
    return [*spans, (start, end)] if start < end else spans


def _without_markers(sentence: str) -> tuple[str, tuple[int, ...]]:
    cited: list[int] = []
    for match in MARKER.finditer(sentence):
        cited += _numbers(next(group for group in match.groups() if group))
    return MARKER.sub("", sentence).strip(), tuple(dict.fromkeys(cited))


def _numbers(written: str) -> list[int]:
    found: list[int] = []
    for part in re.split(r"[,，、;]", written):
        first, _, last = part.partition("-")
        found += range(int(first), min(int(last), int(first) + 20) + 1) if last.strip() else [int(first)]
    return found
