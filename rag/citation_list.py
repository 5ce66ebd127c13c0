"""Numbers citations in the order of first use: one number a passage and quote."""

from kb.document import LineBox
from kb.search import Hit
from kb.version import Version
from rag.answer import Citation


class CitationList:
    """Grows while sentences are sent; a passage quoted twice with the same words keeps its number."""

    def __init__(self, version: Version) -> None:
        """``version`` tells on which page a quote stands."""
        self._version = version
        self._known: dict[tuple[str, str], Citation] = {}
        self._lines: dict[str, tuple[LineBox, ...]] = {}

    def cite(self, hit: Hit, quote: str) -> tuple[Citation, bool]:
        """The citation of ``quote`` in ``hit``, and whether it is new. ``quote`` must be literally in the passage."""
        key = (hit.passage.id, quote)
        known = self._known.get(key)
        if known is not None:
            return known, False
        citation = self._citation(len(self._known) + 1, hit, quote)
        self._known[key] = citation
        return citation, True

    @property
    def all(self) -> tuple[Citation, ...]:
        """Every citation so far, by number."""
        return tuple(self._known.values())

    def _citation(self, number: int, hit: Hit, quote: str) -> Citation:
        passage = hit.passage
        start = passage.start + passage.text.index(quote)
        return Citation(
            number=number,
            passage_id=passage.id,
            document_id=passage.document_id,
            source=hit.source,
            document=hit.document,
            title=passage.title,
            quote=quote,
            start=start,
            end=start + len(quote),
            page=self._page(hit, start),
            public_url=passage.public_url,
            language=passage.language,
        )

    def _page(self, hit: Hit, offset: int) -> int | None:
        """The page of the character at ``offset``: a passage may begin on the page before its quote."""
        if hit.passage.page is None:
            return None
        pages = [line.page for line in self._lines_of(hit.passage.document_id) if line.start <= offset < line.end]
        return pages[0] if pages else hit.passage.page

    def _lines_of(self, document_id: str) -> tuple[LineBox, ...]:
        """The lines of a document, read once an answer: those of a long manual take milliseconds to unpack."""
        if document_id not in self._lines:
            document = self._version.document(document_id)
            self._lines[document_id] = document.lines if document is not None else ()
        return self._lines[document_id]
