"""What belongs to the page and not to the text: running headers and footers, page numbers, lines of a table of contents."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.parse.pdf_page import Line, PageLines

MARGIN_LINES = 3  # lines at the top and bottom of a page among which running ones are looked for
MARGIN_SHARE = 0.18  # of the page's height, from its edge
REPEATED_SHARE = 0.5  # of the pages
FEWEST_PAGES = 3  # on two pages a repeated line may be text
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:(?:page|seite|página|pagina|side|sida|p\.|第)\s*)?(\d{1,4}|[ivxl]{1,6})\s*(?:页)?(?:\s*(?:/|of|von|de|sur|di|共)\s*\d{1,4}\s*页?)?[-–—|\s]*",
    re.I,
)
_CONTENTS_LINE = re.compile(r"\S.*?(?:[.·…]\s?){5,}\s*\d{1,4}$")


def drop_furniture(pages: Sequence[PageLines]) -> list[PageLines]:
    """The pages without running headers and footers, page numbers, and lines of a table of contents.

    If nothing would be left, nothing is dropped.
    """
    repeated = _repeated_lines(pages)
    kept = [replace(page, lines=tuple(line for line in page.lines if not _is_furniture(page, line, repeated))) for page in pages]
    return kept if any(page.lines for page in kept) else list(pages)


def _is_furniture(page: PageLines, line: Line, repeated: frozenset[str]) -> bool:
    if _CONTENTS_LINE.fullmatch(line.text):
        return True
    if not _in_margin(page, line):
        return False
    return _pattern(line) in repeated or (line in _edge_lines(page, 1) and _is_page_number(line.text, page.number))


def _repeated_lines(pages: Sequence[PageLines]) -> frozenset[str]:
    """The margin lines that stand on most pages, digits aside. A heading that is only similar differs in its letters."""
    if len(pages) < FEWEST_PAGES:
        return frozenset()
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_pattern(line) for line in _edge_lines(page, MARGIN_LINES) if _in_margin(page, line)})
    needed = max(FEWEST_PAGES, REPEATED_SHARE * len(pages))
    return frozenset(pattern for pattern, count in counts.items() if count >= needed)


def _edge_lines(page: PageLines, count: int) -> list[Line]:
    ordered = sorted(page.lines, key=lambda line: -line.baseline)
    return ordered[:count] + ordered[-count:]


def _in_margin(page: PageLines, line: Line) -> bool:
    height = (line.baseline - page.bottom) / page.height if page.height else 0.5
    return height < MARGIN_SHARE or height > 1 - MARGIN_SHARE


def _pattern(line: Line) -> str:
    return _DIGITS.sub("#", line.text.casefold())


def _is_page_number(text: str, number: int) -> bool:
    """Whether a line is nothing but a page number; a bare figure must lie near the page's own number."""
    match = _PAGE_NUMBER.fullmatch(text)
    if match is None:
        return False
    figure = match.group(1)
    return not figure.isdigit() or text.strip() != figure or abs(int(figure) - number) <= 30
