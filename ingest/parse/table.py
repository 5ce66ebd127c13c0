"""Tables to lines that can be read alone: every row carries its header."""

import re
from collections.abc import Sequence

from ingest.parse.wrap import unwrap

Rows = Sequence[Sequence[str]]
KEY_VALUE_HEADERS = frozenset(
    "item detail details description property parameter feature spec specs specification specifications attribute field key "
    "name value values information info technical data "
    "项目 名称 参数 数值 规格 属性 值 说明 内容 指标 详情".split()
)
_NUMBER = re.compile(r"[-+±~≈<>≤≥]?\s*[$€£¥]?\s*\d[\d.,\s]*\s*(?:[%°$€£¥元]|[A-Za-zµΩ°]{1,4})?")


def row_texts(rows: Rows, has_header: bool | None = None) -> list[str]:
    """One text for each row of data: ``Header: cell | Header: cell``, or ``key: value`` for tables of two columns without header.

    ``has_header`` says whether the first row names the columns; ``None`` leaves that to `looks_like_header`. An empty
    corner in the header makes the first column the row's name.
    """
    table = _rectangle(rows)
    if not table:
        return []
    header = looks_like_header(table) if has_header is None else has_header
    if header and len(table) > 1 and _names_key_and_value(table[0]):
        table, header = table[1:], False
    if header and len(table) > 1:
        return [text for row in table[1:] if (text := labelled_row(table[0], row))]
    return [text for row in table if (text := _plain_row(row))]


def labelled_row(header: Sequence[str], row: Sequence[str]) -> str:
    """A row's cells, each behind its column's name; cells without a value are left out."""
    parts = []
    for name, cell in zip(header, row, strict=True):
        if cell:
            parts.append(f"{name}: {cell}" if name and name != cell else cell)
    return " | ".join(parts)


def looks_like_header(table: Rows) -> bool:
    """Whether the first row names the columns: three or more columns, all but the corner filled, short, none a number.

    Two columns without further signs are taken for keys and values unless the second column's name is short and general.
    """
    first = table[0]
    if len(table) < 2 or any(not cell for cell in first[1:]) or any(_NUMBER.fullmatch(cell) or len(cell) > 80 for cell in first):
        return False
    return len(first) > 2 or _names_key_and_value(first)


def clean_cell(text: object) -> str:
    """A cell on one line. ``None`` is an empty cell."""
    return "" if text is None else re.sub(r"\s*\|\s*", " / ", unwrap(str(text)))


def _names_key_and_value(header: Sequence[str]) -> bool:
    return len(header) == 2 and all(set(cell.casefold().split()) <= KEY_VALUE_HEADERS for cell in header)


def _plain_row(row: Sequence[str]) -> str:
    cells = [cell for cell in row if cell]
    if len(row) == 2 and len(cells) == 2:
        return f"{row[0].rstrip(':：')}: {row[1]}"
    return " | ".join(cells)


def _rectangle(rows: Rows) -> list[list[str]]:
    """The rows without empty ones, all as wide as the widest, without columns that are empty throughout."""
    cleaned = [[clean_cell(cell) for cell in row] for row in rows]
    filled = [row for row in cleaned if any(row)]
    width = max((len(row) for row in filled), default=0)
    padded = [row + [""] * (width - len(row)) for row in filled]
    kept = [column for column in range(width) if any(row[column] for row in padded)]
    return [[row[column] for column in kept] for row in padded]
