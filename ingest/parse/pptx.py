"""PPTX: every slide shown is a section under its title, its number the page; speaker notes stay out."""

import io
from collections.abc import Iterator
from zipfile import BadZipFile

import pptx
from pptx.exc import PythonPptxError
from pptx.presentation import Presentation
from pptx.slide import Slide

from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed
from ingest.parse.limits import Limits
from ingest.parse.office import check_office, property_title
from ingest.parse.pptx_shape import SlideReader, clean_text
from ingest.parse.wrap import unwrap
from kb.errors import ParseError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
BROKEN = (BadZipFile, PythonPptxError, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OSError)
"""What python-pptx raises for parts that are missing or are not XML (lxml's own error is a SyntaxError)."""
SLIDE_LEVEL = 1
MOST_NAMED = 8  # slide numbers in a note


def parse_pptx(file: FileInput, limits: Limits) -> Parsed:
    """One draft. Raises ParseError if the file is damaged, a bomb, holds macros, or no text."""
    check_office(file.content, limits, limits.office_markup)
    builder = DraftBuilder()
    try:
        deck = pptx.Presentation(io.BytesIO(file.content))
        notes = list(_add_slides(builder, deck, limits))
        title, count = property_title(deck.core_properties.title), len(deck.slides)
    except BROKEN as error:
        raise ParseError(f"the presentation is damaged ({' '.join(str(error).split())[:200]}); open it and save it again") from error
    if not builder.blocks:
        raise ParseError("the presentation holds no text in a slide that is shown" + (f": {notes[0]}" if notes else ""))
    title = title or builder.first_heading
    return Parsed((Draft(builder.text, builder.blocks, MEDIA_TYPE, title=title, pages=count, notes=tuple(notes)),))


def _add_slides(builder: DraftBuilder, deck: Presentation, limits: Limits) -> Iterator[str]:
    """Adds all slides; yields notes about what was left out."""
    hidden: list[int] = []
    spoken: list[int] = []
    unread: dict[str, list[int]] = {}
    if len(deck.slides) > limits.pages:
        raise ParseError(f"the presentation has {len(deck.slides):,} slides, more than the {limits.pages:,} allowed; split it")
    for number, slide in enumerate(deck.slides, 1):
        if slide.element.get("show") in ("0", "false"):
            hidden.append(number)
            continue
        for kind in _add_slide(builder, slide, number, (deck.slide_width or 0) * (deck.slide_height or 0)):
            unread.setdefault(kind, []).append(number)
        if _has_notes(slide):
            spoken.append(number)
        if builder.length > limits.largest_text:
            raise ParseError(f"the presentation holds more than {limits.largest_text:,} characters; split it")
    if hidden:
        yield f"hidden slides were left out: {_list(hidden)}"
    if spoken:
        yield f"speaker notes were left out, since they are not for the public: slides {_list(spoken)}"
    for kind, numbers in unread.items():
        yield f"{kind} were not read: slides {_list(numbers)}"


def _add_slide(builder: DraftBuilder, slide: Slide, number: int, area: int) -> tuple[str, ...]:
    """Adds one slide; returns the kinds of shapes that could not be read."""
    builder.leave(SLIDE_LEVEL)
    title = slide.shapes.title
    if title is not None:
        builder.heading(SLIDE_LEVEL, unwrap(clean_text(title.text_frame.text)), number)
    reader = SlideReader(builder, slide, number, area)
    reader.read()
    return tuple(sorted(reader.unread))


def _has_notes(slide: Slide) -> bool:
    if not slide.has_notes_slide:
        return False
    frame = slide.notes_slide.notes_text_frame
    return frame is not None and bool(frame.text.strip())


def _list(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:MOST_NAMED]))
    return named if len(numbers) <= MOST_NAMED else f"{named} and {len(numbers) - MOST_NAMED} more"
