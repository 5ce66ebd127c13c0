"""``GET /v1/documents`` and ``GET /v1/passages/{id}``: what the knowledge base holds, as the key's audience may see it.

Whoever keeps a copy asks with If-None-Match, and is sent what has changed only.
"""

from collections.abc import Callable
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from kb.scope import Audience
from server.auth import caller_with
from server.conditional import REVALIDATED, unless_held
from server.described import described
from server.errors import NotFoundError
from server.originals.visible import visible, visible_passages
from server.page import Offset, page_of
from server.passage_fields import View, summarise
from server.respond import JsonResponse
from server.services import Services, services_of
from server.shapes.passages import DocumentDetail, DocumentList, PassageDetail
from server.state.keys import ApiKey

router = APIRouter()
Caller = Annotated[ApiKey, Depends(caller_with("search"))]


@router.get("/v1/documents", **described(DocumentList, conditional=True))
async def list_documents(
    request: Request,
    key: Caller,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Offset = 0,
    source: str | None = None,
) -> Response:
    """A page of documents. ``has_more`` says whether another page follows, at ``next_offset``."""
    return await _answer(request, _page, key.audience, limit, offset, source)


@router.get("/v1/documents/{document_id}", **described(DocumentDetail, conditional=True))
async def get_document(request: Request, key: Caller, document_id: str) -> Response:
    """One document, with the ids of its visible passages."""
    return await _answer(request, _document, key.audience, document_id)


@router.get("/v1/passages/{passage_id}", **described(PassageDetail, conditional=True))
async def get_passage(request: Request, key: Caller, passage_id: str) -> Response:
    """One passage."""
    return await _answer(request, _passage, key.audience, passage_id)


async def _answer(request: Request, found: Callable[..., dict[str, Any]], *asked: object) -> Response:
    """What ``found`` gives, unless the caller holds it already."""

    def answer() -> Response:
        return unless_held(request, JsonResponse(found(services_of(request), *asked), headers=REVALIDATED))

    return await to_thread.run_sync(answer)


def _page(services: Services, audience: Audience, limit: int, offset: int, source: str | None) -> dict[str, Any]:
    with services.live.lease() as version:
        summaries = version.documents(audience, offset, limit, source)
        total = version.document_count(audience, source)
    view = View(version.id, audience, services.signer)
    return page_of([view.document(summary) for summary in summaries], offset, total) | {"kb_version": version.id}


def _document(services: Services, audience: Audience, document_id: str) -> dict[str, Any]:
    with services.live.lease() as version:
        document = version.document(document_id)
        passages = visible_passages(version, document, audience) if document is not None else []
    # A document that this audience may not see is missing, not forbidden: that it exists is part of the secret.
    if document is None or not passages:
        raise NotFoundError("There is no such document in the current version.")
    summary = summarise(document, len(passages))
    shown = View(version.id, audience, services.signer).document(summary)
    return shown | {"passage_ids": [passage.id for passage in passages], "kb_version": version.id}


def _passage(services: Services, audience: Audience, passage_id: str) -> dict[str, Any]:
    with services.live.lease() as version:
        passage = version.passage(passage_id)
        document = version.document(passage.document_id) if passage is not None else None
    if passage is None or document is None or not visible(passage, document, audience):
        raise NotFoundError("There is no such passage in the current version.")
    shown = View(version.id, audience, services.signer).passage(passage, document.source, document.path)
    return {"id": passage.id, "object": "passage"} | shown | {"kb_version": version.id}
