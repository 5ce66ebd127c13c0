"""Tables with ruling lines on PDF pages, by pdfplumber."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.table import Table

from ingest.parse.pdf_page import PAGE_ERRORS, PageLines
from ingest.parse.pdf_table_spans import fill_spans

SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}
SAME_EDGE = 3.0  # points
TABLE_ERRORS = (*PAGE_ERRORS, PDFException, PSException)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its cells, and its box in PDF points from the lower left."""

    cells: tuple[str, ...]
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PageTable:
    """One table on one page. ``bold_header`` says that the first row is bold and the next is not.

    The first ``header_rows`` rows name the columns together if they are two: a name above several names. A cell that reaches over
    several rows stands in each of them; one that reaches over several columns stands in the first, and in a header of two rows in all.
    """

    page: int
    rows: tuple[TableRow, ...]
    bold_header: bool
    x0: float
    y0: float
    x1: float
    y1: float
    header_rows: int = 1

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside the table."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


def find_tables(content: bytes, pages: Sequence[PageLines]) -> tuple[dict[int, list[PageTable]], list[str]]:
    """The tables by page number, from the top down, and notes about pages whose tables could not be read."""
    candidates = _candidates(pages)
    tables: dict[int, list[PageTable]] = {}
    notes: list[str] = []
    if not candidates:
        return tables, notes
    try:
        with pdfplumber.open(io.BytesIO(content), pages=candidates) as pdf:
            for page in pdf.pages:
                _read_page_tables(page, tables, notes)
    except TABLE_ERRORS as error:
        notes.append(f"tables could not be read ({type(error).__name__}); their text stands as paragraphs")
    return tables, notes


def _candidates(pages: Sequence[PageLines]) -> list[int]:
    """The pages to look at: those with a grid, and those where the last row of a table above may stand in a frame."""
    found: list[int] = []
    for page in pages:
        if page.lines and (page.has_grid or (page.has_frame and found and found[-1] == page.number - 1)):
            found.append(page.number)
    return found


def _is_bold_name(font: str) -> bool:
    return any(word in font.casefold() for word in ("bold", "black", "heavy"))


def _read_page_tables(page: Page, tables: dict[int, list[PageTable]], notes: list[str]) -> None:
    try:
        found = [] if page.rotation else [table for raw in page.find_tables(SETTINGS) if (table := _convert(page, raw)) is not None]
    except TABLE_ERRORS as error:
        notes.append(f"page {page.page_number}: tables could not be read ({type(error).__name__}); their text stands as paragraphs")
        return
    finally:
        page.flush_cache()
        page.get_textmap.cache_clear()
    above = tables.get(page.page_number - 1, [])
    found.sort(key=lambda table: -table.y1)
    kept = [table for place, table in enumerate(found) if len(table.rows) > 1 or (place == 0 and above and goes_on(above[-1], table))]
    if kept:
        tables[page.page_number] = kept


def goes_on(above: PageTable, table: PageTable) -> bool:
    """Whether ``table`` has the columns of the one ``above`` it, on the page before."""
    same_place = abs(above.x0 - table.x0) < SAME_EDGE and abs(above.x1 - table.x1) < SAME_EDGE
    return above.page + 1 == table.page and len(above.rows[0].cells) == len(table.rows[0].cells) and same_place


def _convert(page: Page, raw: Table) -> PageTable | None:
    """A table of two columns or more with text in most cells; a frame around a paragraph is none."""
    cells, header_rows = fill_spans(raw)
    filled = sum(bool(cell.strip()) for row in cells for cell in row)
    columns = max((sum(bool(cell.strip()) for cell in row) for row in cells), default=0)
    if not cells or columns < 2 or filled < 0.4 * sum(map(len, cells)):
        return None
    boxes = [_flip(page, row.bbox) for row in raw.rows]
    rows = tuple(TableRow(tuple(row), *box) for row, box in zip(cells, boxes, strict=True))
    bold = [_is_bold(page, row.bbox) for row in raw.rows[:2]]
    return PageTable(page.page_number, rows, bold == [True, False], *_flip(page, raw.bbox), header_rows=header_rows)


def _flip(page: Page, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """pdfplumber measures from the top of the page; PDF from the bottom."""
    x0, top, x1, bottom = box
    upper = float(page.height) + float(page.mediabox[1])
    return round(x0, 1), round(upper - bottom, 1), round(x1, 1), round(upper - top, 1)


def _is_bold(page: Page, box: tuple[float, float, float, float]) -> bool:
    x0, top, x1, bottom = box
    fonts = [
        char["fontname"]
        for char in page.chars
        if char["text"].strip() and x0 <= (char["x0"] + char["x1"]) / 2 <= x1 and top <= (char["top"] + char["bottom"]) / 2 <= bottom
    ]
    return bool(fonts) and all(map(_is_bold_name, fonts))
