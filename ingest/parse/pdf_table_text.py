"""Rows of PDF tables to texts; a table that goes on over the page break keeps its header."""

from collections.abc import Iterator

from ingest.parse.pdf_table import PageTable, TableRow
from ingest.parse.table import clean_cell, labelled_row, looks_like_header, row_texts


class TableReader:
    """Reads the tables of one document in order, remembering the last header."""

    def __init__(self) -> None:
        self._header: tuple[str, ...] | None = None
        self._last: PageTable | None = None

    def read(self, table: PageTable) -> Iterator[tuple[str, TableRow]]:
        """The table's rows: text and where it stands."""
        cells = [tuple(clean_cell(cell) for cell in row.cells) for row in table.rows]
        continued = self._continues(table)
        first = cells[0]
        if continued and self._header is not None and first == self._header:
            start, header = 1, self._header
        elif continued and self._header is not None and not table.bold_header:
            start, header = 0, self._header
        elif table.bold_header or looks_like_header(cells):
            start, header = 1, first
        else:
            start, header = 0, ()
        self._header, self._last = header or None, table
        key = ""
        for row, values in list(zip(table.rows, cells, strict=True))[start:]:
            key = values[0] or key
            filled = (key, *values[1:]) if not values[0] and key and any(values[1:]) else values
            text = self._row_text(header, filled)
            if text:
                yield text, row

    def _continues(self, table: PageTable) -> bool:
        last = self._last
        return (
            last is not None
            and last.page + 1 == table.page
            and len(last.rows[0].cells) == len(table.rows[0].cells)
            and abs(last.x0 - table.x0) < 3
            and abs(last.x1 - table.x1) < 3
        )

    @staticmethod
    def _row_text(header: tuple[str, ...], values: tuple[str, ...]) -> str:
        texts = row_texts([header, values], has_header=True) if header else row_texts([values], has_header=False)
        return texts[0] if texts else labelled_row(values, values)
