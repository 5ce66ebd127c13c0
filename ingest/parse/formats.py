"""Which parser reads a file: by its ending and by its content, which must not contradict each other dangerously."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

import puremagic

from ingest.parse.csv_table import parse_csv
from ingest.parse.docx import parse_docx
from ingest.parse.draft import FileInput, Parsed
from ingest.parse.encoding import foreign_encoding
from ingest.parse.endings import FORMATS, SAVE_AS, unsupported
from ingest.parse.html import parse_html
from ingest.parse.jsonl import parse_jsonl
from ingest.parse.limits import Limits
from ingest.parse.mail import looks_like_mail, parse_mail
from ingest.parse.markdown import parse_markdown
from ingest.parse.office import OLD_OFFICE, UNKNOWN_OLE, ole_kind, zip_kind
from ingest.parse.pdf import parse_pdf
from ingest.parse.pptx import parse_pptx
from ingest.parse.text import parse_text
from ingest.parse.visible_draft import without_invisible
from ingest.parse.xlsx import parse_xlsx
from kb.errors import ParseError

Parser = Callable[[FileInput, Limits], Parsed]

PARSERS: dict[str, Parser] = {
    "CSV": parse_csv,
    "DOCX": parse_docx,
    "HTML": parse_html,
    "JSONL": parse_jsonl,
    "Markdown": parse_markdown,
    "PDF": parse_pdf,
    "PPTX": parse_pptx,
    "XLSX": parse_xlsx,
    "e-mail": parse_mail,
    "text": parse_text,
}
BINARY_FORMATS = ("DOCX", "PDF", "PPTX", "XLSX")
TEXT_FORMATS = ("CSV", "Markdown", "text")
"""Formats in which nothing but the bytes tells the encoding."""


def parse_file(file: FileInput, limits: Limits) -> Parsed:
    """All documents in ``file``. Raises ParseError with a reason for people.

    A file whose content is of another known format than its ending says is read by its content where that is safe, with a note.
    """
    if not file.content:
        raise ParseError("the file is empty")
    suffix = PurePosixPath(file.name).suffix
    if suffix.lower() not in FORMATS:
        raise ParseError(unsupported(suffix))
    named = FORMATS[suffix.lower()]
    found = _content_format(file.content)
    actual = _decide(named, found, file)
    try:
        parsed = without_invisible(PARSERS[actual](file, limits), file.content)
    except RecursionError as error:
        raise ParseError("the file nests its parts deeper than any sound file; save it anew") from error
    _check_size(parsed, limits)
    notes = []
    if actual != named:
        notes.append(f"the file is named {suffix} but holds {actual}; it was read as {actual}")
    if actual in TEXT_FORMATS and (encoding := foreign_encoding(file.content)) is not None:
        notes.append(f"the file is not UTF-8; it was read as {encoding}")
    return replace(parsed, drafts=tuple(replace(draft, notes=(*notes, *draft.notes)) for draft in parsed.drafts)) if notes else parsed


def _content_format(content: bytes) -> str | None:
    """The format that the content's first bytes prove, ``None`` if they prove none (any text)."""
    if b"%PDF-" in content[:1024]:
        return "PDF"
    if content.startswith(b"PK\x03\x04"):
        return zip_kind(content)
    if content.startswith(OLD_OFFICE):
        return ole_kind(content)
    beginning = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "HTML" if beginning.startswith((b"<!doctype html", b"<html")) else None


def _decide(named: str, found: str | None, file: FileInput) -> str:
    suffix = PurePosixPath(file.name).suffix
    if found in PARSERS and (found != "HTML" or named in ("HTML", "Markdown", "text")):
        return found
    if found == "HTML" and named != "HTML":
        raise ParseError(f"the file is named {suffix} but holds a web page (an error or log-in page?); fetch it again")
    if found is not None and found not in PARSERS:
        raise ParseError(f"the file is named {suffix} but holds {found}; {_advice(found, suffix)}")
    if found is None and named in BINARY_FORMATS:
        raise ParseError(f"the file is named {suffix} but is not {named}{_guess(file.content)}; save it anew")
    if named == "e-mail" and found is None and not looks_like_mail(file.content):
        raise ParseError(f"the file is named {suffix} but does not begin with the header of an e-mail; save the message anew")
    if found is None and b"\x00" in file.content[:512] and not file.content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ParseError(f"the file is named {suffix} but holds binary data{_guess(file.content)}; if it is text, save it as UTF-8")
    return named


def _advice(found: str, suffix: str) -> str:
    """What to do with a file of a format that is not read."""
    old = re.search(r"\((\.\w+)\)", found)
    if old is not None and old.group(1) in SAVE_AS:
        return SAVE_AS[old.group(1)]
    if "password" in found:
        return "save it without one"
    return f"save it as {suffix} and without a password" if found == UNKNOWN_OLE else f"save it as {suffix}"


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
