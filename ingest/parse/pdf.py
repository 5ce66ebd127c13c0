"""PDF: text with pages and boxes, headings, steps, and ruled tables row by row."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pypdf import PdfReader

from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed, clean_characters
from ingest.parse.limits import Limits
from ingest.parse.pdf_furniture import drop_furniture
from ingest.parse.pdf_heading import HeadingJudge, read_outline
from ingest.parse.pdf_ocr import recognise_pages
from ingest.parse.pdf_page import PAGE_ERRORS, Line, PageLines
from ingest.parse.pdf_paragraph import Style, body_style, join_lines, split_paragraphs
from ingest.parse.pdf_reading import ReadPages, describe, name_flaws, read_pages
from ingest.parse.pdf_recognised import RecognisedPage
from ingest.parse.pdf_table import PageTable, find_tables
from ingest.parse.pdf_table_text import TableReader
from ingest.parse.scan import ScanError
from ingest.parse.wrap import hyphenated_words
from kb.document import LineBox
from kb.errors import ParseError

MEDIA_TYPE = "application/pdf"
_USELESS_TITLE = re.compile(
    r"untitled|unbenannt|\(?anonymous\)?|microsoft word.*|.*\.(?:docx?|pdf|indd|tex|odt|pptx?|xlsx?|rtf|html?|dvi|qxd|fm)|\S*[_\d]\S*", re.I
)


def parse_pdf(file: FileInput, limits: Limits) -> Parsed:
    """One draft. Raises ParseError if the file is damaged or needs a password, ScanError if it holds nothing but pictures of text.

    With ``limits.ocr`` = ``auto``, which needs the extra ``ocr``, pages without usable text are read from their pictures.
    """
    reader = open_pdf(file.content, limits)
    read = read_pages(reader, limits)
    pages, notes = read.pages, [*name_flaws(read.flaws), *read.notes]
    recognised: Mapping[int, RecognisedPage] = {}
    late: tuple[int, ...] = ()
    if read.flaws and limits.ocr == "auto":
        recognition = recognise_pages(file.content, read.flawed(), limits)
        recognised, late = recognition.pages, recognition.late
        notes += recognition.notes
        pages = tuple(recognised[page.number].page if page.number in recognised else page for page in pages)
    if not any(page.lines for page in pages):
        raise _no_text(read, limits, notes)
    tables, table_notes = find_tables(file.content, pages)
    tables |= {number: list(page.tables) for number, page in recognised.items() if page.tables}
    body = drop_furniture(pages)
    builder, boxes = DraftBuilder(), list[LineBox]()
    _lay_out(builder, boxes, body, tables, reader)
    if not builder.blocks:
        raise ParseError("the PDF holds no text")
    title = _info_title(reader) or _largest_heading(builder, body)
    draft = Draft(builder.text, builder.blocks, MEDIA_TYPE, title=title, lines=tuple(boxes), pages=len(reader.pages))
    unread = () if limits.ocr == "auto" else tuple(sorted(read.flaws))
    return Parsed((replace(draft, notes=(*notes, *table_notes), unread_pages=unread, late_pages=late),))


def open_pdf(content: bytes, limits: Limits) -> PdfReader:
    """A reader of ``content``. A file encrypted with the empty password is opened. Raises ParseError."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ParseError("the file is encrypted and needs a password; save it without one")
        count = len(reader.pages)
    except PAGE_ERRORS as error:
        raise ParseError(f"the PDF is damaged ({describe(error)}); open it and save it again") from error
    if count == 0:
        raise ParseError("the PDF has no pages")
    if count > limits.pages:
        raise ParseError(f"the PDF has {count:,} pages, more than the {limits.pages:,} allowed; split it")
    return reader


def _no_text(read: ReadPages, limits: Limits, notes: Sequence[str]) -> ParseError:
    """The error for a PDF without a line of text."""
    if not read.pages:
        return ParseError(f"no page of the PDF could be read: {read.notes[0]}")
    if limits.ocr == "auto" and read.flaws:
        return ParseError(f"the PDF has no text layer that can be used, and OCR read nothing: {'; '.join(notes)}")
    if read.flaws:
        return ScanError(f"the PDF has no text layer that can be used (scanned?): {'; '.join(notes)}")
    return ParseError(f"the PDF holds no text{': ' if notes else ''}{'; '.join(notes)}")


