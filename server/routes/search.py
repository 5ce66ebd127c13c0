"""``POST /v1/search``: passages without an answer."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, StrictInt
from starlette.requests import Request
from starlette.responses import Response

from kb.errors import QuestionError
from kb.scope import SearchScope
from kb.tally import note_found
from server.auth import caller_with
from server.body import read_model
from server.chat.query import checked_question
from server.described import described
from server.errors import RequestError, about_field
from server.limits.admit import admit
from server.passage_fields import View
from server.region_check import check_region
from server.respond import JsonResponse
from server.scope_fields import ScopeFields
from server.services import Services, services_of
from server.settings import Settings
from server.shapes.passages import SearchResult
from server.state.keys import ApiKey

router = APIRouter()


class SearchRequest(BaseModel):
    """One ``query`` or many ``queries``; ``k`` passages for each."""

    model_config = ConfigDict(frozen=True)

    query: str | None = None
    queries: Annotated[list[str], Field(min_length=1)] | None = None
    k: Annotated[StrictInt, Field(ge=1)] | None = None
    citedesk: ScopeFields = ScopeFields()


@router.post("/v1/search", **described(SearchResult, SearchRequest))
async def search(request: Request, key: Annotated[ApiKey, Depends(caller_with("search"))]) -> Response:
    """The best passages for each query, among those that the key's audience may see."""
    services = services_of(request)
    body = await read_model(request, SearchRequest, services.settings.max_body_bytes)
    questions = _questions(body, services.settings)
    scope = body.citedesk.search_scope(key.audience, services.settings)
    check_region(body.citedesk.region, key.audience, services.live)
    await admit(request, services, key)
    async with services.queues.lookups.turn(key.id):
        result = await to_thread.run_sync(_search, services, questions, body.k or services.settings.top_k, scope)
    if body.query is not None:
        result["hits"] = result["data"][0]["hits"]
    return JsonResponse(result)


def _questions(body: SearchRequest, settings: Settings) -> list[str]:
    if (body.query is None) == (body.queries is None):
        raise RequestError("Send either 'query' (a string) or 'queries' (a list of strings).", code="missing_field", param="query")
    if body.k is not None and body.k > settings.max_search_k:
        raise RequestError(f"At most {settings.max_search_k} passages per query are returned.", param="k")
    asked = body.queries or [body.query or ""]
    if len(asked) > settings.max_search_batch:
        raise RequestError(f"At most {settings.max_search_batch} queries are taken at once.", param="queries")
    return [_checked(text, settings, "query" if body.queries is None else f"queries[{place}]") for place, text in enumerate(asked)]


def _checked(text: str, settings: Settings, param: str) -> str:
    try:
        return checked_question(text, settings)
    except QuestionError as error:
        raise about_field(error, param) from error


def _search(services: Services, questions: list[str], k: int, scope: SearchScope) -> dict[str, Any]:
    with services.live.lease() as version:
        found = services.search.search(version, questions, k, scope)
        for hits in found:
            note_found(version.id, (hit.passage.id for hit in hits))
        view = View(version.id, scope.audience, services.signer)
    data = [{"query": question, "hits": [view.hit(hit) for hit in hits]} for question, hits in zip(questions, found, strict=True)]
    return {"object": "list", "data": data, "kb_version": version.id}
