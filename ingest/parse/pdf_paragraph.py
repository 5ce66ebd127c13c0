"""Lines of PDF pages to paragraphs: by their distance, their style, their indent and the list marks they begin with."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.parse.pdf_page import Line
from ingest.parse.text import BULLET
from ingest.parse.wrap import is_broken_word, separator

GAP = 1.25  # times the usual distance of lines: from here on a new paragraph
USUAL_LEADING = 1.2  # times the font size, if a document has too few lines to tell
SIZE_TOLERANCE = 0.07  # fonts of nearly one size are one (superscripts, rounding)
_SENTENCE_END = re.compile(r"[.!?:;。！？：；…]['\"”’)\]）】」]*$")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Style:
    """What most of a document's text looks like. ``leading`` is the usual distance of baselines over the font size."""

    size: float
    leading: float
    mostly_bold: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together. ``bullet`` says that the first begins with a list mark."""

    lines: tuple[Line, ...]
    bullet: bool

    @property
    def page(self) -> int:
        """The page on which it begins."""
        return self.lines[0].page


def body_style(lines: Sequence[Line]) -> Style:
    """The style of most characters among ``lines`` (at least one)."""
    sizes: Counter[float] = Counter()
    bold = 0
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
        bold += len(line.text) if line.bold else 0
    ratios = [
        (above.baseline - below.baseline) / above.size
        for above, below in zip(lines, lines[1:], strict=False)
        if above.page == below.page and 0.8 * above.size < above.baseline - below.baseline < 2.5 * above.size and _same_size(above, below)
    ]
    leading = statistics.median_low(ratios) if len(ratios) >= 3 else USUAL_LEADING
    return Style(sizes.most_common(1)[0][0], leading, bold > 0.5 * sum(sizes.values()))


def split_paragraphs(lines: Iterable[Line], style: Style) -> list[Paragraph]:
    """The lines grouped; a paragraph that goes on in the next column or on the next page stays one."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and not _begins_paragraph(groups[-1], line, style):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Paragraph(tuple(group), bool(BULLET.match(group[0].text))) for group in groups]


def join_lines(paragraph: Paragraph, hyphenated: frozenset[str]) -> tuple[str, list[tuple[Line, int, int]]]:
    """The paragraph's text, and where each of its lines stands in it. A bullet is left out, a step's number kept."""
    text = ""
    spans: list[tuple[Line, int, int]] = []
    for line in paragraph.lines:
        piece = line.text if text else _without_bullet(line.text)
        if text and is_broken_word(text, piece, hyphenated):
            text = text[:-1]
            owner, start, _ = spans[-1]
            spans[-1] = (owner, start, len(text))
        elif text and not _breaks_after_hyphen(text, piece):
            text += separator(text, piece)
        spans.append((line, len(text), len(text) + len(piece)))
        text += piece
    return text, [(line, start, end) for line, start, end in spans if start < end]


def _begins_paragraph(group: Sequence[Line], line: Line, style: Style) -> bool:
    previous = group[-1]
    if not _same_size(previous, line) or BULLET.match(line.text):
        return True
    if previous.bold != line.bold and (len(previous.text) < 80 or len(line.text) < 80) and not _flows(previous, line):
        return True
    distance = previous.baseline - line.baseline
    if previous.page != line.page or distance < -0.5 * line.size:
        return not (_flows(previous, line) or _is_wrapped(group, line))
    if distance > GAP * style.leading * line.size:
        return True
    indented = line.x0 > previous.x0 + line.size
    if indented and len(group) > 1 and _SENTENCE_END.search(previous.text):
        return True
    return _ends_early(group, line) and bool(_SENTENCE_END.search(previous.text))


def _flows(previous: Line, line: Line) -> bool:
    """Whether a sentence goes on from one line to the other, as far as letters can tell."""
    if _SENTENCE_END.search(previous.text):
        return False
    first = line.text[:1]
    return first.islower() or bool(_UNSPACED.match(first) and len(previous.text) > 15)


def _is_wrapped(group: Sequence[Line], line: Line) -> bool:
    """Whether the last line of a column was full, so that whatever follows in the same style belongs to it."""
    full = len(group[-1].text) > 40 and len(group) > 1 and not _ends_early(group, line)
    return full and group[-1].bold == line.bold and not _SENTENCE_END.search(group[-1].text)


def _ends_early(group: Sequence[Line], line: Line) -> bool:
    """Whether the last line leaves room for the next one's first word: it was ended, not wrapped."""
    previous = group[-1]
    right = max([line.x1, *(other.x1 for other in group)])
    room = 2.5 if _UNSPACED.match(line.text) else min(len(line.text.split(" ", 1)[0]), 12) * 0.5 + 1.5
    return right - previous.x1 > room * line.size


def _same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= SIZE_TOLERANCE * max(one.size, other.size)


def _without_bullet(text: str) -> str:
    match = BULLET.match(text)
    if match is not None and match.group("number") is None:
        return text[match.end() :]
    return text


def _breaks_after_hyphen(left: str, right: str) -> bool:
    """Whether a line ends in a hyphen that belongs to the word ("self-" + "cleaning"): then no space follows."""
    return left.endswith(("-", "\u2010")) and len(left) > 1 and left[-2].isalpha() and right[:1].isalpha()
