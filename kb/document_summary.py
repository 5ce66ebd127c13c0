"""A document without its text: as a list shows it, or just what it is called."""

from dataclasses import dataclass

from kb.scope import Scope


@dataclass(frozen=True, slots=True)
class DocumentName:
    """Where a document came from: its source and its path within it."""

    source: str
    path: str


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """One document in a list. ``passages`` counts those that the audience of the list may see."""

    id: str
    source: str
    path: str
    title: str
    language: str
    media_type: str
    content_hash: str
    passages: int
    scope: Scope
    public_url: str | None
    pages: int | None
