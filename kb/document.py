"""A parsed document: its extracted text, the blocks that give it structure, and where its lines stand on the page."""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kb.scope import Scope

DOCUMENT_ID = re.compile("[0-9a-f]{20}")

BlockKind: TypeAlias = Literal["heading", "paragraph", "list_item", "table_row", "faq", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document's structure; its text is ``document.text[start:end]``.

    A ``table_row`` block's text carries the header in every row ("Code: E04 | Meaning: tank empty"), so that it can
    be read alone. A ``faq`` block's text is the question, a newline, and the answer. ``scope``, ``title``,
    ``language`` and ``public_url`` override the document's own (FAQ rows may carry them).
    """

    kind: BlockKind
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    scope: Scope | None = None
    title: str | None = None
    language: str | None = None
    public_url: str | None = None


@dataclass(frozen=True, slots=True)
class LineBox:
    """Where the characters ``[start, end)`` of the text stand: page from 1, box in PDF points from the lower left."""

    page: int
    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was parsed. ``path`` is its path within its source, or its ``_id`` if it came as a JSONL line.

    ``content_hash`` is the SHA-256 (hex) of the original's bytes, the name under which the object store keeps it.
    ``language`` is an ISO 639-1 code, or ``und``. ``pages`` counts PDF pages.
    """

    source: str
    path: str
    title: str
    media_type: str
    content_hash: str
    language: str
    scope: Scope
    text: str
    blocks: tuple[Block, ...]
    lines: tuple[LineBox, ...] = ()
    public_url: str | None = None
    pages: int | None = None

    @property
    def id(self) -> str:
        """The document's id, safe in a URL."""
        return document_id(self.source, self.path)


def document_id(source: str, path: str) -> str:
    """The id of the document at ``path`` within ``source``: 20 hexadecimal digits of a SHA-256."""
    return hashlib.sha256(f"{source}\0{path}".encode()).hexdigest()[:20]
