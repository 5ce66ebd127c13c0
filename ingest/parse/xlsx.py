"""XLSX: every visible worksheet, as an FAQ table or a generic one."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed
from ingest.parse.faq import add_rows
from ingest.parse.limits import Limits
from ingest.parse.office import check_office
from kb.errors import ParseError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEETS = "xl/worksheets/"
SHARED_TEXTS = "xl/sharedStrings.xml"
CHUNK = 1 << 18
MOST_EMPTY_ROWS = 1000  # in a row; a sheet formatted down to row 1,048,576 ends here
MOST_COLUMNS = 200


def parse_xlsx(file: FileInput, limits: Limits) -> Parsed:
    """One draft. Raises ParseError if the workbook is damaged, a bomb, or empty."""
    check_office(file.content, limits)
    _count_cells(file.content, limits)
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(file.content), read_only=True, data_only=True, keep_links=False)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError) as error:
        raise ParseError(f"the workbook is damaged or is not XLSX ({error})") from error
    builder, notes = DraftBuilder(), list[str]()
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if len(sheets) < len(workbook.worksheets):
        notes.append(f"{len(workbook.worksheets) - len(sheets)} hidden worksheets were left out")
    for sheet in sheets:
        rows = list(_read_rows(sheet, limits))
        if len(sheets) > 1 and rows:
            builder.heading(1, str(sheet.title))
        notes += add_rows(builder, rows, f"sheet {sheet.title}, ")
    workbook.close()
    if all(block.kind == "heading" for block in builder.blocks):
        raise ParseError("the workbook holds no complete row in a visible sheet")
    return Parsed((Draft(builder.text, builder.blocks, MEDIA_TYPE, notes=tuple(notes)),))


def _count_cells(content: bytes, limits: Limits) -> None:
    """Raises ParseError if the workbook holds more filled cells, or texts for them, than can be read in the time.

    Reading them one by one is slow, counting is not.
    """
    with ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        filled = sum(_count(archive, name, (b"<v>", b"<is>"), limits.cells) for name in names if name.startswith(SHEETS))
        texts = _count(archive, SHARED_TEXTS, (b"<si>", b"<si "), limits.cells) if SHARED_TEXTS in names else 0
    if max(filled, texts) > limits.cells:
        raise ParseError(f"the workbook holds more than {limits.cells:,} filled cells; split it")


def _count(archive: ZipFile, name: str, marks: tuple[bytes, ...], most: int) -> int:
    """How often ``marks`` stand in an entry, counted to just above ``most``."""
    found = 0
    with archive.open(name) as stream:
        while found <= most and (chunk := stream.read(CHUNK)):
            found += sum(map(chunk.count, marks))
    return found


def _read_rows(sheet: ReadOnlyWorksheet, limits: Limits) -> Iterator[list[str]]:
    """The sheet's rows as text, up to the last filled one."""
    sheet.reset_dimensions()
    empty: list[list[str]] = []
    characters = 0
    for values in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        row = [_cell_text(value) for value in values]
        while row and not row[-1].strip():
            row.pop()
        if not any(row):
            empty.append(row)
            if len(empty) > MOST_EMPTY_ROWS:
                return
            continue
        characters += sum(map(len, row))
        if characters > limits.largest_text:
            raise ParseError(f"sheet {sheet.title} holds more than {limits.largest_text:,} characters; split the file")
        yield from empty
        empty.clear()
        yield row


def _cell_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return f"{value:.12g}"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case _:
            return str(value)
