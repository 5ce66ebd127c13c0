"""Files of which text can only be had by OCR: read once without it, and once more with it if there is anything to gain.

The first reading is kept: whatever OCR does to the parser process, what could be read without it is not lost.
"""

from collections.abc import Callable
from dataclasses import replace

from ingest.parse.draft import Draft, FileInput, Parsed
from ingest.parse.limits import MEBIBYTE, Limits
from ingest.parse.ocr import ocr_installed
from kb.errors import ParseError

OCR_MEMORY = 1536 * MEBIBYTE  # address space that the recognition maps beyond the rest; it holds a third of that at most
STARVED = 2  # times the processor time that a scan may take by the clock
NOT_INSTALLED = "OCR would read such pages: install the extra ocr (docs/documents.md)"
TURNED_OFF = "OCR would read such pages: it is turned off (CITEDESK_OCR)"


class ScanError(ParseError):
    """A file without any text that can be used; OCR may find some."""


class OutOfTimeError(ParseError):
    """Reading the file took longer than it may, by the clock or in processor time."""


def can_recognise(limits: Limits) -> bool:
    """Whether OCR is wanted and installed."""
    return limits.ocr == "auto" and ocr_installed()


def read_with_ocr(file: FileInput, limits: Limits, read: Callable[[FileInput, Limits], Parsed]) -> Parsed:
    """The documents in ``file``, as ``read`` gives them within limits. Raises ParseError.

    Only a file with pages to recognise is read a second time, within ``limits`` widened by what OCR may take.
    """
    try:
        first = read(file, replace(limits, ocr="off"))
    except ScanError as error:
        if not can_recognise(limits):
            raise ParseError(f"{error}; {_why_not(limits)}") from error
        return read(file, _widened(limits))
    if not any(draft.unread_pages for draft in first.drafts):
        return first
    if not can_recognise(limits):
        return _noted(first, _why_not(limits), unread=True)
    try:
        return read(file, _widened(limits))
    except ParseError as error:
        noted = _noted(first, f"OCR of these pages failed: {error}", unread=False)
        return _late(noted, first) if isinstance(error, OutOfTimeError) else noted


def _late(noted: Parsed, first: Parsed) -> Parsed:
    """``noted`` with the pages that ``first`` left unread as those for which no time was left."""
    pairs = zip(noted.drafts, first.drafts, strict=True)
    return replace(noted, drafts=tuple(replace(draft, late_pages=before.unread_pages) for draft, before in pairs))


def _widened(limits: Limits) -> Limits:
    wall = limits.wall_seconds + STARVED * limits.ocr_seconds
    processor = limits.cpu_seconds + limits.ocr_seconds + limits.ocr_page_seconds
    return replace(limits, wall_seconds=wall, cpu_seconds=processor, memory=limits.memory + OCR_MEMORY)


def _why_not(limits: Limits) -> str:
    return TURNED_OFF if limits.ocr == "off" else NOT_INSTALLED


def _noted(parsed: Parsed, note: str, unread: bool) -> Parsed:
    """``parsed`` with ``note`` on the documents that have unread pages. ``unread`` says whether they shall be tried again."""

    def noted(draft: Draft) -> Draft:
        if not draft.unread_pages:
            return draft
        return replace(draft, notes=(*draft.notes, note), unread_pages=draft.unread_pages if unread else ())

    return replace(parsed, drafts=tuple(map(noted, parsed.drafts)))
