"""Passages and documents of the knowledge base."""

from typing import Literal

from kb.document import BlockKind
from kb.scope import Audience
from server.shapes.shape import Shape


class ScopeShape(Shape):
    """For whom, where and when something holds. Days are in the shop's time zone."""

    audience: Audience
    regions: list[str]
    channels: list[str]
    products: list[str]
    effective_from: str | None
    effective_to: str | None


class Passage(Shape):
    """A passage. ``url`` is the shop's public page if there is one, else the signed link to the ``original``."""

    passage_id: str
    document_id: str
    source: str
    document: str
    title: str
    heading_path: list[str]
    page: int | None
    text: str
    language: str
    kind: BlockKind
    scope: ScopeShape
    url: str
    public_url: str | None
    original: str


class PassageDetail(Passage):
    """One passage, by its id."""

    id: str
    object: Literal["passage"]
    kb_version: str


class Hit(Passage):
    """A found passage. ``dense`` and ``lexical`` are the scores that make up ``score``."""

    score: float
    dense: float | None
    lexical: float | None


class QueryHits(Shape):
    """What one query found, best first."""

    query: str
    hits: list[Hit]


class SearchResult(Shape):
    """What each query found; ``hits`` once more where there was one ``query``."""

    object: Literal["list"]
    data: list[QueryHits]
    kb_version: str
    hits: list[Hit] | None = None


class DocumentSummary(Shape):
    """A document in a list. ``passages`` counts those that the key may see."""

    id: str
    object: Literal["document"]
    source: str
    document: str
    title: str
    language: str
    media_type: str
    pages: int | None
    passages: int
    scope: ScopeShape
    url: str
    public_url: str | None
    original: str


class DocumentDetail(DocumentSummary):
    """One document, with the ids of its passages."""

    passage_ids: list[str]
    kb_version: str


class DocumentList(Shape):
    """A page of documents. The next one begins at ``next_offset``."""

    object: Literal["list"]
    data: list[DocumentSummary]
    total: int
    has_more: bool
    next_offset: int | None
    kb_version: str
