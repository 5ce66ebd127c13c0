"""The HTTP application."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from server.limits.doorkeeper import Doorkeeper
from server.limits.reply_keeper import ReplyKeeper
from server.openapi import build_document
from server.originals.shelf import Shelf
from server.origins import BrowserOrigins, KnownHosts
from server.request_log import RequestLog
from server.request_target import OriginForm
from server.respond import install_error_handlers
from server.response_headers import ResponseHeaders
from server.routes import chat, customers, documents, embeddings, feedback, freezes, health, ingest, keys, models, search, verify
from server.routes.metrics import metrics_router
from server.routes.openapi import openapi_router
from server.routes.originals import originals_router
from server.services import Services
from server.version_watch import watch_versions
from server.watching.watch import Watch


def create_app(services: Services, watch: Watch | None = None) -> FastAPI:
    """An application over ``services``, which stay the caller's to close. ``watch`` is closed with it; its own if not given."""
    watch = Watch(services) if watch is None else watch
    watch.watch_queues({"answers": services.queues.answers, "lookups": services.queues.lookups})
    shelf = Shelf(services.live, services.store)
    # No docs pages: they load scripts from elsewhere. Slashes are not redirected: a POST would lose its body.
    hidden: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    app = FastAPI(title="Citedesk", redirect_slashes=False, lifespan=_lifespan(services, shelf, watch), **hidden)
    app.state.services, app.state.watch = services, watch
    answering = (models.router, chat.router, embeddings.router, search.router, verify.router, documents.router)
    governing = (ingest.router, feedback.router, keys.router, customers.router, freezes.router)
    routers = [health.router, metrics_router(), *answering, originals_router(shelf), *governing]
    routers.append(openapi_router(lambda: build_document(_routes_of(routers))))
    app.state.routes = _routes_of(routers)
    app.state.paths = sorted({route.path for route in app.state.routes})
    for router in routers:
        app.include_router(router)
    install_error_handlers(app)
    _add_middleware(app, services, watch)
    return app


def _routes_of(routers: Sequence[APIRouter]) -> list[APIRoute]:
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]


def _add_middleware(app: FastAPI, services: Services, watch: Watch) -> None:
    """What every request passes, the innermost first."""
    settings = services.settings
    app.add_middleware(ReplyKeeper)
    if settings.allowed_hosts:
        app.add_middleware(KnownHosts, hosts=settings.allowed_hosts)
    app.add_middleware(RequestLog, watch=watch)
    app.add_middleware(Doorkeeper, queues=services.queues, watch=watch)
    if settings.cors_origins:  # outside of the log, so that a page can read refusals and unexpected errors too
        app.add_middleware(BrowserOrigins, origins=settings.cors_origins)
    app.add_middleware(ResponseHeaders)
    app.add_middleware(OriginForm)


def _lifespan(services: Services, shelf: Shelf, watch: Watch) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch_versions(services.live, shelf, services.settings.refresh_seconds))
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await services.aclose()
            shelf.close()
            await asyncio.to_thread(watch.close)

    return lifespan
