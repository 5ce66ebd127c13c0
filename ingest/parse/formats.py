"""Which parser reads a file: by its ending and by its content, which must not contradict each other dangerously."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

import puremagic

from ingest.parse.csv_table import parse_csv
from ingest.parse.draft import FileInput, Parsed
from ingest.parse.endings import FORMATS
from ingest.parse.html import parse_html
from ingest.parse.jsonl import parse_jsonl
from ingest.parse.limits import Limits
from ingest.parse.markdown import parse_markdown
from ingest.parse.pdf import parse_pdf
from ingest.parse.text import parse_text
from ingest.parse.visible_draft import without_invisible
from ingest.parse.xlsx import parse_xlsx
from kb.errors import ParseError

Parser = Callable[[FileInput, Limits], Parsed]

PARSERS: dict[str, Parser] = {
    "CSV": parse_csv,
    "HTML": parse_html,
    "JSONL": parse_jsonl,
    "Markdown": parse_markdown,
    "PDF": parse_pdf,
    "XLSX": parse_xlsx,
    "text": parse_text,
}
BINARY_FORMATS = ("PDF", "XLSX")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def parse_file(file: FileInput, limits: Limits) -> Parsed:
    """All documents in ``file``. Raises ParseError with a reason for people.

    A file whose content is of another known format than its ending says is read by its content where that is safe, with a note.
    """
    if not file.content:
        raise ParseError("the file is empty")
    named = FORMATS[PurePosixPath(file.name).suffix.lower()]
    found = _content_format(file.content)
    actual = _decide(named, found, file)
    parsed = without_invisible(PARSERS[actual](file, limits), file.content)
    _check_size(parsed, limits)
    if actual == named:
        return parsed
    note = f"the file is named {PurePosixPath(file.name).suffix} but holds {actual}; it was read as {actual}"
    return replace(parsed, drafts=tuple(replace(draft, notes=(note, *draft.notes)) for draft in parsed.drafts))


def _content_format(content: bytes) -> str | None:
    """The format that the content's first bytes prove, ``None`` if they prove none (any text)."""
    if b"%PDF-" in content[:1024]:
        return "PDF"
    if content.startswith(b"PK\x03\x04"):
        return "XLSX" if _holds_workbook(content) else "another zip container"
    if content.startswith(OLD_OFFICE):
        return "an old or encrypted Office file"
    beginning = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "HTML" if beginning.startswith((b"<!doctype html", b"<html")) else None


def _holds_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return True  # damaged: the workbook parser says how


def _decide(named: str, found: str | None, file: FileInput) -> str:
    suffix = PurePosixPath(file.name).suffix
    if found in PARSERS and (found != "HTML" or named in ("HTML", "Markdown", "text")):
        return found
    if found == "HTML" and named != "HTML":
        raise ParseError(f"the file is named {suffix} but holds a web page (an error or log-in page?); fetch it again")
    if found is not None and found not in PARSERS:
        raise ParseError(f"the file is named {suffix} but holds {found}; save it as {suffix} and without a password")
    if found is None and named in BINARY_FORMATS:
        raise ParseError(f"the file is named {suffix} but is not {named}{_guess(file.content)}; save it anew")
    if found is None and b"\x00" in file.content[:512] and not file.content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ParseError(f"the file is named {suffix} but holds binary data{_guess(file.content)}")
    return named


def _guess(content: bytes) -> str:
    """What the content may be, for the message."""
    try:
        kind = puremagic.from_string(content[:4096], mime=True)
    except (puremagic.PureError, ValueError):
        return ""
    return f" (it looks like {kind})" if kind else ""


def _check_size(parsed: Parsed, limits: Limits) -> None:
    size = sum(len(draft.text) for draft in parsed.drafts)
    if any(len(draft.text) > limits.largest_text for draft in parsed.drafts) or size > 20 * limits.largest_text:
        raise ParseError(
            f"the file holds {size:,} characters of text, more than the {limits.largest_text:,} allowed in one document; split it"
        )
