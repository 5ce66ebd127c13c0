"""``/healthz``: the process runs. ``/readyz``: it can answer. ``/``: what there is."""

import os
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.errors import KnowledgeBaseError, NoVersionError
from server.described import described
from server.errors import Failure
from server.respond import JsonResponse
from server.services import Services, services_of
from server.shapes.shape import Health, Readiness, Service

router = APIRouter()


@router.get("/", **described(Service))
async def root(request: Request) -> Response:
    """The routes, for somebody who looks at the address in a browser."""
    return JsonResponse({"service": "citedesk", "routes": request.app.state.paths})


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", **described(Health))
async def healthz() -> Response:
    """Whether the process handles requests."""
    return JsonResponse({"status": "ok"})


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", **described(Readiness, also={503: Readiness}))
async def readyz(request: Request) -> Response:
    """Whether questions can be answered; if not, why, and what to run. Open to everybody: files are named within the data folder."""
    services = services_of(request)
    state, problem = _state(services)
    state["problem"] = _without_folder(state["problem"], services.settings.data)
    if problem is None:
        return JsonResponse({"status": "ready"} | state)
    sentence = f"{_without_folder(problem, services.settings.data)} Run `citedesk ingest PATH`."
    failure = Failure(503, sentence, "server_error", "not_ready")
    return JsonResponse({"status": "not ready"} | state | failure.body(), status_code=503, headers={"Retry-After": "5"})


def _without_folder(text: str | None, data: Path) -> str | None:
    """``text`` with the files in ``data`` named from there on: where on the machine they lie is nobody's business."""
    if text is None:
        return None
    return text.replace(f"{data.absolute()}{os.sep}", "").replace(f"{data}{os.sep}", "")


def _state(services: Services) -> tuple[dict[str, Any], str | None]:
    """What is shown, and what keeps questions from being answered (``None`` when they can be)."""
    state: dict[str, Any] = {"encoder": services.encoder.id, "kb_version": None, "problem": services.live.problem}
    try:
        with services.live.lease() as version:
            state["kb_version"] = version.id
            built = version.manifest.encoder_id
    except NoVersionError:
        return state, services.live.problem or "No version of the knowledge base has been published yet."
    except KnowledgeBaseError as error:
        return state, services.live.problem or str(error)
    if built != services.encoder.id:
        state["problem"] = f"Version {version.id} was embedded with {built}, but the configured encoder is {services.encoder.id}."
        return state, state["problem"]
    return state, None
