"""DOCX: headings by their styles, lists with their numbers, tables row by row, text boxes and footnotes."""

import io
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.parser import parse_xml

from ingest.parse.docx_body import BodyReader
from ingest.parse.docx_numbering import Numbering, W
from ingest.parse.docx_styles import StyleSheet
from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed
from ingest.parse.limits import Limits
from ingest.parse.office import check_office, property_title
from kb.errors import ParseError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BROKEN = (BadZipFile, PackageNotFoundError, KeyError, ValueError, TypeError, AttributeError, SyntaxError, OSError)
"""What python-docx raises for parts that are missing or are not XML (lxml's own error is a SyntaxError)."""
NOTE_PARTS = {"footnotes": "footnote", "endnotes": "endnote"}


def parse_docx(file: FileInput, limits: Limits) -> Parsed:
    """One draft. Raises ParseError if the file is damaged, a bomb, holds macros, or no text."""
    check_office(file.content, limits, limits.office_markup)
    try:
        document = docx.Document(io.BytesIO(file.content))
        styles = StyleSheet(_part_root(document, "styles"))
        numbering = Numbering(_part_root(document, "numbering"))
        notes = _read_notes(document)
        body = document.element.body
    except BROKEN as error:
        raise ParseError(f"the Word file is damaged ({' '.join(str(error).split())[:200]}); open it and save it again") from error
    builder = DraftBuilder()
    reader = BodyReader(builder, styles, numbering, notes, limits)
    reader.read(body)
    if not builder.blocks:
        raise ParseError("the Word file holds no text" + ("; its pictures are not read" if reader.pictures else ""))
    title = property_title(document.core_properties.title) or builder.first_heading
    return Parsed((Draft(builder.text, builder.blocks, MEDIA_TYPE, title=title, notes=tuple(reader.report())),))


def _part_root(document: Document, name: str) -> object | None:
    """The root element of the part that the document relates to as ``name``, ``None`` without one."""
    for relation in document.part.rels.values():
        if relation.reltype.rsplit("/", 1)[-1] == name and not relation.is_external:
            return parse_xml(relation.target_part.blob)
    return None


def _read_notes(document: Document) -> dict[tuple[str, str], object]:
    """Footnotes and endnotes by kind and id, without the lines that separate them from the text."""
    found = {}
    for part, kind in NOTE_PARTS.items():
        root = _part_root(document, part)
        for note in () if root is None else root.iterchildren(W + kind):  # type: ignore[attr-defined]
            if note.get(W + "type") in (None, "normal"):
                found[kind, str(note.get(W + "id"))] = note
    return found
