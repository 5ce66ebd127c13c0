"""Office files: what kind one is, and what must be refused before a parser opens it."""

import io
import re
import zipfile

from ingest.parse.draft import clean_characters
from ingest.parse.limits import Limits
from ingest.parse.zip_check import check_zip
from kb.errors import ParseError

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTENT_TYPES = "[Content_Types].xml"
LARGEST_CONTENT_TYPES = 1 << 20
MAIN_PARTS = (
    (b"wordprocessingml.document.main+xml", "DOCX"),
    (b"presentationml.presentation.main+xml", "PPTX"),
    (b"presentationml.slideshow.main+xml", "PPTX"),
    (b"spreadsheetml.sheet.main+xml", "XLSX"),
    (b"macroEnabled", "an Office file with macros"),
    (b".template.main+xml", "an Office template"),
)
OTHER_CONTAINERS = (
    ("META-INF/container.xml", "an e-book (EPUB)"),
    ("META-INF/manifest.xml", "an OpenDocument file"),
    ("Index/Document.iwa", "an iWork document"),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
)
OLD_KINDS = (
    ("EncryptedPackage", "an Office file encrypted with a password"),
    ("__properties_version1.0", "an Outlook message (.msg)"),
    ("WordDocument", "a Word file of the old format (.doc)"),
    ("PowerPoint Document", "a PowerPoint file of the old format (.ppt)"),
    ("Workbook", "an Excel workbook of the old format (.xls)"),
)
UNKNOWN_OLE = "an old or encrypted Office file"
_USELESS_TITLE = re.compile(
    r"(?:microsoft )?(?:word|powerpoint)(?:[- ].*)?|power-?point.presentation|pptx? presentation|presentation|document\d*"
    r"|untitled.*|unbenannt.*|.*文稿\d*|文档\d*|.*\.(?:docx?|pdf|odt|pptx?|rtf|html?)|\S*[_\d]\S*",
    re.I,
)


def zip_kind(content: bytes) -> str:
    """The format of a zip container, or what it is in words. A damaged one counts as XLSX, DOCX or PPTX by the names in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if CONTENT_TYPES in names:
                with archive.open(CONTENT_TYPES) as stream:
                    types = stream.read(LARGEST_CONTENT_TYPES)
                found = next((kind for mark, kind in MAIN_PARTS if mark in types), None)
                if found is not None:
                    return found
            return next((kind for name, kind in OTHER_CONTAINERS if name in names), "another zip container")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        return _damaged_kind(content)


def ole_kind(content: bytes) -> str:
    """What an OLE container (an Office file of before 2007, or an encrypted one) is, in words."""
    found = (kind for name, kind in OLD_KINDS if name.encode("utf-16-le") in content)
    return next(found, UNKNOWN_OLE)


def check_office(content: bytes, limits: Limits, most_markup: int | None = None) -> None:
    """Raises ParseError if ``content`` is a bomb, damaged, holds macros, XML that declares entities, or too much XML.

    ``most_markup`` is how many bytes of XML may be; ``None``: as many as the container may hold.
    """
    check_zip(content, limits, most_markup)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name.lower() for name in archive.namelist()]
    if any(name.endswith("vbaproject.bin") for name in names):
        raise ParseError("the file holds macros, which are programs; save it in the format without macros")


def property_title(text: str | None) -> str | None:
    """The title that a document's properties give, unless it is a program's default or a file name."""
    title = " ".join(clean_characters(text or "").split())
    return title if 2 <= len(title) <= 200 and not _USELESS_TITLE.fullmatch(title) else None


def _damaged_kind(content: bytes) -> str:
    """By the names of the first entries: the parser then says what is damaged."""
    if b"ppt/" in content:
        return "PPTX"
    return "DOCX" if b"word/" in content else "XLSX"
