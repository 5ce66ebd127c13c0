"""How long one file may take: a manual of 1,600 pages is no attack, and one page must not take as long."""

import io
from dataclasses import replace

from pypdf import PdfReader

from ingest.parse.draft import FileInput
from ingest.parse.limits import Limits
from ingest.parse.pdf_page import PAGE_ERRORS

PDF_MARK = b"%PDF-"


def allowance(file: FileInput, limits: Limits) -> Limits:
    """``limits`` with more seconds for a PDF of many pages; call it under the plain ones, since counting reads the file."""
    extra = limits.page_seconds * min(_count_pages(file.content), limits.pages)
    return replace(limits, wall_seconds=limits.wall_seconds + extra, cpu_seconds=limits.cpu_seconds + int(extra))


def _count_pages(content: bytes) -> int:
    """The pages of a PDF; 0 for everything else and for what the PDF parser will refuse."""
    if PDF_MARK not in content[:1024]:
        return 0
    try:
        return len(PdfReader(io.BytesIO(content), strict=False).pages)
    except PAGE_ERRORS:
        return 0
