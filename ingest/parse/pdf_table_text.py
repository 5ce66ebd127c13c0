"""Rows of PDF tables to texts; a table that goes on over the page break keeps its header."""

from collections.abc import Iterator

from ingest.parse.pdf_table import PageTable, TableRow, goes_on
from ingest.parse.table import clean_cell, labelled_row, looks_like_header, row_texts


class TableReader:
    """Reads the tables of one document in order, remembering the last header."""

    def __init__(self) -> None:
        self._header: tuple[str, ...] | None = None
        self._last: PageTable | None = None
        self._key = ""  # the first cell of the last row: a row that goes on over the page break has none of its own

    def read(self, table: PageTable, follows: bool = False) -> Iterator[tuple[str, TableRow]]:
        """The table's rows: text and where it stands. ``follows`` says that nothing stands between it and the table before it."""
        rows, cells = _with_one_header(table)
        continued = follows and self._last is not None and goes_on(self._last, table)
        first = cells[0]
        key = self._key if continued else ""
        if continued and self._header is not None and first == self._header:
            start, header = 1, self._header
        elif continued and self._header is not None and not table.bold_header:
            start, header = 0, self._header
        elif table.bold_header or table.header_rows > 1 or looks_like_header(cells):
            start, header = 1, first
        else:
            start, header = 0, ()
        self._header, self._last = header or None, table
        for row, values in list(zip(rows, cells, strict=True))[start:]:
            self._key = key = values[0] or key
            filled = (key, *values[1:]) if not values[0] and key and any(values[1:]) else values
            text = self._row_text(header, filled)
            if text:
                yield text, row

    @staticmethod
    def _row_text(header: tuple[str, ...], values: tuple[str, ...]) -> str:
        texts = row_texts([header, values], has_header=True) if header else row_texts([values], has_header=False)
        return texts[0] if texts else labelled_row(values, values)


def _with_one_header(table: PageTable) -> tuple[list[TableRow], list[tuple[str, ...]]]:
    """The table's rows and their cleaned cells, with a header of two rows made one ("Size Width")."""
    cells = [tuple(clean_cell(cell) for cell in row.cells) for row in table.rows]
    if table.header_rows < 2 or len(cells) < 3:
        return list(table.rows), cells
    merged = tuple(above if above == below else f"{above} {below}".strip() for above, below in zip(cells[0], cells[1], strict=True))
    return [table.rows[0], *table.rows[2:]], [merged, *cells[2:]]
