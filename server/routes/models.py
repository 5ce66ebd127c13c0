"""``GET /v1/models``: the one model there is."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from server.auth import caller_with
from server.chat.query import check_model
from server.respond import JsonResponse
from server.services import services_of

router = APIRouter(dependencies=[Depends(caller_with(None))])
_CREATED = 1767225600  # 2026-01-01: OpenAI's schema wants a time, and a model without one has none better


@router.get("/v1/models")
async def list_models(request: Request) -> Response:
    """All models."""
    return JsonResponse({"object": "list", "data": [_model(services_of(request).settings.model_id)]})


@router.get("/v1/models/{model:path}")
async def get_model(request: Request, model: Annotated[str, "the model's id or an alias"]) -> Response:
    """One model."""
    settings = services_of(request).settings
    check_model(model, settings)
    return JsonResponse(_model(settings.model_id))


def _model(identifier: str) -> dict[str, Any]:
    return {"id": identifier, "object": "model", "created": _CREATED, "owned_by": "citedesk"}
