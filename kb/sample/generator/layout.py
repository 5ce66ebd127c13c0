"""Sets a manual as PDF: title page, contents, chapters, running headers and footers, bookmarks.

The bytes depend on the manual and on the versions of reportlab and Pillow only: pages are left uncompressed (no
dependence on the platform's zlib), dates and identifiers are fixed (reportlab's ``invariant``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, LongTable, NextPageTemplate, PageBreak, PageTemplate, Paragraph, Spacer
from reportlab.platypus.flowables import Image

from kb.sample.generator.manual import Block, Heading, Line, Manual, Ruled, ScannedPage
from kb.sample.generator.scan import draw_scan
from kb.sample.generator.typeface import Typeface, typeface_for

_WIDTH, _HEIGHT = A5
_MARGIN = 42.0
_TEXT_WIDTH = _WIDTH - 2 * _MARGIN
_TEXT_HEIGHT = _HEIGHT - 112.0
_RULE = HexColor("#8a97a3")
_HEAD_FILL = HexColor("#e6ebef")


def render_manual(manual: Manual) -> bytes:
    """The manual as PDF bytes, the same for the same manual. Set twice: the first time finds the page of every heading."""
    pages: dict[str, int] = {}
    _set_pages(manual, pages)
    return _set_pages(manual, pages)


def _set_pages(manual: Manual, pages: dict[str, int]) -> bytes:
    """Sets the manual, with the page numbers of ``pages`` in its contents; then enters the true ones there, by heading key."""
    typeface = typeface_for(manual.language)
    buffer = BytesIO()
    template = BaseDocTemplate(
        buffer,
        pagesize=A5,
        title=f"{manual.name} – {manual.labels[0]} {manual.model}",
        author="Brightnook",
        subject=manual.tagline,
        lang=manual.language,
        invariant=1,
        pageCompression=0,
    )
    template.addPageTemplates(_page_templates(manual, typeface))
    template.afterFlowable = _heading_listener(template, pages)
    template.build([*_title_page(manual, typeface), *_contents(manual, typeface, pages), *_body(manual, typeface)])
    return buffer.getvalue()


def _page_templates(manual: Manual, typeface: Typeface) -> list[PageTemplate]:
    def furnish(canvas: Canvas, document: BaseDocTemplate) -> None:
        _running_lines(canvas, manual, typeface, document.page)

    def frame() -> Frame:
        return Frame(_MARGIN, 52, _TEXT_WIDTH, _TEXT_HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)

    full_page = Frame(0, 0, _WIDTH, _HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    return [
        PageTemplate("title", [frame()]),
        PageTemplate("text", [frame()], onPage=furnish),
        PageTemplate("scan", [full_page]),
    ]


def _running_lines(canvas: Canvas, manual: Manual, typeface: Typeface, page: int) -> None:
    canvas.saveState()
    canvas.setStrokeColor(_RULE)
    canvas.setLineWidth(0.4)
    canvas.line(_MARGIN, _HEIGHT - 44, _WIDTH - _MARGIN, _HEIGHT - 44)
    canvas.setFont(typeface.body, 7)
    canvas.drawString(_MARGIN, _HEIGHT - 40, f"{manual.name} | {manual.model}")
    canvas.drawRightString(_WIDTH - _MARGIN, _HEIGHT - 40, manual.labels[0])
    canvas.drawString(_MARGIN, 30, f"Brightnook | {manual.revision}")
    canvas.drawRightString(_WIDTH - _MARGIN, 30, manual.labels[2].format(page))
    canvas.restoreState()


def _heading_listener(template: BaseDocTemplate, pages: dict[str, int]) -> Callable[[Flowable], None]:
    """Registers every heading as a bookmark, and its page in ``pages``."""

    def after_flowable(flowable: Flowable) -> None:
        entry = getattr(flowable, "heading_entry", None)
        if entry is None:
            return
        level, text, key = entry
        template.canv.bookmarkPage(key)
        template.canv.addOutlineEntry(text, key, level=min(level, 2) - 1, closed=level == 1)
        pages[key] = template.page

    return after_flowable


def _title_page(manual: Manual, typeface: Typeface) -> list[Flowable]:
    return [
        Spacer(1, 120),
        Paragraph("BRIGHTNOOK", typeface.style("brand")),
        Paragraph(typeface.markup(manual.name), typeface.style("title")),
        Paragraph(typeface.markup(manual.tagline), typeface.style("subtitle")),
        Spacer(1, 40),
        Paragraph(typeface.markup(manual.labels[0]), typeface.style("subtitle")),
        Paragraph(typeface.markup(manual.model), typeface.style("subtitle")),
        Spacer(1, 120),
        Paragraph(typeface.markup(manual.revision), typeface.style("paragraph")),
        Paragraph("brightnook.example", typeface.style("paragraph")),
        NextPageTemplate("text"),
        PageBreak(),
    ]


def _contents(manual: Manual, typeface: Typeface, pages: dict[str, int]) -> list[Flowable]:
    lines: list[Flowable] = [Paragraph(typeface.markup(manual.labels[1]), typeface.style("heading1"))]
    numbers = _HeadingNumbers()
    for heading in (block for block in manual.blocks if isinstance(block, Heading)):
        title = numbers.title(heading)
        if heading.level <= 2:
            lines.append(_contents_line(title, numbers.key, pages.get(numbers.key, 0), heading.level, typeface))
    return lines


def _contents_line(title: str, key: str, page: int, level: int, typeface: Typeface) -> Paragraph:
    """Title, leader dots, page: one run of text, linked to the heading."""
    style = typeface.style(f"contents{level}")
    free = _TEXT_WIDTH - style.leftIndent - typeface.width(f"{title}  {page:03d}", style.fontSize)
    dots = "." * int(free / typeface.width(".", style.fontSize))
    return Paragraph(f'<a href="#{key}">{typeface.markup(f"{title} {dots} {page}")}</a>', style)


def _body(manual: Manual, typeface: Typeface) -> list[Flowable]:
    flowables: list[Flowable] = []
    numbers = _HeadingNumbers()
    for block in manual.blocks:
        flowables.extend(_flowables(block, numbers, typeface))
    return flowables


@dataclass(slots=True)
class _HeadingNumbers:
    """Counts chapters and sections: "3", "3.2"; level 3 carries no number. ``key`` names the last heading's bookmark."""

    chapter: int = 0
    section: int = 0
    headings: int = 0

    @property
    def key(self) -> str:
        return f"h{self.headings}"

    def title(self, heading: Heading) -> str:
        """The next heading with its number."""
        self.headings += 1
        if heading.level == 1:
            self.chapter, self.section = self.chapter + 1, 0
            return f"{self.chapter} {heading.text}"
        if heading.level == 2:
            self.section += 1
            return f"{self.chapter}.{self.section} {heading.text}"
        return heading.text


