"""``GET /v1/models``: the models that a key may chat with, and the encoder to those who know its name."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from server.auth import caller_with
from server.described import described
from server.respond import JsonResponse
from server.services import services_of
from server.shapes.shape import Model, ModelList
from server.state.keys import ApiKey

router = APIRouter()
Caller = Annotated[ApiKey, Depends(caller_with(None))]
_CREATED = 1767225600  # 2026-01-01: OpenAI's schema wants a time, and a model without one has none better


@router.get("/v1/models", **described(ModelList))
async def list_models(request: Request, key: Caller) -> Response:
    """The models that the key may chat with."""
    return JsonResponse({"object": "list", "data": [_model(name) for name in services_of(request).names.listed(key)]})


@router.get("/v1/models/{model:path}", **described(Model))
async def get_model(request: Request, key: Caller, model: Annotated[str, "the model's id or an alias"]) -> Response:
    """One model, the encoder too."""
    return JsonResponse(_model(services_of(request).names.known(model, key)))


def _model(identifier: str) -> dict[str, Any]:
    return {"id": identifier, "object": "model", "created": _CREATED, "owned_by": "citedesk"}