def _lay_out(
    builder: DraftBuilder, boxes: list[LineBox], pages: Sequence[PageLines], tables: dict[int, list[PageTable]], reader: PdfReader
) -> None:
    """Adds headings, paragraphs, list items and table rows in reading order, and the boxes of their lines."""
    outside = [line for page in pages for line in page.lines if _table_of(line, tables) is None]
    style = body_style(outside) if outside else Style(10.0, 1.2, False)
    runs = list(_runs(pages, tables))
    paragraphs = {number: split_paragraphs(run, style) for number, run in enumerate(runs) if not isinstance(run, PageTable)}
    judge = HeadingJudge([paragraph for group in paragraphs.values() for paragraph in group], style, read_outline(reader))
    hyphenated = hyphenated_words(line.text for line in outside)
    table_reader = TableReader()
    for number, run in enumerate(runs):
        if isinstance(run, PageTable):
            for text, row in table_reader.read(run, follows=number > 0 and isinstance(runs[number - 1], PageTable)):
                start = builder.block("table_row", text, run.page)
                if start is not None:
                    boxes.append(LineBox(run.page, start, start + len(text), row.x0, row.y0, row.x1, row.y1))
            continue
        for paragraph in paragraphs[number]:
            text, spans = join_lines(paragraph, hyphenated)
            level = judge.level(paragraph)
            if level is not None:
                start = builder.heading(level, text, paragraph.page)
            else:
                start = builder.block("list_item" if paragraph.bullet else "paragraph", text, paragraph.page)
            if start is not None:
                boxes += [
                    LineBox(line.page, start + a, start + b, line.x0, round(line.y0, 1), line.x1, round(line.y1, 1)) for line, a, b in spans
                ]


def _runs(pages: Sequence[PageLines], tables: dict[int, list[PageTable]]) -> Iterator[list[Line] | PageTable]:
    """Stretches of lines, and tables where they interrupt them; a table stands where its first line stood."""
    run: list[Line] = []
    for page in pages:
        pending = list(tables.get(page.number, ()))
        for line in page.lines:
            table = _table_of(line, tables)
            above = [other for other in pending if other is table or (table is None and other.y0 > line.y1 and _overlaps(other, line))]
            for other in above:
                if run:
                    yield run
                run = []
                yield other
                pending.remove(other)
            if table is None:
                run.append(line)
        if pending:
            if run:
                yield run
            run = []
            yield from pending
    if run:
        yield run


def _table_of(line: Line, tables: dict[int, list[PageTable]]) -> PageTable | None:
    middle = line.baseline + 0.3 * line.size
    left, right = min(line.x0 + line.size * 0.3, line.x1), line.x0 + min(line.x1 - line.x0, line.size)
    return next((table for table in tables.get(line.page, ()) if table.holds(left, middle) or table.holds(right, middle)), None)


def _overlaps(table: PageTable, line: Line) -> bool:
    return line.x0 < table.x1 and line.x1 > table.x0


def _info_title(reader: PdfReader) -> str | None:
    """The title from the document's properties, unless it is a file name or a program's default."""
    try:
        title = reader.metadata.title if reader.metadata else None
    except PAGE_ERRORS:
        return None
    text = " ".join(clean_characters(str(title or "")).split())
    return text if 3 <= len(text) <= 200 and not _USELESS_TITLE.fullmatch(text) else None


def _largest_heading(builder: DraftBuilder, pages: Sequence[PageLines]) -> str | None:
    """The first heading of the highest rank, on the first pages."""
    headings = [block for block in builder.blocks if block.kind == "heading" and (block.page or 0) <= 2]
    if not headings:
        return None
    top = min(headings, key=lambda block: (len(block.heading_path), block.start))
    return builder.text[top.start : top.end]
