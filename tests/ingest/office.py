"""Office files and messages for the tests: made by the libraries themselves, with raw XML where those cannot write it."""

import io
from collections.abc import Callable

import docx
import pptx
from docx.document import Document
from docx.oxml.parser import parse_xml
from pptx.presentation import Presentation

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LIST = (
    '<w:abstractNum {w} w:abstractNumId="{id}"><w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
    '<w:lvlText w:val="{pattern}"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
    '<w:lvlText w:val="%1%2)"/></w:lvl></w:abstractNum>'
)


def docx_bytes(*fill: Callable[[Document], object]) -> bytes:
    """A DOCX that ``fill`` has written into."""
    document = docx.Document()
    for step in fill:
        step(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def raw(*parts: str) -> Callable[[Document], None]:
    """Puts raw ``w:`` elements at the end of the body."""

    def fill(document: Document) -> None:
        for part in parts:
            document.element.body.insert(len(document.element.body) - 1, parse_xml(part.replace(">", f" {W}>", 1)))

    return fill


def paragraph(text: str, style: str | None = None, properties: str = "", run: str = "") -> str:
    """A ``w:p`` element."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def add_style(identifier: str, name: str, inside: str = "", kind: str = "paragraph") -> Callable[[Document], None]:
    """Defines a style as another program would."""

    def fill(document: Document) -> None:
        xml = f'<w:style {W} w:type="{kind}" w:styleId="{identifier}"><w:name w:val="{name}"/>{inside}</w:style>'
        document.styles.element.append(parse_xml(xml))

    return fill


def add_list(number: int, form: str = "decimal", pattern: str = "%1.", start: int = 1) -> Callable[[Document], None]:
    """Defines the list ``number``; its second level counts in letters."""

    def fill(document: Document) -> None:
        root = document.part.numbering_part.element
        xml = LIST.format(w=W, id=number + 500, start=start, form=form, pattern=pattern)
        root.insert(0, parse_xml(xml))
        root.append(parse_xml(f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{number + 500}"/></w:num>'))

    return fill


def item(number: int, level: int = 0) -> str:
    """The properties of a paragraph in the list ``number``."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def pptx_bytes(*fill: Callable[[Presentation], object]) -> bytes:
    """A PPTX that ``fill`` has written into."""
    deck = pptx.Presentation()
    for step in fill:
        step(deck)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()
