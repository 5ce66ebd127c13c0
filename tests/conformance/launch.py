"""The command ``citedesk``, whose server has one route more: it fails as no route should, on command (check 24).

    python -m tests.conformance.launch serve --data …
"""

from fastapi import FastAPI

import server.app
from server.cli.main import main
from server.services import Services
from server.watching.watch import Watch

SECRET = "secret-detail-4711"
PATH = "/v1/broken"
_create_app = server.app.create_app


def create_app(services: Services, watch: Watch | None = None) -> FastAPI:
    app = _create_app(services, watch)
    app.add_api_route(PATH, broken, methods=["POST"])
    return app


async def broken() -> None:
    raise LookupError(SECRET)


if __name__ == "__main__":
    server.app.create_app = create_app
    main()
