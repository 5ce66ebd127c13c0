"""``GET /metrics``: what is counted and measured, for Prometheus."""

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from kb.errors import ScopeDeniedError
from server.auth import authenticate
from server.errors import NotFoundError
from server.services import services_of
from server.watching.exchange import note_audience
from server.watching.watch import Watch

LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
FORWARDED = ("forwarded", "x-forwarded-", "x-real-ip", "via")
"""How headers of a proxy begin: who comes through one is not on this machine, whatever address the proxy has."""


def metrics_router() -> APIRouter:
    """The route. It has a thread of its own: a scrape must get through when all others are busy."""
    router = APIRouter()
    limiter = CapacityLimiter(1)

    @router.get("/metrics")
    async def metrics(request: Request) -> Response:
        """All metrics in Prometheus' text format, for those whom CITEDESK_METRICS_ACCESS admits."""
        await _admit(request)
        watch: Watch = request.app.state.watch
        content = await to_thread.run_sync(watch.exposition, limiter=limiter)
        return Response(content, headers={"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"})

    return router


async def _admit(request: Request) -> None:
    """Raises NotFoundError, InvalidKeyError or ScopeDeniedError."""
    services = services_of(request)
    access = services.settings.metrics_access
    if access == "off":
        raise NotFoundError("There are no metrics here: CITEDESK_METRICS_ACCESS is 'off'.")
    if access == "open" or (access == "loopback" and _is_local(request)):
        return
    key = await authenticate(request, services)
    note_audience(key.audience)
    if not key.scopes & {"metrics", "admin"}:
        raise ScopeDeniedError("This API key may not read metrics: it lacks the scope 'metrics'. Make one with `citedesk keys create`.")


def _is_local(request: Request) -> bool:
    direct = not any(header.startswith(FORWARDED) for header in request.headers)
    return direct and request.client is not None and request.client.host in LOOPBACK
