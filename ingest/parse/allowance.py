"""What one file may take beyond the rest: a manual of 1,600 pages and a JSONL file of many documents are no attacks."""

import io
from dataclasses import replace
from pathlib import PurePosixPath

from pypdf import PdfReader

from ingest.parse.draft import FileInput
from ingest.parse.endings import FORMATS
from ingest.parse.limits import BUSY, MEBIBYTE, Limits
from ingest.parse.pdf_page import PAGE_ERRORS

JSONL_SECONDS = 0.5  # for each MiB, whose documents are small ones
JSONL_MEMORY = 4  # bytes for each byte: the lines, their drafts, and the answer
PDF_MARK = b"%PDF-"


def allowance(file: FileInput, limits: Limits) -> Limits:
    """``limits`` with more seconds for a PDF of many pages, more seconds and memory for a long JSONL file.

    Call it under the plain limits, since counting reads the file.
    """
    if FORMATS.get(PurePosixPath(file.name).suffix.lower()) == "JSONL":
        extra = len(file.content) / MEBIBYTE * JSONL_SECONDS
        memory = limits.memory + JSONL_MEMORY * len(file.content)
    else:
        extra = limits.page_seconds * min(_count_pages(file.content), limits.pages)
        memory = limits.memory
    return replace(limits, wall_seconds=limits.wall_seconds + BUSY * extra, cpu_seconds=limits.cpu_seconds + int(extra), memory=memory)


def _count_pages(content: bytes) -> int:
    """The pages of a PDF; 0 for everything else and for what the PDF parser will refuse."""
    if PDF_MARK not in content[:1024]:
        return 0
    try:
        return len(PdfReader(io.BytesIO(content), strict=False).pages)
    except PAGE_ERRORS:
        return 0
