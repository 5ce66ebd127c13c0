"""Reads pages without usable text from their pictures, each in bounded processor time."""

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from ingest.parse.limits import MORE_OCR, Limits
from ingest.parse.ocr import OcrEngine, OcrError, RapidEngine
from ingest.parse.page_names import name_pages
from ingest.parse.pdf_page import PageLines
from ingest.parse.pdf_picture import PagePictures
from ingest.parse.pdf_recognised import RecognisedPage, place_lines

FEWEST_CHARACTERS = 3  # in a photograph one or two are seen where none are


@dataclass(frozen=True, slots=True)
class Recognition:
    """The pages that were recognised by their number, notes about all of them, and the numbers of those for which no time was left."""

    pages: Mapping[int, RecognisedPage]
    notes: tuple[str, ...]
    late: tuple[int, ...] = ()


class _TooLongError(Exception):
    """The page's processor time is used up."""


def recognise_pages(
    content: bytes, pages: Mapping[int, PageLines], limits: Limits, open_engine: Callable[[], OcrEngine] = RapidEngine
) -> Recognition:
    """Reads ``pages`` of the PDF ``content``. Pages that cannot be read are named in the notes; raises OcrError if none can."""
    engine = open_engine()
    read: dict[int, RecognisedPage] = {}
    notes: list[str] = []
    empty: list[int] = []
    late: tuple[int, ...] = ()
    began = time.process_time()
    with PagePictures(content) as pictures:
        for number in sorted(pages):
            if time.process_time() - began > limits.ocr_seconds:
                late = tuple(other for other in sorted(pages) if other >= number)
                notes.append(f"{name_pages(late)} left unread: OCR had used its {limits.ocr_seconds} s of processor time; {MORE_OCR}")
                break
            try:
                page = _read_page(engine, pictures, pages[number], limits)
            except OcrError as error:
                notes.append(f"page {number} could not be read by OCR: {error}")
                continue
            if sum(len(line.text) for line in page.page.lines) >= FEWEST_CHARACTERS:
                read[number] = page
            else:
                empty.append(number)
    said = [f"{name_pages(sorted(read))} read by OCR"] if read else []
    said += [f"OCR found no text on {name_pages(empty)}"] if empty else []
    return Recognition(read, (*said, *notes), late)


def _read_page(engine: OcrEngine, pictures: PagePictures, page: PageLines, limits: Limits) -> RecognisedPage:
    began = time.process_time()
    try:
        with _processor_time(limits.ocr_page_seconds):
            picture = pictures.draw(page.number)
            return place_lines(engine.read(picture.pixels), picture, page)
    except (OcrError, _TooLongError) as error:
        if isinstance(error, _TooLongError) or time.process_time() - began >= limits.ocr_page_seconds:
            raise OcrError(f"it used more than {limits.ocr_page_seconds} s of processor time") from error
        raise


@contextmanager
def _processor_time(seconds: int) -> Iterator[None]:
    """Raises within the block once it has used ``seconds`` of processor time, between two calls of compiled code."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
