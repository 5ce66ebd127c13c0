"""Lines recognised in a picture, put in reading order: columns one after the other, cells of one height side by side."""

import statistics
from collections.abc import Sequence

from ingest.parse.ocr import PictureLine

Row = list[PictureLine]
FEWEST_LINES = 3  # of a column of text
NARROWEST_COLUMN = 10.0  # times the height of its lines; cells of a table are narrower
SAME_ROW = 0.5  # of the line's height: middles nearer than this are beside each other
WORD_GAP = 0.2  # of the line's height: pieces nearer than this are one. The boxes reach beyond their letters: cells come near
DEEPEST = 4  # columns within columns


def rows_in_order(lines: Sequence[PictureLine], depth: int = 0) -> list[Row]:
    """The rows of ``lines`` in the order in which people read them; each row from left to right."""
    gutter = _gutter(lines) if depth < DEEPEST else None
    if gutter is None:
        return _rows(lines)
    rows: list[Row] = []
    band: list[PictureLine] = []
    for line in sorted(lines, key=lambda line: line.y0):
        if line.x0 < gutter < line.x1:
            rows += _band_rows(band, gutter, depth)
            rows.append([line])
            band = []
        else:
            band.append(line)
    return rows + _band_rows(band, gutter, depth)


def _band_rows(band: Sequence[PictureLine], gutter: float, depth: int) -> list[Row]:
    """The rows between two lines that span both columns."""
    left = [line for line in band if line.x1 <= gutter]
    right = [line for line in band if line.x1 > gutter]
    if not (_is_column(left) and _is_column(right)):
        return _rows(band)
    return rows_in_order(left, depth + 1) + rows_in_order(right, depth + 1)


def _gutter(lines: Sequence[PictureLine]) -> float | None:
    """Where a gap runs down between two columns, crossed by the fewest lines; ``None`` if there are no two columns."""
    best: tuple[float, float] | None = None
    for place in sorted({line.x0 - 1 for line in lines}):
        left = [line for line in lines if line.x1 <= place]
        right = [line for line in lines if line.x0 > place]
        if len(left) + len(right) > 0.5 * len(lines) and _is_column(left) and _is_column(right):
            crossing = len(lines) - len(left) - len(right)
            best = min(best or (crossing, place), (crossing, place))
    return None if best is None else best[1]


def _is_column(lines: Sequence[PictureLine]) -> bool:
    if len(lines) < FEWEST_LINES:
        return False
    return statistics.median(line.x1 - line.x0 for line in lines) >= NARROWEST_COLUMN * _height(lines)


def _rows(lines: Sequence[PictureLine]) -> list[Row]:
    rows: list[Row] = []
    for line in sorted(lines, key=lambda line: line.y0 + line.y1):
        last = rows[-1][0] if rows else None
        if last is not None and abs(last.y0 + last.y1 - line.y0 - line.y1) / 2 < SAME_ROW * min(last.y1 - last.y0, line.y1 - line.y0):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_joined(sorted(row, key=lambda line: line.x0)) for row in rows]


def _joined(row: Row) -> Row:
    """The row with pieces that stand a word's gap apart made one."""
    joined: Row = []
    for line in row:
        last = joined[-1] if joined else None
        if last is not None and line.x0 - last.x1 < WORD_GAP * (line.y1 - line.y0):
            box = (last.x0, min(last.y0, line.y0), max(last.x1, line.x1), max(last.y1, line.y1))
            joined[-1] = PictureLine(f"{last.text} {line.text}", *box)
        else:
            joined.append(line)
    return joined


def _height(lines: Sequence[PictureLine]) -> float:
    return statistics.median(line.y1 - line.y0 for line in lines)
