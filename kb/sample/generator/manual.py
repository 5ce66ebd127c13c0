"""A product manual before layout: its title page, and its text as a tree of plain blocks.

The text of a manual is written in a few lines of markup, read by `parse_blocks`:

    # Chapter            ## Section             ### Sub-section
    - bullet             1. numbered step       | cell | cell |   (the first row is the header)
    !WARNING: text       !CAUTION: text         !NOTE: text       (or the words of the manual's own language)
    [scan:NAME]          a page that is an image only

Anything else is a paragraph. Blank lines separate. A paragraph runs on to the next plain line; a bullet, step or notice
only to lines that are indented.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (chapter, starts a page), 2 or 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, a bullet, a step (``label`` is its number) or a notice (``label`` is its signal word)."""

    kind: Literal["paragraph", "bullet", "step", "notice"]
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table; the first row is its header. Every row has the same number of cells."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page without a text layer; ``name`` chooses the drawing."""

    name: str


Block: TypeAlias = Heading | Line | Ruled | ScannedPage


@dataclass(frozen=True, slots=True)
class Manual:
    """One manual: what its title page says, and its text in markup.

    ``labels`` are the words that layout itself prints: "User manual", "Contents", "Page {}".
    """

    file: str
    model: str
    name: str
    tagline: str
    revision: str
    text: str
    language: str = "en"
    labels: tuple[str, str, str] = ("User manual", "Contents", "Page {}")

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text, parsed."""
        return parse_blocks(self.text)


_HEADING = re.compile(r"(#{1,3}) (.+)")
_STEP = re.compile(r"(\d+)\. (.+)")
_NOTICE = re.compile(r"!([^:：]+)[:：]\s*(.+)")
_FIRST_CJK = 0x2E80
_SCAN = re.compile(r"\[scan:([\w-]+)\]")


def parse_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a manual's markup, in order. Raises ValueError for a table whose rows differ in length."""
    blocks: list[Block] = []
    for is_table, lines in groupby(text.splitlines(), key=lambda line: line.startswith("|")):
        if is_table:
            blocks.append(_parse_table(list(lines)))
        else:
            blocks.extend(_parse_line(line) for line in _join_continuations(lines))
    return tuple(blocks)


def _parse_table(lines: list[str]) -> Ruled:
    rows = tuple(tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines)
    if len({len(row) for row in rows}) != 1:
        raise ValueError(f"the rows of the table that begins {lines[0]!r} differ in their number of cells; write as many in each")
    return Ruled(rows)


def _join_continuations(lines: Iterable[str]) -> list[str]:
    """One line a block. Chinese text is joined without a space."""
    joined = [""]
    for line in lines:
        if line and joined[-1] and (line.startswith("  ") or not (_starts_block(line) or _starts_block(joined[-1]))):
            joined[-1] += line.strip() if ord(joined[-1][-1]) > _FIRST_CJK else f" {line.strip()}"
        else:
            joined.append(line.strip())
    return [line for line in joined if line]


def _starts_block(line: str) -> bool:
    return line.startswith("- ") or any(pattern.match(line) for pattern in (_HEADING, _STEP, _NOTICE, _SCAN))


def _parse_line(line: str) -> Block:
    if heading := _HEADING.match(line):
        return Heading(len(heading[1]), heading[2])
    if step := _STEP.match(line):
        return Line("step", step[2], step[1])
    if notice := _NOTICE.match(line):
        return Line("notice", notice[2], notice[1])
    if scan := _SCAN.match(line):
        return ScannedPage(scan[1])
    if line.startswith("- "):
        return Line("bullet", line[2:])
    return Line("paragraph", line)
