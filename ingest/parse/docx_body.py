"""The body of a Word file, block by block."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.parse.docx_numbering import Marker, Numbering, W, value
from ingest.parse.docx_styles import TITLE_LEVEL, Style, StyleSheet
from ingest.parse.docx_table import is_continued, read_grid, row_cells, table_rows
from ingest.parse.docx_text import COMPATIBILITY, InlineReader, InlineText, choice
from ingest.parse.draft import DraftBuilder
from ingest.parse.faq import add_rows, is_faq_header
from ingest.parse.limits import Limits
from ingest.parse.table import row_texts
from ingest.parse.text import BULLET
from ingest.parse.wrap import separator
from kb.errors import ParseError

WRAPPERS = frozenset(f"{W}{name}" for name in "ins moveTo customXml sdtContent smartTag".split())
LONGEST_HEADING = 60  # characters of a bold line that stands for a heading
NO_HEADING_ENDS = ".!?;,:。！？；，：…"
SHORTEST_LINE = 40  # characters of a line that may have been broken by a program that turned pages into paragraphs
MOST_SIZES = 4  # ranks told apart by the size of bold lines


class BodyReader:
    """Adds the blocks of one document to a builder. ``pictures`` counts those that were passed over."""

    def __init__(
        self, builder: DraftBuilder, styles: StyleSheet, numbering: Numbering, notes: Mapping[tuple[str, str], Any], limits: Limits
    ) -> None:
        self.pictures = 0
        self._builder, self._styles, self._numbering, self._notes, self._limits = builder, styles, numbering, notes, limits
        self._inline = InlineReader(styles)
        self._bold_sizes: list[int] = []
        self._waiting: list[InlineText] = []
        self._has_hidden = False
        self._embedded = 0
        self._remarks: list[str] = []
        self._characters = 0
        self._line = ""  # a paragraph that may go on in the next one

    def read(self, body: Any) -> None:  # noqa: ANN401 an element of lxml, which ships no types
        """Adds everything in ``body``. Raises ParseError if it is too much."""
        if not any((self._styles.heading_level(item) or 0) > TITLE_LEVEL for item in body.iter(W + "p")):
            self._bold_sizes = self._sizes_of_bold_lines(body)
        self._add_children(body)
        self._end_line()

    def report(self) -> Iterator[str]:
        """Notes about what was left out."""
        yield from self._remarks
        if self._has_hidden:
            yield "hidden text was left out"
        if self._embedded:
            yield f"{self._embedded} embedded files were left out; save each as a file of its own"

    def _add_children(self, parent: Any) -> None:  # noqa: ANN401
        for child in parent.iterchildren("*"):
            if child.tag == W + "p":
                self._add_paragraph(child)
                self._add_beside()
            elif child.tag == W + "tbl":
                self._add_table(child)
            elif child.tag == W + "sdt":
                if not _is_contents(child):
                    self._add_children(child)
            elif child.tag in WRAPPERS:
                self._add_children(child)
            elif child.tag == COMPATIBILITY + "AlternateContent":
                self._add_children(choice(child))
            elif child.tag == W + "altChunk":
                self._embedded += 1

    def _add_paragraph(self, paragraph: Any) -> None:  # noqa: ANN401
        style = self._style(paragraph)
        if style.is_contents:
            return
        inline = self._read_inline(paragraph)
        level = self._styles.heading_level(paragraph)
        numbered = self._numbered(paragraph, style) if inline.text else None
        is_bold_line = self._is_bold_line(paragraph, inline)
        if self._line and (level is not None or numbered is not None or is_bold_line or not _goes_on(self._line, inline.text)):
            self._end_line()
        if level is not None and inline.text:
            self._builder.heading(level, _with_name(numbered, inline.text))
        elif numbered is not None:
            self._builder.block("list_item", numbered.before(inline.text))
        elif is_bold_line:
            self._builder.heading(1 + self._bold_sizes.index(inline.size), inline.text)
        else:
            self._add_plain(inline.text)

    def _add_plain(self, text: str) -> None:
        bullet = BULLET.match(text)
        if bullet is None:
            self._line += (separator(self._line, text) if self._line else "") + text
        else:
            self._end_line()
            self._builder.block("list_item", text if bullet.group("number") else text[bullet.end() :])

    def _end_line(self) -> None:
        self._builder.block("paragraph", self._line)
        self._line = ""

    def _read_inline(self, paragraph: Any) -> InlineText:  # noqa: ANN401
        inline = self._inline.read(paragraph)
        self._waiting.append(inline)
        self.pictures += inline.pictures
        self._has_hidden = self._has_hidden or inline.has_hidden
        self._characters += len(inline.text)
        if self._characters > self._limits.largest_text:
            raise ParseError(f"the file holds more than {self._limits.largest_text:,} characters; split it")
        return inline

    def _add_beside(self) -> None:
        """What stands beside the paragraphs just read: their text boxes and notes, as blocks below them."""
        if any(inline.boxes or inline.notes for inline in self._waiting):
            self._end_line()
        while self._waiting:
            inline = self._waiting.pop(0)
            for box in inline.boxes:
                self._add_children(box)
                self._end_line()
            for key in inline.notes:
                if key in self._notes:
                    self._add_children(self._notes[key])
                    self._end_line()

    def _style(self, paragraph: Any) -> Style:  # noqa: ANN401
        properties = paragraph.find(W + "pPr")
        return self._styles.style(None if properties is None else value(properties, "pStyle"))

    def _numbered(self, paragraph: Any, style: Style) -> Marker | None:  # noqa: ANN401
        """The paragraph's place in a list, by itself or by its style; ``None`` if it stands in none."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        number = value(own, "numId") if own is not None else None
        level = value(own, "ilvl") if own is not None else None
        if number is None:
            number = style.number
        if number is None or number == "0":
            return None
        if level is not None:
            index = int(level) if level.isdigit() else 0
        elif style.list_level is not None:
            index = style.list_level
        else:
            index = self._numbering.level_of_style(number, style.list_style)
        return self._numbering.marker(number, index)

    def _add_table(self, table: Any) -> None:  # noqa: ANN401
        self._end_line()
        if self._is_layout(table):
            for row in table_rows(table):
                for cell in row_cells(row):
                    if not is_continued(cell):
                        self._add_children(cell)
                        self._end_line()
            return
        grid = read_grid(table, self._styles, self._cell_text)
        if grid.rows and is_faq_header(cell.strip().casefold() for cell in grid.rows[0]):
            self._remarks += add_rows(self._builder, grid.rows, "a table, ")
        else:
            for text in row_texts(grid.rows, grid.has_header):
                self._builder.block("table_row", text)
        self._add_beside()

    def _is_layout(self, table: Any) -> bool:  # noqa: ANN401
        """Whether a table only arranges the page: one column, or headings or tables inside."""
        if table.find(f".//{W}tc//{W}tbl") is not None:
            return True
        if max((sum(1 for _ in row_cells(row)) for row in table_rows(table)), default=0) <= 1:
            return True
        return any(self._styles.heading_level(item) is not None for item in table.iter(W + "p"))

    def _cell_text(self, cell: Any) -> str:  # noqa: ANN401
        lines = []
        for paragraph in cell.iter(W + "p"):
            if any(True for _ in paragraph.iterancestors(f"{W}txbxContent", f"{COMPATIBILITY}Fallback")):
                continue
            inline = self._read_inline(paragraph)
            numbered = self._numbered(paragraph, self._style(paragraph)) if inline.text else None
            lines.append(inline.text if numbered is None else numbered.before(inline.text))
        return "\n".join(line for line in lines if line)

    def _sizes_of_bold_lines(self, body: Any) -> list[int]:  # noqa: ANN401
        """In a document without heading styles: the sizes of the bold lines that stand for headings, largest first."""
        lines = [self._inline.read(item) for item in body.iterchildren(W + "p")]
        bold = [inline for inline in lines if _is_short_and_bold(inline)]
        sizes = sorted({inline.size for inline in bold}, reverse=True)
        return sizes if len(sizes) <= MOST_SIZES and 2 * len(bold) <= sum(bool(inline.text) for inline in lines) else []

    def _is_bold_line(self, paragraph: Any, inline: InlineText) -> bool:  # noqa: ANN401
        return inline.size in self._bold_sizes and _is_short_and_bold(inline) and paragraph.getparent().tag == W + "body"


def _is_short_and_bold(inline: InlineText) -> bool:
    text = inline.text
    return inline.is_bold and 1 < len(text) <= LONGEST_HEADING and "\n" not in text and text[-1] not in NO_HEADING_ENDS


def _goes_on(line: str, text: str) -> bool:
    """Whether ``text`` goes on with the sentence of the paragraph before: files made from PDFs have a paragraph for every line."""
    return len(line) >= SHORTEST_LINE and line[-1] not in NO_HEADING_ENDS and text[:1].islower() and BULLET.match(text) is None


def _with_name(numbered: Marker | None, text: str) -> str:
    """A heading, behind its number if that is a name (第三条, Section 4).

    Bare numbers are left out: they change when a section is put in above, and with them the ids of all passages below.
    """
    return numbered.before(text) if numbered is not None and numbered.is_name else text


def _is_contents(item: Any) -> bool:  # noqa: ANN401
    """Whether a content control is a table of contents."""
    gallery = item.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and "content" in str(gallery.get(W + "val", "")).casefold()
