"""Which paragraphs of a PDF are headings, and of which rank: by its outline, by size, by boldness."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PdfReader

from ingest.parse.pdf_page import PAGE_ERRORS
from ingest.parse.pdf_paragraph import Paragraph, Style

LARGER = 1.12  # times the body's size
LONGEST_HEADING = 150
MOST_LINES = 3
MOST_OUTLINE_ENTRIES = 5000
DEEPEST_LEVEL = 6
_SENTENCE_END = re.compile(r"[.,;:。，；：]$")
_LETTERS = re.compile(r"[^\W\d_]")
_STEP_OR_BULLET = re.compile(r"\s*(?:[-*+•‣▪●○–—·➢✓]|\(?\d{1,3}\)|\(?[a-z][.)]|[①-⑳])")


@dataclass(frozen=True, slots=True)
class Outline:
    """The bookmarks: the depth (from 1) of every title, by its letters and digits alone."""

    depths: dict[str, int]

    def depth(self, text: str) -> int | None:
        """The depth of the bookmark that ``text`` spells, numbering aside; ``None`` if there is none."""
        key = _key(text)
        return self.depths.get(key) or self.depths.get(re.sub(r"^[\d.]+", "", key)) if key else None


def read_outline(reader: PdfReader) -> Outline:
    """The document's bookmarks; none if they are damaged, since headings can be told by their looks too."""
    depths: dict[str, int] = {}
    try:
        _collect(reader.outline, 1, depths)
    except PAGE_ERRORS:
        return Outline({})
    return Outline(depths)


class HeadingJudge:
    """Tells headings and their levels for one document."""

    def __init__(self, paragraphs: Sequence[Paragraph], style: Style, outline: Outline) -> None:
        self._style = style
        self._outline = outline
        looks = {_look(paragraph) for paragraph in paragraphs if self._looks_like_heading(paragraph)}
        self._ranks = {look: rank for rank, look in enumerate(sorted(looks, reverse=True), 1)}

    def level(self, paragraph: Paragraph) -> int | None:
        """The heading's level, from 1, or ``None`` if the paragraph is no heading."""
        text = " ".join(line.text for line in paragraph.lines)
        depth = self._outline.depth(text) if len(text) <= LONGEST_HEADING else None
        if depth is not None and (self._looks_like_heading(paragraph) or paragraph.lines[0].bold):
            return min(depth + self._title_ranks(), DEEPEST_LEVEL)
        if not self._looks_like_heading(paragraph):
            return None
        return min(self._ranks[_look(paragraph)], DEEPEST_LEVEL)

    def _title_ranks(self) -> int:
        """One if the largest headings are the title's own look, which bookmarks rarely name."""
        return 1 if len(self._ranks) > 1 else 0

    def _looks_like_heading(self, paragraph: Paragraph) -> bool:
        text = " ".join(line.text for line in paragraph.lines)
        first = paragraph.lines[0]
        if len(text) > LONGEST_HEADING or len(paragraph.lines) > MOST_LINES or not _LETTERS.search(text) or _STEP_OR_BULLET.match(text):
            return False
        if first.size >= LARGER * (first.usual_size or self._style.size):
            return len(text) <= 80 or not _SENTENCE_END.search(text)
        bold = all(line.bold for line in paragraph.lines) and not self._style.mostly_bold
        return bold and first.size >= 0.95 * self._style.size and not _SENTENCE_END.search(text) and len(text) <= 100


def _look(paragraph: Paragraph) -> float:
    """What headings of one level share: the font size, to half a point."""
    return round(paragraph.lines[0].size * 2) / 2


def _collect(entries: object, depth: int, depths: dict[str, int]) -> None:
    if not isinstance(entries, list) or depth > 20:
        return
    for entry in entries:
        if len(depths) >= MOST_OUTLINE_ENTRIES:
            return
        if isinstance(entry, list):
            _collect(entry, depth + 1, depths)
        elif key := _key(str(getattr(entry, "title", ""))):
            depths.setdefault(key, depth)


def _key(text: str) -> str:
    return re.sub(r"[^\w.]|_", "", text).casefold().strip(".")
