"""Citations as they travel: ``sources`` in full, and OpenAI's ``annotations``."""

from typing import Any

from kb.scope import Audience
from rag.answer import Answer, Citation
from server.chat.rendering import marks
from server.links import LinkSigner, fragment_for
from server.scope_fields import CitationStyle


def sources(answer: Answer, audience: Audience, signer: LinkSigner) -> list[dict[str, Any]]:
    """One entry per citation. ``url`` is the shop's public page if there is one; ``original`` is always the signed link."""
    return [source_fields(citation, answer.kb_version, audience, signer) for citation in answer.citations]


def annotations(answer: Answer, listed: list[dict[str, Any]], style: CitationStyle) -> list[dict[str, Any]]:
    """One ``url_citation`` per marker, with the extras that every client tolerates."""
    by_number = {source["number"]: source for source in listed}
    return [_annotation(by_number[mark.number], mark.start, mark.end) for mark in marks(answer, style)]


def source_fields(citation: Citation, version: str, audience: Audience, signer: LinkSigner) -> dict[str, Any]:
    """One citation of ``version`` for ``audience``."""
    fragment = fragment_for(citation.page, citation.quote)
    original = signer.url(version, citation.document_id, audience, citation.passage_id, fragment)
    return {
        "number": citation.number,
        "passage_id": citation.passage_id,
        "document_id": citation.document_id,
        "source": citation.source,
        "document": citation.document,
        "title": citation.title or citation.document,
        "url": citation.public_url or original,
        "public_url": citation.public_url,
        "original": original,
        "page": citation.page,
        "quote": citation.quote,
        "language": citation.language,
    }


def _annotation(source: dict[str, Any], start: int, end: int) -> dict[str, Any]:
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": start,
            "end_index": end,
            "url": source["url"],
            "title": source["title"],
            "document_id": source["document_id"],
            "page": source["page"],
            "snippet": source["quote"],
        },
    }
