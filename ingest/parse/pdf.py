"""PDF: text with pages and boxes, headings, steps, and ruled tables row by row."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed, clean_characters
from ingest.parse.limits import Limits
from ingest.parse.pdf_furniture import drop_furniture
from ingest.parse.pdf_heading import HeadingJudge, read_outline
from ingest.parse.pdf_hidden import seen_text, unseen_note
from ingest.parse.pdf_page import PAGE_ERRORS, Line, PageLines, read_page
from ingest.parse.pdf_paragraph import Style, body_style, join_lines, split_paragraphs
from ingest.parse.pdf_table import PageTable, find_tables
from ingest.parse.pdf_table_text import TableReader
from ingest.parse.wrap import hyphenated_words
from kb.document import LineBox
from kb.errors import ParseError

MEDIA_TYPE = "application/pdf"
MOST_UNREADABLE = 0.3  # share of characters without meaning from which a page's text layer is useless
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff]|\(cid:\d+\)|/g\d+|/G[0-9A-F]{2}")
_USELESS_TITLE = re.compile(
    r"untitled|unbenannt|\(?anonymous\)?|microsoft word.*|.*\.(?:docx?|pdf|indd|tex|odt|pptx?|xlsx?|rtf|html?|dvi|qxd|fm)|\S*[_\d]\S*", re.I
)


def parse_pdf(file: FileInput, limits: Limits) -> Parsed:
    """One draft. Raises ParseError if the file is damaged, needs a password, or has no text layer."""
    reader = open_pdf(file.content, limits)
    pages, notes = _read_pages(reader, limits)
    if not any(page.lines for page in pages):
        raise ParseError(_no_text_reason(pages, notes))
    tables, table_notes = find_tables(file.content, pages)
    body = drop_furniture(pages)
    builder, boxes = DraftBuilder(), list[LineBox]()
    _lay_out(builder, boxes, body, tables, reader)
    if not builder.blocks:
        raise ParseError("the PDF holds no text")
    title = _info_title(reader) or _largest_heading(builder, body)
    draft = Draft(builder.text, builder.blocks, MEDIA_TYPE, title=title, lines=tuple(boxes), pages=len(reader.pages))
    return Parsed((replace(draft, notes=(*notes, *table_notes)),))


def open_pdf(content: bytes, limits: Limits) -> PdfReader:
    """A reader of ``content``. A file encrypted with the empty password is opened. Raises ParseError."""
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ParseError("the file is encrypted and needs a password; save it without one")
        count = len(reader.pages)
    except PAGE_ERRORS as error:
        raise ParseError(f"the PDF is damaged ({_describe(error)}); open it and save it again") from error
    if count == 0:
        raise ParseError("the PDF has no pages")
    if count > limits.pages:
        raise ParseError(f"the PDF has {count:,} pages, more than the {limits.pages:,} allowed; split it")
    return reader


def _read_pages(reader: PdfReader, limits: Limits) -> tuple[list[PageLines], list[str]]:
    """All pages that can be read, and notes about the others."""
    pages: list[PageLines] = []
    notes: list[str] = []
    characters = 0
    for number in range(1, len(reader.pages) + 1):
        try:
            with seen_text(reader.pages[number - 1]) as unseen:
                page = read_page(reader.pages[number - 1], number)
        except PAGE_ERRORS as error:
            notes.append(f"page {number} could not be read ({_describe(error)})")
            continue
        hidden = unseen_note(number, unseen)
        if hidden is not None:
            notes.append(hidden)
            page = replace(page, has_grid=False)  # tables are read from the file itself, with all that is hidden in them
        page, note = _check_text_layer(page)
        notes += [note] if note else []
        pages.append(page)
        characters += sum(len(line.text) for line in page.lines)
        if characters > limits.largest_text:
            raise ParseError(f"the PDF holds more than {limits.largest_text:,} characters; split it")
    return pages, notes


def _check_text_layer(page: PageLines) -> tuple[PageLines, str | None]:
    """The page, and a note if it has no text or text without meaning (then it is taken away)."""
    if not page.lines:
        return page, f"page {page.number} has no text layer" if page.has_pictures else None
    if _is_garbled(page.lines):
        return replace(page, lines=()), f"page {page.number} has a text layer without meaning (its fonts name no characters)"
    return page, None


def _is_garbled(lines: Sequence[Line]) -> bool:
    text = "".join(line.text for line in lines)
    return sum(map(len, _UNREADABLE.findall(text))) > MOST_UNREADABLE * len(text)


def _no_text_reason(pages: Sequence[PageLines], notes: Sequence[str]) -> str:
    if not pages:
        return f"no page of the PDF could be read: {notes[0]}"
    if any(page.has_pictures for page in pages) or notes:
        return "the PDF has no text layer (scanned pages?); run it through OCR, such as ocrmypdf, and ingest the result"
    return "the PDF holds no text"


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
            for text, row in table_reader.read(run):
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


def _describe(error: BaseException) -> str:
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if isinstance(error, PyPdfError) or not text else f"{type(error).__name__} {text}"
