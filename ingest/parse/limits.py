"""Bounds on what one file may cost."""

from dataclasses import dataclass
from typing import Literal

MEBIBYTE = 1 << 20
MORE_TIME = "split it, or allow more (CITEDESK_PARSE_SECONDS)"
MORE_OCR = "split it, or allow more (CITEDESK_OCR_SECONDS)"
MORE_MEMORY = "split it, or allow more (CITEDESK_PARSE_MEMORY_MIB)"
BUSY = 4  # a machine that serves at the same time gives a parser a quarter of a processor; a long file must not fail for that


@dataclass(frozen=True, slots=True)
class Limits:
    """What parsing one file may use. Measured on damaged and hostile files: a sound manual of 200 pages stays under a quarter of each.

    ``memory`` is what the parser process may hold in all, in bytes (resident); ``largest_text`` counts characters; ``rows`` are
    those of a CSV table, ``cells`` the filled ones of a workbook; ``office_markup`` is the XML of a DOCX or PPTX in bytes, of which
    the parsers hold about eight times as much. `allowance.py` says which files may take more time or memory.

    ``ocr`` = ``auto`` reads PDF pages without usable text from their pictures if the extra ``ocr`` is installed: at most
    ``ocr_page_seconds`` of processor time a page and ``ocr_seconds`` a file, on top of the rest.
    """

    wall_seconds: float = 15.0
    cpu_seconds: int = 15
    page_seconds: float = 0.25
    memory: int = 480 * MEBIBYTE
    largest_file: int = 256 * MEBIBYTE
    largest_text: int = 5_000_000
    rows: int = 100_000
    cells: int = 300_000
    pages: int = 2000
    zip_entries: int = 2000
    zip_inflated: int = 200 * MEBIBYTE
    zip_ratio: int = 200
    office_markup: int = 32 * MEBIBYTE
    ocr: Literal["auto", "off"] = "off"
    ocr_seconds: int = 900
    ocr_page_seconds: int = 30


DEFAULT_LIMITS = Limits()
