"""The shapes of one slide in reading order: texts, bullets with their numbers, tables, groups, diagrams."""

from collections.abc import Iterable, Iterator
from typing import Any

from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.shapes.base import BaseShape
from pptx.slide import Slide

from ingest.parse.docx_numbering import format_number
from ingest.parse.draft import DraftBuilder, clean_characters
from ingest.parse.faq import add_rows, is_faq_header
from ingest.parse.html import unwrap_breaks
from ingest.parse.table import row_texts
from ingest.parse.text import BULLET

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
FURNITURE = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER)
BULLETED = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT)
ROW_HEIGHT = 228_600  # a quarter of an inch in EMU: shapes whose tops are closer stand side by side
LEAST_PICTURE = 0.15  # of the slide's area: smaller pictures are logos and icons
MOST_LEVELS = 9
SCHEMES = {"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman", "romanUc": "upperRoman"}
HAN_SCHEMES = ("ea1ChsPeriod", "ea1ChtPeriod", "ea1ChsPlain", "ea1ChtPlain", "ea1JpnChsDbPeriod", "ea1JpnKorPlain", "ea1JpnKorPeriod")


class SlideReader:
    """Adds the blocks of one slide of ``area`` (in square EMU) to a builder. ``unread`` names the kinds of shapes passed over."""

    def __init__(self, builder: DraftBuilder, slide: Slide, number: int, area: int) -> None:
        self.unread: set[str] = set()
        self._builder, self._slide, self._number = builder, slide, number
        self._least_area = LEAST_PICTURE * area
        title = slide.shapes.title
        self._title = None if title is None else title.shape_id

    def read(self) -> None:
        """Adds everything but the title."""
        self._add_shapes(self._slide.shapes)

    def _add_shapes(self, shapes: Iterable[BaseShape]) -> None:
        for shape in reading_order(shapes):
            if shape.shape_id == self._title or _is_furniture(shape):
                continue
            if _is_hidden(shape):
                self.unread.add("hidden shapes")
            elif shape.shape_type == MSO_SHAPE_TYPE.GROUP:
                self._add_shapes(shape.shapes)  # type: ignore[attr-defined]
            else:
                self._add_shape(shape)

    def _add_shape(self, shape: Any) -> None:  # noqa: ANN401 the members depend on the kind
        if shape.has_text_frame:
            self._add_text(shape)
        elif getattr(shape, "has_table", False) and shape.has_table:
            self._add_table(shape.table)
        elif getattr(shape, "has_chart", False) and shape.has_chart:
            self.unread.add("charts")
        elif (diagram := shape.element.find(f".//{{{DIAGRAM}}}relIds")) is not None:
            self._add_diagram(diagram)
        elif (shape.width or 0) * (shape.height or 0) >= self._least_area:
            self.unread.add("large pictures")

    def _add_text(self, shape: Any) -> None:  # noqa: ANN401
        paragraphs = [item for item in shape.text_frame.paragraphs if item.text.strip()]
        bulleted = len(paragraphs) > 1 and shape.is_placeholder and shape.placeholder_format.type in BULLETED
        counts = [0] * MOST_LEVELS
        for paragraph in paragraphs:
            text = clean_text(paragraph.text)
            properties = paragraph._p.pPr
            level = min(paragraph.level, MOST_LEVELS - 1)
            counts[level + 1 :] = [0] * (MOST_LEVELS - level - 1)
            automatic = properties.find(A + "buAutoNum") if properties is not None else None
            counts[level] = 0 if automatic is None else (counts[level] or _start(automatic) - 1) + 1
            if automatic is not None:
                self._builder.block("list_item", f"{_number(automatic, counts[level])} {text}".lstrip(), self._number)
            elif _has_bullet(properties, bulleted):
                self._builder.block("list_item", text, self._number)
            else:
                self._add_plain(text)

    def _add_plain(self, text: str) -> None:
        bullet = BULLET.match(text)
        kept = text if bullet is None or bullet.group("number") else text[bullet.end() :]
        self._builder.block("paragraph" if bullet is None else "list_item", kept, self._number)

    def _add_table(self, table: Any) -> None:  # noqa: ANN401
        rows: list[list[str]] = []
        for row in table.rows:
            texts: list[str] = []
            for column, cell in enumerate(row.cells):
                if cell.is_spanned:  # by a cell above (its text holds here too) or to the left
                    above = cell._tc.get("vMerge") in ("1", "true") and cell._tc.get("hMerge") not in ("1", "true")
                    texts.append(rows[-1][column] if above and rows else "")
                else:
                    texts.append(clean_text(cell.text_frame.text))
            rows.append(texts)
        if rows and is_faq_header(text.casefold() for text in rows[0]):
            add_rows(self._builder, rows, f"slide {self._number}, ")
            return
        for text in row_texts(rows, True if table.first_row else None):
            self._builder.block("table_row", text, self._number)

    def _add_diagram(self, diagram: Any) -> None:  # noqa: ANN401
        """The texts of a SmartArt diagram, which stand in a part of their own."""
        part = self._slide.part.related_part(diagram.get(RELATION + "dm"))
        root = parse_xml(part.blob)
        for point in root.iter(f"{{{DIAGRAM}}}pt"):
            text = "".join(str(item.text or "") for item in point.iter(A + "t"))
            self._builder.block("list_item", clean_text(text), self._number)


def reading_order(shapes: Iterable[BaseShape]) -> Iterator[BaseShape]:
    """The shapes from top to bottom, those side by side from left to right; those without a place as they were drawn."""
    placed = list(shapes)
    tops = sorted({shape.top or 0 for shape in placed})
    rows: dict[int, int] = {}
    for top in tops:
        first = max(rows.values(), default=top)
        rows[top] = first if top - first < ROW_HEIGHT else top
    yield from sorted(placed, key=lambda shape: (rows[shape.top or 0], shape.left or 0))


def clean_text(text: str) -> str:
    """The text of a shape; its breaks (vertical tabs) as line breaks."""
    return unwrap_breaks(clean_characters(text.replace("\v", "\n")))


def _is_furniture(shape: BaseShape) -> bool:
    return shape.is_placeholder and shape.placeholder_format.type in FURNITURE


def _is_hidden(shape: BaseShape) -> bool:
    return any(item.get("hidden") in ("1", "true") for item in shape.element.xpath("./*/p:cNvPr"))


def _has_bullet(properties: Any, inherited: bool) -> bool:  # noqa: ANN401
    if properties is None:
        return inherited
    if properties.find(A + "buNone") is not None:
        return False
    return inherited or properties.find(A + "buChar") is not None or properties.find(A + "buBlip") is not None


def _start(automatic: Any) -> int:  # noqa: ANN401
    text = automatic.get("startAt", "1")
    return int(text) if text.isdigit() and len(text) < 6 else 1


def _number(automatic: Any, count: int) -> str:  # noqa: ANN401
    """The marker of an item that PowerPoint numbers by itself: "2.", "(b)"."""
    scheme = automatic.get("type", "arabicPeriod")
    form = next((form for name, form in SCHEMES.items() if scheme.startswith(name)), None)
    if scheme in HAN_SCHEMES:
        form = "chineseCounting"
    if scheme.startswith("circleNum"):
        form = "decimalEnclosedCircle"
    number = None if form is None else format_number(count, form)
    if number is None:
        return ""
    if scheme.endswith("ParenBoth"):
        return f"({number})"
    return number + (")" if scheme.endswith("ParenR") else "." if scheme.endswith("Period") else "")
