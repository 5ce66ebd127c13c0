"""Tables of a Word file as grids: merged cells repeated down, the rows that repeat on every page as header."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.parse.docx_numbering import W, value
from ingest.parse.docx_styles import StyleSheet, is_on
from ingest.parse.table import clean_cell

WIDEST_SPAN = 60  # columns; Word itself allows 63
WRAPPERS = frozenset(f"{W}{name}" for name in "sdt sdtContent ins customXml moveTo smartTag".split())


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's texts, row by row. ``has_header`` is ``None`` if the file does not say whether the first row names the columns."""

    rows: Sequence[Sequence[str]]
    has_header: bool | None


def read_grid(table: Any, styles: StyleSheet, read_cell: Callable[[Any], str]) -> Grid:  # noqa: ANN401 lxml ships no types
    """The grid of a ``w:tbl`` element. Deleted rows are left out."""
    rows: list[list[str]] = []
    headers = 0
    above: list[str] = []
    for row in table_rows(table):
        is_header = headers == len(rows) and _row_switch(row, "tblHeader")
        above = _read_row(row, above, read_cell, is_header)
        rows.append(above)
        headers += is_header
    if headers == len(rows):
        headers = min(headers, 1)
    if headers:
        return Grid([_joined(rows[:headers]), *rows[headers:]], True)
    return Grid(rows, True if _style_marks_header(table, styles) else None)


def table_rows(table: Any) -> Iterator[Any]:  # noqa: ANN401
    """The ``w:tr`` elements of ``table`` that were not deleted."""
    for row in _children(table, W + "tr"):
        properties = row.find(W + "trPr")
        if properties is None or properties.find(W + "del") is None:
            yield row


def row_cells(row: Any) -> Iterator[Any]:  # noqa: ANN401
    """The ``w:tc`` elements of ``row``."""
    return _children(row, W + "tc")


def is_continued(cell: Any) -> bool:  # noqa: ANN401
    """Whether ``cell`` is the lower part of a cell merged down."""
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(W + "val", "continue") == "continue"


def _read_row(row: Any, above: Sequence[str], read_cell: Callable[[Any], str], spread: bool) -> list[str]:  # noqa: ANN401
    """A row's texts. A cell over several columns stands in the first of them, in a header (``spread``) in each."""
    texts = [""] * _before(row)
    for cell in row_cells(row):
        width = _span(cell)
        column = len(texts)
        if is_continued(cell):
            texts += [*above[column : column + width], *[""] * max(0, column + width - max(column, len(above)))]
        else:
            text = read_cell(cell)
            texts += [text] * width if spread else [text, *[""] * (width - 1)]
    return texts


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """A header of several rows as one."""
    width = max(map(len, rows))
    columns = ([row[column] for row in rows if column < len(row)] for column in range(width))
    return [" ".join(dict.fromkeys(name for text in column if (name := clean_cell(text)))) for column in columns]


def _style_marks_header(table: Any, styles: StyleSheet) -> bool:  # noqa: ANN401
    """Whether the table's style sets its first row apart, and the table makes use of that."""
    properties = table.find(W + "tblPr")
    if properties is None or (name := value(properties, "tblStyle")) is None or not styles.style(name).has_header_row:
        return False
    look = properties.find(W + "tblLook")
    if look is None:
        return False
    flag = look.get(W + "firstRow")
    if flag is not None:
        return flag in ("1", "true", "on")
    try:
        return bool(int(look.get(W + "val", "0"), 16) & 0x20)
    except ValueError:
        return False


def _children(parent: Any, tag: str) -> Iterator[Any]:  # noqa: ANN401
    for child in parent.iterchildren("*"):
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _children(child, tag)


def _row_switch(row: Any, name: str) -> bool:  # noqa: ANN401
    properties = row.find(W + "trPr")
    return properties is not None and bool(is_on(properties, name))


def _before(row: Any) -> int:  # noqa: ANN401
    properties = row.find(W + "trPr")
    return _count(None if properties is None else value(properties, "gridBefore"), 0)


def _span(cell: Any) -> int:  # noqa: ANN401
    properties = cell.find(W + "tcPr")
    return max(1, _count(None if properties is None else value(properties, "gridSpan"), 1))


def _count(text: str | None, default: int) -> int:
    return min(int(text), WIDEST_SPAN) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else default
