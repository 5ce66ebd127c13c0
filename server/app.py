"""The HTTP application."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from server.originals.shelf import Shelf
from server.request_log import RequestLog
from server.respond import install_error_handlers
from server.routes import chat, customers, documents, feedback, health, ingest, keys, models, search, verify
from server.routes.originals import originals_router
from server.services import Services
from server.version_watch import watch_versions


def create_app(services: Services) -> FastAPI:
    """An application over ``services``, which stay the caller's to close."""
    shelf = Shelf(services.live, services.store)
    # No docs pages: they load scripts from elsewhere. Slashes are not redirected: a POST would lose its body.
    hidden: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    app = FastAPI(title="Citedesk", redirect_slashes=False, lifespan=_lifespan(services, shelf), **hidden)
    app.state.services = services
    answering = (health.router, models.router, chat.router, search.router, verify.router, documents.router)
    routers = (*answering, originals_router(shelf), ingest.router, feedback.router, keys.router, customers.router)
    app.state.paths = sorted({route.path for router in routers for route in router.routes if isinstance(route, APIRoute)})
    for router in routers:
        app.include_router(router)
    install_error_handlers(app)
    app.add_middleware(RequestLog)
    return app


def _lifespan(services: Services, shelf: Shelf) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
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

    return lifespan
