"""``GET /metrics``: what is counted and measured, for Prometheus."""

from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from kb.errors import ScopeDeniedError
from server.auth import Caller, authenticate
from server.described import described
from server.errors import NotFoundError
from server.services import services_of
from server.state.keys import ApiKey
from server.watching.exchange import note_audience
from server.watching.watch import Watch

LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
FORWARDED = ("forwarded", "x-forwarded-", "x-real-ip", "via")
"""How headers of a proxy begin: who comes through one is not on this machine, whatever address the proxy has."""


def metrics_router() -> APIRouter:
    """The route. It has a thread of its own: a scrape must get through when all others are busy."""
    router = APIRouter()
    limiter = CapacityLimiter(1)

    @router.get("/metrics", **described(kinds=("text/plain",)))
    async def metrics(request: Request, _key: Annotated[ApiKey | None, Depends(MetricsReader("metrics"))]) -> Response:
        """All metrics in Prometheus' text format, for those whom CITEDESK_METRICS_ACCESS admits."""
        watch: Watch = request.app.state.watch
        content = await to_thread.run_sync(watch.exposition, limiter=limiter)
        return Response(content, headers={"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"})

    return router


class MetricsReader(Caller):
    """A dependency that lets in whom CITEDESK_METRICS_ACCESS admits, with or without a key."""

    async def __call__(self, request: Request) -> ApiKey | None:  # type: ignore[override]  # the key is not asked for where none is needed
        """Raises NotFoundError, InvalidKeyError or ScopeDeniedError."""
        services = services_of(request)
        access = services.settings.metrics_access
        if access == "off":
            raise NotFoundError("There are no metrics here: CITEDESK_METRICS_ACCESS is 'off'.")
        if access == "open" or (access == "loopback" and _is_local(request)):
            return None
        key = await authenticate(request, services)
        note_audience(key.audience)
        if not key.scopes & {"metrics", "admin"}:
            raise ScopeDeniedError("This API key may not read metrics: it lacks the scope 'metrics'. Make one with `citedesk keys create`.")
        return key


def _is_local(request: Request) -> bool:
    direct = not any(header.startswith(FORWARDED) for header in request.headers)
    return direct and request.client is not None and request.client.host in LOOPBACK
