"""What was recognised in a page's picture, as lines and tables of the page."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.parse.draft import clean_characters
from ingest.parse.ocr import PictureLine
from ingest.parse.pdf_page import DESCENT, Line, PageLines
from ingest.parse.pdf_picture import PagePicture
from ingest.parse.pdf_rows import Row, rows_in_order
from ingest.parse.pdf_table import PageTable, TableRow

BOX_OVER_SIZE = 1.3  # a recognised box is that much higher than its letters' font size
SAME_SIZE = 0.35  # boxes whose heights differ less are of one font size: their heights follow the letters' ascenders
COVERED = 0.4  # of a column's width: a cell that covers more of it reaches into it
FEWEST_ROWS = 3  # with cells side by side, to be a table


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """A page and the tables on it, both in PDF points."""

    page: PageLines
    tables: tuple[PageTable, ...]


def place_lines(found: Sequence[PictureLine], picture: PagePicture, page: PageLines) -> RecognisedPage:
    """The recognised lines in reading order on their page, and rows of cells among them as tables."""
    rows = rows_in_order([line for line in found if line.text.strip()])
    heights = [line.y1 - line.y0 for row in rows for line in row]
    usual = statistics.median(heights) if heights else 1.0
    tables = [_table(run, picture, page.number) for run in _table_runs(rows)]
    lines = [_line(cell, picture, page.number, usual) for row in rows for cell in row]
    recognised = PageLines(page.number, tuple(line for line in lines if line.text), page.bottom, page.height, False, page.has_pictures)
    return RecognisedPage(recognised, tuple(tables))


def _line(cell: PictureLine, picture: PagePicture, number: int, usual: float) -> Line:
    x0, y1 = picture.place(cell.x0, cell.y0)
    x1, y0 = picture.place(cell.x1, cell.y1)
    height = cell.y1 - cell.y0
    size = (usual if abs(height - usual) <= SAME_SIZE * usual else height) / picture.scale / BOX_OVER_SIZE
    baseline = (y0 + y1) / 2 - (0.5 - DESCENT) * size
    common = round(usual / picture.scale / BOX_OVER_SIZE, 1)
    return Line(number, _clean(cell.text), round(x0, 1), round(x1, 1), round(baseline, 1), round(size, 1), False, common)


def _table_runs(rows: Sequence[Row]) -> list[list[Row]]:
    """Stretches of rows with cells side by side; a row that continues a cell belongs to the one above it."""
    runs: list[list[Row]] = []
    run: list[Row] = []
    for row in rows:
        if len(row) > 1 or (run and row[0].x0 > run[-1][0].x1 and row[0].y0 - run[-1][0].y1 < row[0].y1 - row[0].y0):
            run.append(row)
            continue
        runs.append(run)
        run = []
    runs.append(run)
    return [run for run in runs if sum(len(row) > 1 for row in run) >= FEWEST_ROWS]


def _table(run: Sequence[Row], picture: PagePicture, number: int) -> PageTable:
    columns = _columns(run)
    rows: list[TableRow] = []
    for row in run:
        cells = [""] * len(columns)
        for cell in row:
            for column, text in _share_out(cell, columns):
                cells[column] = f"{cells[column]} {text}".strip()
        box = _box(row, picture)
        if rows and not cells[0] and sum(map(bool, cells)) == 1:
            rows[-1] = _continued(rows[-1], cells, box)
        else:
            rows.append(TableRow(tuple(cells), *box))
    return PageTable(number, tuple(rows), False, *_box([cell for row in run for cell in row], picture))


def _columns(run: Sequence[Row]) -> list[tuple[float, float]]:
    """Where the columns stand, from left to right: as in the middle one of the rows with the most cells."""
    most = max(map(len, run))
    full = [row for row in run if len(row) == most]
    return [(statistics.median(row[place].x0 for row in full), statistics.median(row[place].x1 for row in full)) for place in range(most)]


def _share_out(cell: PictureLine, columns: Sequence[tuple[float, float]]) -> list[tuple[int, str]]:
    """The cell's text by column. What was taken for one cell and reaches over several columns goes word by word to the nearest."""
    reached = [place for place, (x0, x1) in enumerate(columns) if min(x1, cell.x1) - max(x0, cell.x0) > COVERED * (x1 - x0)]
    words = _clean(cell.text).split(" ")
    if len(reached) < 2 or len(words) < 2:
        return [(_nearest((cell.x0 + cell.x1) / 2, reached or range(len(columns)), columns), " ".join(words))]
    shared: list[tuple[int, str]] = []
    width = (cell.x1 - cell.x0) / sum(len(word) + 1 for word in words)
    left = cell.x0
    for word in words:
        shared.append((_nearest(left + width * len(word) / 2, reached, columns), word))
        left += width * (len(word) + 1)
    return shared


def _nearest(x: float, places: Sequence[int], columns: Sequence[tuple[float, float]]) -> int:
    """The column, of those at ``places``, whose edges are nearest to ``x``."""
    return min(places, key=lambda place: max(columns[place][0] - x, x - columns[place][1], 0.0))


def _continued(row: TableRow, cells: Sequence[str], box: tuple[float, float, float, float]) -> TableRow:
    joined = tuple(" ".join(filter(None, pair)) for pair in zip(row.cells, cells, strict=True))
    return TableRow(joined, min(row.x0, box[0]), min(row.y0, box[1]), max(row.x1, box[2]), max(row.y1, box[3]))


def _box(cells: Row, picture: PagePicture) -> tuple[float, float, float, float]:
    x0, y1 = picture.place(min(cell.x0 for cell in cells), min(cell.y0 for cell in cells))
    x1, y0 = picture.place(max(cell.x1 for cell in cells), max(cell.y1 for cell in cells))
    return round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1)


def _clean(text: str) -> str:
    return " ".join(clean_characters(text).split())
