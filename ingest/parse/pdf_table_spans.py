"""Cells of a ruled table that reach over several rows or columns."""

from typing import TypeAlias

from pdfplumber.table import Table

Box: TypeAlias = tuple[float, float, float, float]


def fill_spans(raw: Table) -> tuple[list[list[str]], int]:
    """The texts of all cells by row, and how many rows the header has: two if a name in the first stands above several columns.

    A cell that reaches over several rows is repeated in each, since every row is read alone. One that reaches over several columns
    is repeated only in the first of two header rows; elsewhere it is a heading within the table.
    """
    texts = [[cell or "" for cell in row] for row in raw.extract()]
    boxes = [list(row.cells) for row in raw.rows]
    columns = _column_middles(boxes)
    header_rows = 2 if len(texts) > 2 and _has_name_above_names(boxes) else 1
    for number, row in enumerate(boxes):
        top, bottom = raw.rows[number].bbox[1], raw.rows[number].bbox[3]
        for place, box in enumerate(row):
            if box is None and columns[place] is not None:
                texts[number][place] = _covering_text(texts, boxes, number, (columns[place] or 0.0, (top + bottom) / 2), header_rows)
    return texts, header_rows


def _covering_text(texts: list[list[str]], boxes: list[list[Box | None]], number: int, point: tuple[float, float], header_rows: int) -> str:
    """The text of the cell that reaches over ``point``, in row ``number``, from above; in a header of two rows also from the left."""
    x, y = point
    for above in range(number, -1, -1):
        for place, box in enumerate(boxes[above]):
            if box is not None and box[0] <= x <= box[2] and box[1] <= y <= box[3]:
                from_above = above < number and not _is_wide(boxes, box)
                return texts[above][place] if from_above or (number == 0 and header_rows == 2) else ""
    return ""


def _is_wide(boxes: list[list[Box | None]], box: Box) -> bool:
    """Whether a cell reaches over several columns."""
    return any(other is not None and box[0] < other[0] - 1 and other[0] + 1 < box[2] for row in boxes for other in row)


def _has_name_above_names(boxes: list[list[Box | None]]) -> bool:
    """Whether the first row holds a cell above several of the second, and is not one cell throughout."""
    first = [box for box in boxes[0] if box is not None]
    second = [box for box in boxes[1] if box is not None]
    above = [sum(one[0] - 1 <= other[0] and other[2] <= one[2] + 1 for other in second) for one in first]
    return len(first) > 1 and any(count > 1 for count in above)


def _column_middles(boxes: list[list[Box | None]]) -> list[float | None]:
    """The middle of each column, from its narrowest cell."""
    middles: list[float | None] = []
    for column in zip(*boxes, strict=True):
        cells = [box for box in column if box is not None]
        narrowest = min(cells, key=lambda box: box[2] - box[0], default=None)
        middles.append(None if narrowest is None else (narrowest[0] + narrowest[2]) / 2)
    return middles
