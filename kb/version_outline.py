"""A version without its texts: what two versions are compared by, before any text is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from kb.scope import Scope


@dataclass(frozen=True, slots=True)
class DocumentOutline:
    """A document by its names, the hash of its original's bytes, and what it is valid for."""

    id: str
    source: str
    path: str
    title: str
    media_type: str
    content_hash: str
    language: str
    scope: Scope
    public_url: str | None


@dataclass(frozen=True, slots=True)
class PassageOutline:
    """A passage by its ordinal in the version and its id, which stands for its text, and by what its id does not stand for."""

    ordinal: int
    id: str
    scope: Scope
    title: str
    language: str
    public_url: str | None


@dataclass(frozen=True, slots=True)
class VersionOutline:
    """All documents by id, and the passages of each by ordinal (a document without any has an empty tuple)."""

    documents: Mapping[str, DocumentOutline]
    passages: Mapping[str, tuple[PassageOutline, ...]]
