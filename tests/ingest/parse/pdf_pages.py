"""PDF pages for the tests: scans, tables that cross pages, fonts without a character map."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table, TableStyle

Text = tuple[float, float, str, int]
"""Left and baseline in points from the lower left, text, size."""

CHINESE_FONT = "STSong-Light"
SHEET = getSampleStyleSheet()["BodyText"]
GRID = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
BOLD_FIRST = [*GRID, ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")]


def story_pdf(*story: Flowable) -> bytes:
    """A PDF of ``story`` on A4 pages."""
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer, pagesize=A4).build(list(story))
    return buffer.getvalue()


def ruled_table(rows: Sequence[Sequence[object]], commands: Sequence[object] = (), **options: object) -> Table:
    """A table with lines around its cells."""
    return Table([list(row) for row in rows], style=TableStyle([*(commands or GRID)]), **options)


def chinese_cell(text: str) -> Paragraph:
    """A cell of Chinese text that wraps."""
    registerFont(UnicodeCIDFont(CHINESE_FONT))
    return Paragraph(text, ParagraphStyle("zh", parent=SHEET, fontName=CHINESE_FONT, wordWrap="CJK"))


def scanned_page(texts: Sequence[Text], dots_per_inch: int = 130) -> Image.Image:
    """A picture of an A4 page with ``texts``."""
    scale = dots_per_inch / 72
    picture = Image.new("L", (round(A4[0] * scale), round(A4[1] * scale)), 246)
    pen = ImageDraw.Draw(picture)
    for x, y, text, size in texts:
        pen.text((x * scale, (A4[1] - y) * scale), text, fill=30, font=ImageFont.load_default(size * scale), anchor="ls")
    return picture


def scanned_pdf(pages: Sequence[Image.Image | str], stamp: str = "") -> bytes:
    """A PDF of pictures that fill their pages, with a ``stamp`` on each; a ``str`` is a page of text instead."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in pages:
        if isinstance(page, str):
            canvas.drawString(72, 700, page)
        else:
            canvas.drawImage(ImageReader(page), 0, 0, *A4)
            canvas.drawString(500, 20, stamp)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
