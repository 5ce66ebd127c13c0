"""A passage: the unit that is embedded, found and cited."""

import hashlib
from dataclasses import dataclass

from kb.document import BlockKind
from kb.scope import Scope


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document. ``text`` equals ``document.text[start:end]``; ``kind`` is the kind of its blocks.

    ``id`` survives insertions above the passage (see `passage_id`). ``title`` and ``public_url`` are the document's
    unless a FAQ row brought its own. ``page`` counts from 1, for PDFs only.
    """

    id: str
    document_id: str
    text: str
    start: int
    end: int
    kind: BlockKind
    heading_path: tuple[str, ...]
    page: int | None
    language: str
    scope: Scope
    title: str
    public_url: str | None = None

    @property
    def encoded_text(self) -> str:
        """What the encoder sees: title and heading path on the first line (when the text does not begin with them), then the text."""
        heading = " > ".join(dict.fromkeys((self.title, *self.heading_path)))
        if not heading or self.text.startswith(heading):
            return self.text
        return f"{heading}\n{self.text}"


def passage_id(document_id: str, heading_path: tuple[str, ...], text: str, number: int) -> str:
    """The id of a passage: a hash of its document, heading path, text, and its number among equals (from 0)."""
    key = "\0".join((document_id, "\1".join(heading_path), text, str(number)))
    return hashlib.sha256(key.encode()).hexdigest()[:24]
