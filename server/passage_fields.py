"""Passages and documents as the API shows them, to one audience, from one version."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.document import Document
from kb.document_summary import DocumentSummary
from kb.passage import Passage
from kb.scope import Audience, Scope
from kb.search import Hit
from server.links import LinkSigner, fragment_for


@dataclass(frozen=True, slots=True)
class View:
    """From which version and for whom links are made."""

    version: str
    audience: Audience
    signer: LinkSigner

    def passage(self, passage: Passage, source: str, path: str) -> dict[str, Any]:
        """A passage. ``url`` is the shop's public page if there is one, else the link to the original."""
        fragment = fragment_for(passage.page, passage.text)
        original = self.signer.url(self.version, passage.document_id, self.audience, passage.id, fragment)
        return {
            "passage_id": passage.id,
            "document_id": passage.document_id,
            "source": source,
            "document": path,
            "title": passage.title,
            "heading_path": list(passage.heading_path),
            "page": passage.page,
            "text": passage.text,
            "language": passage.language,
            "kind": passage.kind,
            "scope": scope_fields(passage.scope),
            "url": passage.public_url or original,
            "public_url": passage.public_url,
            "original": original,
        }

    def hit(self, hit: Hit) -> dict[str, Any]:
        """A found passage with its scores."""
        scores = {"score": hit.score, "dense": hit.dense, "lexical": hit.lexical}
        return self.passage(hit.passage, hit.source, hit.document) | scores

    def document(self, summary: DocumentSummary) -> dict[str, Any]:
        """A document in a list. ``passages`` counts those that the audience may see."""
        original = self.signer.url(self.version, summary.id, self.audience)
        return {
            "id": summary.id,
            "object": "document",
            "source": summary.source,
            "document": summary.path,
            "title": summary.title,
            "language": summary.language,
            "media_type": summary.media_type,
            "pages": summary.pages,
            "passages": summary.passages,
            "scope": scope_fields(summary.scope),
            "url": summary.public_url or original,
            "public_url": summary.public_url,
            "original": original,
        }


def scope_fields(scope: Scope) -> Mapping[str, Any]:
    """A scope. What it supersedes is left out: that may name a file of another audience."""
    return {
        "audience": scope.audience,
        "regions": list(scope.regions),
        "channels": list(scope.channels),
        "products": list(scope.products),
        "effective_from": scope.effective_from.isoformat() if scope.effective_from else None,
        "effective_to": scope.effective_to.isoformat() if scope.effective_to else None,
    }


def summarise(document: Document, passages: int) -> DocumentSummary:
    """What a list would show of ``document``, of which the reader may see ``passages``."""
    return DocumentSummary(
        id=document.id,
        source=document.source,
        path=document.path,
        title=document.title,
        language=document.language,
        media_type=document.media_type,
        content_hash=document.content_hash,
        passages=passages,
        scope=document.scope,
        public_url=document.public_url,
        pages=document.pages,
    )
