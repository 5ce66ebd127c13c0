"""What a parser makes of a file: drafts of documents, and the builder that lays out their text and blocks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.metadata import Metadata
from kb.document import BlockKind, LineBox

BLOCK_GAP = "\n\n"
LINE_GAP = "\n"
LINE_KINDS = ("list_item", "table_row")  # neighbours of these kinds stand on consecutive lines


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """A block as the parser saw it. ``metadata`` is what the block alone says (an FAQ row), not merged with anything."""

    kind: BlockKind
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    metadata: Metadata | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as the parser saw it, before sources, folders and language detection add their part.

    ``path`` is the document's own name if the file holds several (a JSONL ``_id``), else ``None``; then ``span`` is where its
    original stands in the file's bytes. ``title`` is what the content suggests, used when nobody gives one. ``notes`` are
    sentences for the report about what could not be read. ``unread_pages`` are those that OCR may be able to read and was not asked to,
    ``late_pages`` those for which it had no time left.
    """

    text: str
    blocks: tuple[DraftBlock, ...]
    media_type: str
    metadata: Metadata = Metadata()
    title: str | None = None
    lines: tuple[LineBox, ...] = ()
    pages: int | None = None
    path: str | None = None
    span: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    unread_pages: tuple[int, ...] = ()
    late_pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document within a file that could not be read; the file's other documents go on."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """All that one file holds."""

    drafts: tuple[Draft, ...]
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class FileInput:
    """One file to parse. ``name`` is its path within the source; its ending helps to tell the format."""

    name: str
    content: bytes


@dataclass(slots=True)
class DraftBuilder:
    """Collects blocks and lays out the text they stand in, under a stack of headings.

    A builder belongs to one document. Blocks of no text are dropped.
    """

    _parts: list[str] = field(default_factory=list)
    _blocks: list[DraftBlock] = field(default_factory=list)
    _headings: list[tuple[int, str]] = field(default_factory=list)
    _length: int = 0

    def heading(self, level: int, text: str, page: int | None = None) -> int | None:
        """Adds a heading; what follows stands under it until one of the same or a higher rank (a smaller ``level``)."""
        name = " ".join(text.split())
        if not name:
            return None
        self.leave(level)
        self._headings.append((level, name))
        return self.block("heading", name, page)

    def block(self, kind: BlockKind, text: str, page: int | None = None, metadata: Metadata | None = None) -> int | None:
        """Adds a block and returns where its text starts, or ``None`` if it holds no text."""
        clean = text.strip("\n") if kind == "code" else text.strip()
        if not clean.strip():
            return None
        self._append_gap(kind)
        start = self._length
        self._append(clean)
        self._blocks.append(DraftBlock(kind, start, self._length, self.heading_path, page, metadata))
        return start

    def leave(self, level: int) -> None:
        """Ends the sections of rank ``level`` and below: what follows does not stand under their headings."""
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()

    @property
    def length(self) -> int:
        """The characters so far."""
        return self._length

    @property
    def heading_path(self) -> tuple[str, ...]:
        """The headings that the next block stands under, outermost first."""
        return tuple(name for _, name in self._headings)

    @property
    def first_heading(self) -> str | None:
        """The text of the first heading, if there is one."""
        return next((self.text[block.start : block.end] for block in self._blocks if block.kind == "heading"), None)

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    @property
    def blocks(self) -> tuple[DraftBlock, ...]:
        """The blocks so far, in order; they do not overlap."""
        return tuple(self._blocks)

    def _append_gap(self, kind: BlockKind) -> None:
        if self._blocks:
            together = kind in LINE_KINDS and self._blocks[-1].kind == kind
            self._append(LINE_GAP if together else BLOCK_GAP)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def clean_characters(text: str) -> str:
    """``text`` without control characters, soft hyphens, byte order marks and lone surrogates, and with plain line breaks."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return unified.translate(_UNWANTED)


def _unwanted_characters() -> Mapping[int, str | None]:
    table: dict[int, str | None] = {code: None for code in range(32) if chr(code) not in "\n\t"}
    table |= dict.fromkeys((*range(127, 160), 173, 65279))
    table |= dict.fromkeys(range(55296, 57344), "�")
    return table | {0x85: "\n", 0x2028: "\n", 0x2029: "\n"}


_UNWANTED = _unwanted_characters()