def _flowables(block: Block, numbers: _HeadingNumbers, typeface: Typeface) -> list[Flowable]:
    match block:
        case Heading():
            return _heading(block, numbers, typeface)
        case Line():
            return [_line(block, typeface)]
        case Ruled():
            return [Spacer(1, 4), _table(block, typeface), Spacer(1, 8)]
        case ScannedPage():
            image = Image(BytesIO(draw_scan(block.name)), _WIDTH, _HEIGHT)
            return [NextPageTemplate("scan"), PageBreak(), image, NextPageTemplate("text")]


def _heading(heading: Heading, numbers: _HeadingNumbers, typeface: Typeface) -> list[Flowable]:
    title = numbers.title(heading)
    paragraph = Paragraph(typeface.markup(title), typeface.style(f"heading{heading.level}"))
    paragraph.heading_entry = (heading.level, title, numbers.key)
    return [PageBreak(), paragraph] if heading.level == 1 else [paragraph]


def _line(line: Line, typeface: Typeface) -> Paragraph:
    text = typeface.markup(line.text)
    if line.kind == "step":
        return Paragraph(text, typeface.style("step"), bulletText=f"{line.label}.")
    if line.kind == "bullet":
        return Paragraph(text, typeface.style("step"), bulletText=typeface.bullet)
    if line.kind == "notice":
        return Paragraph(typeface.notice(line.label, text), typeface.style("notice"))
    return Paragraph(text, typeface.style("paragraph"))


def _table(table: Ruled, typeface: Typeface) -> Flowable:
    head, *rows = table.rows
    cells = [
        [Paragraph(typeface.markup(cell), typeface.style("head_cell")) for cell in head],
        *([Paragraph(typeface.markup(cell), typeface.style("cell")) for cell in row] for row in rows),
    ]
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, _RULE),
        ("BACKGROUND", (0, 0), (-1, 0), _HEAD_FILL),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
    return LongTable(cells, colWidths=_column_widths(table.rows, typeface), repeatRows=1, style=style, splitByRow=1)


def _column_widths(rows: Sequence[Sequence[str]], typeface: Typeface) -> list[float]:
    """Each column gets its longest word; what is left is shared by the square root of its amount of text."""
    columns = list(zip(*rows, strict=True))
    least = [max(typeface.word_width(cell) for cell in column) + 10 for column in columns]
    spare = max(0.0, _TEXT_WIDTH - sum(least))
    shares = [max(len(cell) for cell in column) ** 0.5 + (sum(len(cell) for cell in column) / len(rows)) ** 0.5 for column in columns]
    return [width + spare * share / sum(shares) for width, share in zip(least, shares, strict=True)]
