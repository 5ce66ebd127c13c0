"""``/v1/ingest``: ingest runs started, watched and listed, for keys with the scope ``ingest``."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from kb.text.printable import is_printable_name
from server.auth import caller_with
from server.body import read_model
from server.described import described
from server.errors import NotFoundError, RequestError
from server.page import Offset, page_of
from server.respond import JsonResponse
from server.runs.history import RunHistory
from server.runs.roots import resolve_below
from server.runs.start import start_run
from server.services import Services, services_of
from server.settings import Settings
from server.shapes.runs import Run, RunDetail, RunList
from server.state.keys import ApiKey
from server.state.run import RunRequest, RunSource

router = APIRouter()
# Reasons, gate results, reports and notes quote documents and name files of every audience.
_FOR_ALL = (
    "id", "object", "state", "outcome", "exit_code", "trigger", "started_at", "ended_at", "seconds", "phase", "progress",
    "version_before", "version_after", "counts",
)  # fmt: skip
Caller = Annotated[ApiKey, Depends(caller_with("ingest"))]


def _source_name(name: str) -> str:
    if not is_printable_name(name) or "/" in name:
        raise ValueError("write a printable name without '/'")
    return name


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_source_name)]


class SourceFields(BaseModel):
    """A folder or file to mirror. Its ``name`` is by default the folder's or file's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Annotated[str, Field(min_length=1, max_length=4096)]
    name: Name | None = None


class IngestRequest(BaseModel):
    """The ``sources``; those that may lose most of their documents; the reason for publishing against the gate; and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: Annotated[list[SourceFields], Field(min_length=1, max_length=1000)]
    confirm_loss: Annotated[list[Name], Field(max_length=1000)] = []
    force: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    why: Annotated[str, Field(max_length=1000)] = ""


@router.post("/v1/ingest", **described(Run, IngestRequest, status=202))
async def start_ingest(request: Request, key: Caller) -> Response:
    """Start a run in a process of its own. 202 with its id, or 409 while another goes on."""
    services = services_of(request)
    body = await read_model(request, IngestRequest, services.settings.max_body_bytes)
    run = await to_thread.run_sync(_start, services, body, key)
    return JsonResponse(run, status_code=202, headers={"Location": f"/v1/ingest/{run['id']}"})


@router.get("/v1/ingest", **described(RunList))
async def list_ingests(
    request: Request, key: Caller, limit: Annotated[int, Query(ge=1, le=100)] = 20, offset: Offset = 0
) -> Response:
    """A page of runs, newest first, whoever started them."""
    return JsonResponse(await to_thread.run_sync(_page, services_of(request), key, limit, offset))


@router.get("/v1/ingest/{run_id}", **described(RunDetail))
async def get_ingest(request: Request, key: Caller, run_id: str) -> Response:
    """One run: its state, phase and progress, and for internal keys its ``report`` once it has ended."""
    return JsonResponse(await to_thread.run_sync(_run, services_of(request), key, run_id))


def _start(services: Services, body: IngestRequest, key: ApiKey) -> dict[str, Any]:
    sources = _sources(body, services.settings)
    asked = RunRequest(sources, f"{key.name} (key {key.id})", body.why, tuple(body.confirm_loss), body.force)
    return _shown(start_run(asked, services.settings, services.runs).to_json(), key)


def _sources(body: IngestRequest, settings: Settings) -> tuple[RunSource, ...]:
    found: dict[str, RunSource] = {}
    for number, source in enumerate(body.sources):
        path = resolve_below(source.path, settings.ingest_roots, f"sources[{number}].path")
        name = source.name or path.name or "root"
        if name in found:
            param = f"sources[{number}].name"
            raise RequestError("Two sources have the same name. Give one of them another 'name'.", param=param)
        found[name] = RunSource(name, str(path))
    return tuple(found.values())


def _page(services: Services, key: ApiKey, limit: int, offset: int) -> dict[str, Any]:
    history = RunHistory(services.runs, services.settings.data)
    runs, total = history.page(limit, offset), history.count()
    return page_of([_shown(run.to_json(), key) for run in runs], offset, total)


def _run(services: Services, key: ApiKey, run_id: str) -> dict[str, Any]:
    run = RunHistory(services.runs, services.settings.data).get(run_id)
    if run is None:
        raise NotFoundError("There is no ingest run with this id. `GET /v1/ingest` lists all.")
    report = None if run.ending is None else services.runs.report(run_id)
    return _shown(run.to_json() | {"report": report}, key)


def _shown(run: dict[str, Any], key: ApiKey) -> dict[str, Any]:
    """What a key may read of a run: a public one how it stands, no text."""
    return run if key.audience == "internal" else {name: run[name] for name in _FOR_ALL}
