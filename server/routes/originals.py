"""``GET /v1/originals/{version}/{document_id}``: opened by a signed link, because a browser sends no key."""

from typing import TypeAlias

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.errors import CitedeskError
from server.conditional import unless_held
from server.described import described
from server.errors import to_failure
from server.originals.page import PageRenderer
from server.originals.serve import Original, find_original, headers, problem_page, require_current
from server.originals.shelf import Shelf
from server.respond import error_response
from server.services import Services, services_of

PATH = "/v1/originals/{version}/{document_id}"
_Parts: TypeAlias = tuple[str, str, str, str, str | None, str]


def originals_router(shelf: Shelf) -> APIRouter:
    """The route, showing documents of the versions on ``shelf``."""
    router = APIRouter()
    pages = PageRenderer()

    @router.head(PATH, include_in_schema=False)
    @router.get(PATH, **described(kinds=("application/pdf", "text/html", "text/plain"), conditional=True))
    async def original(
        request: Request, version: str, document_id: str, a: str = "", e: str = "", p: str | None = None, s: str = ""
    ) -> Response:
        """The document that the link names: ``a`` audience, ``e`` last day, ``p`` cited passage, ``s`` signature."""
        services = services_of(request)
        parts = (version, document_id, a, e, p, s)
        try:
            return await to_thread.run_sync(_answer, request, services, shelf, pages, parts)
        except CitedeskError as error:
            return _problem(request, error, pages)

    return router


def _answer(request: Request, services: Services, shelf: Shelf, pages: PageRenderer, parts: _Parts) -> Response:
    found = _open(services, shelf, pages, parts)
    return unless_held(request, Response(found.content, headers=headers(found)))


def _open(services: Services, shelf: Shelf, pages: PageRenderer, parts: _Parts) -> Original:
    link = services.signer.check(*parts)
    require_current(link, services.live)
    with shelf.version(link.version) as version:
        return find_original(link, version, services.store.objects, pages)


def _problem(request: Request, error: CitedeskError, pages: PageRenderer) -> Response:
    """A page for a browser, OpenAI's error object for a program."""
    failure = to_failure(error)
    if "text/html" not in request.headers.get("accept", ""):
        return error_response(failure)
    page = problem_page(failure.message, failure.status, pages)
    return Response(page.content, failure.status, headers=headers(page) | {"cache-control": "no-store"})
