"""Large PDFs: pages are read one at a time, and what a page needed is dropped."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.parse.draft import FileInput
from ingest.parse.limits import DEFAULT_LIMITS, MEBIBYTE
from ingest.parse.pdf_reading import read_pages
from ingest.parse.pool import ParserPool
from tests.ingest.builders import pdf_canvas
from tests.ingest.parse.pdf_pages import ruled_table

LARGEST = 512 * MEBIBYTE


def handbook(pages: int) -> bytes:
    """Pages of forty lines; a ruled table on every eighth."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for page in range(pages):
        for line in range(40):
            canvas.drawString(72, 780 - 13 * line, f"Line {line} of page {page} says which part fits the machine and how to order it.")
        if page % 8 == 0:
            table = ruled_table([["Part", "Number", "Price"], *([f"Part {row}", f"P-{page}-{row}", "9.90"] for row in range(10))])
            _, height = table.wrapOn(canvas, 400, 300)
            table.drawOn(canvas, 72, 255 - height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def peak_memory(pool: ParserPool, content: bytes, pages: int) -> int:
    """Bytes that the parser process held at most while it read ``content``."""
    (draft,) = pool.parse(FileInput("handbook.pdf", content)).drafts
    assert draft.pages == pages and f"Line 39 of page {pages - 1} says" in draft.text
    assert f"Part: Part 9 | Number: P-{(pages - 1) // 8 * 8}-9 | Price: 9.90" in draft.text
    peaks = [_peak(int(pid)) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return max(peaks)


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def test_the_contents_of_pages_are_not_kept() -> None:
    reader = PdfReader(io.BytesIO(pdf_canvas([[(72.0, 700.0, f"Page {number} has a line of text.")] for number in range(30)])))
    read = read_pages(reader, DEFAULT_LIMITS)
    assert len(read.pages) == 30 and all(page.lines for page in read.pages)
    assert sum(isinstance(found, StreamObject) for found in reader.resolved_objects.values()) == 0


@pytest.mark.slow
def test_a_hundred_pages_stay_small() -> None:
    with ParserPool(1) as pool:
        assert peak_memory(pool, handbook(100), 100) < LARGEST / 3


@pytest.mark.soak
def test_sixteen_hundred_pages_stay_under_512_mebibytes() -> None:
    with ParserPool(1) as pool:
        assert peak_memory(pool, handbook(1600), 1600) < LARGEST
