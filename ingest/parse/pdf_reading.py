"""The pages of a PDF, one at a time: their lines, and which of them have no text that can be used."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, IndirectObject

from ingest.parse.limits import Limits
from ingest.parse.page_names import name_pages
from ingest.parse.pdf_hidden import seen_text, unseen_note
from ingest.parse.pdf_page import PAGE_ERRORS, PageLines, read_page
from ingest.parse.pdf_text_layer import is_garbled
from kb.errors import ParseError

Flaw: TypeAlias = Literal["picture", "garbled", "caption"]

FEW_CHARACTERS = 60  # on a page that is mostly a picture: a stamp or a page number, no text layer of the picture
MOSTLY_PICTURE = 0.5  # of the page's area


@dataclass(frozen=True, slots=True)
class ReadPages:
    """The pages that could be read, in order; what is wrong with the text of some, by number; and notes about the others."""

    pages: tuple[PageLines, ...]
    flaws: Mapping[int, Flaw]
    notes: tuple[str, ...]

    def flawed(self) -> dict[int, PageLines]:
        """The pages with a flaw by their number."""
        return {page.number: page for page in self.pages if page.number in self.flaws}


def read_pages(reader: PdfReader, limits: Limits) -> ReadPages:
    """All pages that can be read. Raises ParseError if they hold more text than ``limits`` allow."""
    pages: list[PageLines] = []
    flaws: dict[int, Flaw] = {}
    notes: list[str] = []
    characters = 0
    for number in range(1, len(reader.pages) + 1):
        try:
            with seen_text(reader.pages[number - 1]) as unseen:
                page = read_page(reader.pages[number - 1], number)
        except PAGE_ERRORS as error:
            notes.append(f"page {number} could not be read ({describe(error)})")
            continue
        hidden = unseen_note(number, unseen)
        if hidden is not None:
            notes.append(hidden)
            page = replace(page, has_grid=False, has_frame=False)  # tables are read from the file itself, with all that is hidden in them
        flaw = _flaw(page)
        if flaw is not None:
            flaws[number] = flaw
        pages.append(replace(page, lines=()) if flaw == "garbled" else page)
        characters += sum(len(line.text) for line in pages[-1].lines)
        if characters > limits.largest_text:
            raise ParseError(f"the PDF holds more than {limits.largest_text:,} characters; split it")
        _forget_contents(reader, number)
    return ReadPages(tuple(pages), flaws, tuple(notes))


def name_flaws(flaws: Mapping[int, Flaw]) -> tuple[str, ...]:
    """Sentences that name the pages with each flaw."""
    said = []
    for flaw, one, several in (
        ("picture", "has no text layer", "have no text layer"),
        ("garbled", "has a text layer that cannot be read", "have a text layer that cannot be read"),
        ("caption", "is a picture with few words of text", "are pictures with few words of text"),
    ):
        numbers = sorted(number for number, found in flaws.items() if found == flaw)
        if numbers:
            said.append(f"{name_pages(numbers)} {one if len(numbers) == 1 else several}")
    return tuple(said)


def describe(error: BaseException) -> str:
    """What pypdf or a damaged page raised, for people."""
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if isinstance(error, PyPdfError) or not text else f"{type(error).__name__} {text}"


def _forget_contents(reader: PdfReader, number: int) -> None:
    """Drops the page's drawing instructions. pypdf keeps every object that it ever read."""
    try:
        page = reader.pages[number - 1]
        contents = page.get("/Contents")
        raw = None if contents is None else page.raw_get("/Contents")
    except PAGE_ERRORS:
        return
    for reference in (raw, *(contents if isinstance(contents, ArrayObject) else ())):
        if isinstance(reference, IndirectObject):
            reader.resolved_objects.pop((reference.generation, reference.idnum), None)


def _flaw(page: PageLines) -> Flaw | None:
    text = "\n".join(line.text for line in page.lines)
    if not text and not page.control_characters:
        return "picture" if page.has_pictures else None
    if is_garbled(text, page.control_characters):
        return "garbled"
    return "caption" if page.picture_share > MOSTLY_PICTURE and len(text) < FEW_CHARACTERS else None
