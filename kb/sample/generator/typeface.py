"""Fonts and paragraph styles. Nothing is embedded: Helvetica, and for Chinese the standard CID font STSong-Light."""

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth

_CHINESE_FONT = "STSong-Light"
_INK = HexColor("#1d2b38")
_SIGNAL = HexColor("#b3261e")

# Name of a style: size, leading, space before, space after, left indent, bold.
_METRICS: dict[str, tuple[float, float, float, float, float, bool]] = {
    "brand": (11, 14, 0, 18, 0, True),
    "title": (28, 33, 0, 10, 0, True),
    "subtitle": (13, 18, 0, 2, 0, False),
    "heading1": (18, 22, 0, 10, 0, True),
    "heading2": (13, 16, 10, 4, 0, True),
    "heading3": (10.8, 14, 7, 3, 0, True),
    "paragraph": (9, 12.4, 0, 5, 0, False),
    "step": (9, 12.4, 0, 3, 15, False),
    "notice": (9, 12.4, 4, 6, 10, False),
    "cell": (8, 10.2, 0, 0, 0, False),
    "head_cell": (8, 10.2, 0, 0, 0, True),
    "contents1": (9, 13, 3, 0, 0, False),
    "contents2": (8.4, 11.4, 0, 0, 14, False),
}


@dataclass(frozen=True, slots=True)
class Typeface:
    """The fonts of one language. ``chinese`` wraps lines between any two characters."""

    body: str
    bold: str
    bullet: str
    chinese: bool

    def style(self, name: str) -> ParagraphStyle:
        """The paragraph style called ``name``. Raises KeyError for an unknown one."""
        size, leading, before, after, indent, bold = _METRICS[name]
        return ParagraphStyle(
            name,
            fontName=self.bold if bold else self.body,
            fontSize=size,
            leading=leading,
            spaceBefore=before,
            spaceAfter=after,
            leftIndent=indent,
            textColor=_INK,
            bulletFontName=self.body,
            bulletFontSize=size,
            keepWithNext=int(name.startswith("heading")),
            wordWrap="CJK" if self.chinese else None,
        )

    def markup(self, text: str) -> str:
        """Plain text as reportlab's paragraph markup; in Chinese text, what the CID font's character set lacks is set in Helvetica."""
        if not self.chinese:
            return escape(text)
        return re.sub(r"[²³½]+", r'<font name="Helvetica">\g<0></font>', escape(text))

    def notice(self, word: str, markup: str) -> str:
        """A notice with its signal word set off."""
        colon = "：" if self.chinese else ":"
        return f'<font name="{self.bold}" color="{_SIGNAL.hexval().replace("0x", "#")}">{escape(word)}{colon}</font> {markup}'

    def width(self, text: str, size: float) -> float:
        """The width in points of text set in the body font."""
        return float(stringWidth(text, self.body, size))

    def word_width(self, cell: str) -> float:
        """The width in points that the longest unbreakable piece of a table cell needs."""
        pieces = re.split(r"(?<=[\u2e80-\uffff])|(?=[\u2e80-\uffff])|\s", cell) if self.chinese else cell.split()
        return max((float(stringWidth(piece, self.bold, _METRICS["cell"][0])) for piece in pieces), default=0.0)


def typeface_for(language: str) -> Typeface:
    """The typeface for an ISO 639-1 language."""
    if language != "zh":
        return Typeface("Helvetica", "Helvetica-Bold", "-", chinese=False)
    registerFont(UnicodeCIDFont(_CHINESE_FONT))
    return Typeface(_CHINESE_FONT, _CHINESE_FONT, "-", chinese=True)
