"""Drafts without invisible characters: what a person does not see is no text of a document."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ingest.metadata import Metadata
from ingest.parse.draft import Draft, DraftBlock, Parsed
from kb.document import LineBox
from kb.text.invisible import InvisibleKind, Visible, drop_invisible, has_invisible, visible_text

MOST_PAGES = 10
_QUIET = ("\u200b".encode(), "\u2060".encode())
"""Zero-width space and word joiner in UTF-8: `ingest.parse.encoding.decode` takes them out of text files."""


def without_invisible(parsed: Parsed, content: bytes) -> Parsed:
    """``parsed`` without invisible characters, in each draft's notes how many there were and on which pages.

    ``content`` is the file: of one that is text, the characters that decoding has dropped already count too.
    """
    early = 0 if b"\x00" in content else sum(content.count(character) for character in _QUIET)
    is_text = len(parsed.drafts) == 1 and parsed.drafts[0].media_type.startswith("text/")
    return replace(parsed, drafts=tuple(_visible(draft, early if is_text else 0) for draft in parsed.drafts))


def _visible(draft: Draft, early: int) -> Draft:
    cleaned = _in_metadata(draft)
    seen = drop_invisible(draft.text) if has_invisible(draft.text) else None
    counts: Counter[InvisibleKind] = Counter({"zero-width character": early} if early else {})
    if seen is not None:
        counts += seen.dropped
    if not counts:
        return cleaned
    places = () if seen is None else seen.places
    pages = sorted({page for place in places if (page := _page_of(place, draft)) is not None})
    noted = replace(cleaned, notes=(*draft.notes, _note(counts, pages)))
    return noted if seen is None else _moved(noted, seen)


def _moved(draft: Draft, seen: Visible) -> Draft:
    move = _mover(seen)
    blocks = [replace(block, start=move(block.start), end=move(block.end)) for block in draft.blocks]
    return replace(
        draft,
        text=seen.text,
        blocks=tuple(block for block in blocks if seen.text[block.start : block.end].strip()),
        lines=tuple(LineBox(line.page, move(line.start), move(line.end), line.x0, line.y0, line.x1, line.y1) for line in draft.lines),
    )


def _in_metadata(draft: Draft) -> Draft:
    title = None if draft.title is None else visible_text(draft.title)
    return replace(draft, title=title, metadata=_titled(draft.metadata), blocks=tuple(_named(block) for block in draft.blocks))


def _titled(metadata: Metadata) -> Metadata:
    return metadata if metadata.title is None else replace(metadata, title=visible_text(metadata.title))


def _named(block: DraftBlock) -> DraftBlock:
    path = tuple(visible_text(heading) for heading in block.heading_path)
    return replace(block, heading_path=path, metadata=None if block.metadata is None else _titled(block.metadata))


def _mover(seen: Visible) -> Callable[[int], int]:
    """From a place in the old text to the same place in the new one."""
    return lambda place: bisect_left(seen.positions, place)


def _page_of(place: int, draft: Draft) -> int | None:
    return next((block.page for block in draft.blocks if block.start <= place < block.end), None)


def _note(counts: Mapping[InvisibleKind, int], pages: Sequence[int]) -> str:
    total = sum(counts.values())
    listed = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items())
    where = f" on {page_names(pages)}" if pages else ""
    return f"{total} invisible character{'s were' if total > 1 else ' was'} left out{where} ({listed})"


def page_names(pages: Sequence[int]) -> str:
    """``page 3``, or ``pages 1, 2, …``."""
    some = ", ".join(str(page) for page in pages[:MOST_PAGES])
    return f"page {some}" if len(pages) == 1 else f"pages {some}{', …' if len(pages) > MOST_PAGES else ''}"
