"""``GET /openapi.json``: what this API takes and gives, for any key."""

from collections.abc import Callable
from functools import cache
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Depends
from starlette.responses import Response

from server.auth import caller_with
from server.described import described
from server.respond import JsonResponse
from server.shapes.shape import Document


def openapi_router(build: Callable[[], dict[str, Any]]) -> APIRouter:
    """The route. ``build`` is called once, when the document is first asked for."""
    router = APIRouter()
    document = cache(build)

    @router.get("/openapi.json", dependencies=[Depends(caller_with(None))], **described(Document))
    async def openapi() -> Response:
        """This document."""
        return JsonResponse(await to_thread.run_sync(document))

    return router
