"""``/v1/freezes``: the stop button, for keys with the scope ``admin``."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from server.auth import caller_with
from server.body import read_model
from server.described import described
from server.errors import NotFoundError, RequestError
from server.respond import JsonResponse
from server.services import Services, services_of
from server.shapes.freezes import FreezeList, FreezeShape
from server.state.freezes import Freeze, FreezeProblemError
from server.state.keys import ApiKey

router = APIRouter()
Caller = Annotated[ApiKey, Depends(caller_with("admin"))]


class FreezeRequest(BaseModel):
    """The ``topic`` in a few words; what to say instead of the usual sentence, in one language or several; until when, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: str
    texts: Annotated[list[str], Field(max_length=20)] = []
    reason: Annotated[str, Field(max_length=1000)] = ""
    until: AwareDatetime | None = None


@router.get("/v1/freezes", **described(FreezeList))
async def list_freezes(request: Request, _key: Caller, all: bool = False) -> Response:
    """The topics that are frozen now; with ``all`` those that were, too."""
    freezes = services_of(request).freezes
    found = await to_thread.run_sync(freezes.every if all else freezes.holding)
    return JsonResponse({"object": "list", "data": [_shown(freeze) for freeze in found]})


@router.post("/v1/freezes", **described(FreezeShape, FreezeRequest, status=201))
async def freeze(request: Request, key: Caller) -> Response:
    """Freeze a topic: 201 with what was made. It holds in every server process within `CITEDESK_REFRESH_SECONDS`."""
    services = services_of(request)
    body = await read_model(request, FreezeRequest, services.settings.max_body_bytes)
    made = await to_thread.run_sync(_freeze, services, body, f"key:{key.id}")
    return JsonResponse(_shown(made), status_code=201)


@router.delete("/v1/freezes/{identifier}", **described(FreezeShape))
async def unfreeze(request: Request, identifier: str, key: Caller) -> Response:
    """Answer questions about the topic again."""
    lifted = await to_thread.run_sync(services_of(request).freezes.lift, identifier, f"key:{key.id}")
    if lifted is None:
        raise NotFoundError("There is no freeze with this id. `GET /v1/freezes` lists them.")
    return JsonResponse(_shown(lifted))


def _freeze(services: Services, body: FreezeRequest, who: str) -> Freeze:
    try:
        return services.freezes.freeze(body.topic, who, body.reason, body.texts, body.until)
    except FreezeProblemError as error:  # said to the caller: it is his request that is wrong
        raise RequestError(str(error), param=error.field) from error


def _shown(freeze: Freeze) -> dict[str, Any]:
    return {"object": "freeze"} | freeze.to_json()
