"""Who is calling: the API key of a request."""

from collections.abc import Awaitable, Callable

from anyio import to_thread
from starlette.requests import Request

from server.services import Services, services_of
from server.state.keys import ApiKey, KeyScope
from server.watching.exchange import note_audience


def caller_with(scope: KeyScope | None) -> Callable[[Request], Awaitable[ApiKey]]:
    """A dependency that yields the caller's key. Raises InvalidKeyError, or ScopeDeniedError when it lacks ``scope``."""

    async def caller(request: Request) -> ApiKey:
        key = await authenticate(request, services_of(request))
        note_audience(key.audience)
        if scope is not None:
            key.require(scope)
        return key

    return caller


async def authenticate(request: Request, services: Services) -> ApiKey:
    """The key in ``Authorization: Bearer``. SQLite is read in a thread. Raises InvalidKeyError."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    secret = token.strip() if scheme.lower() == "bearer" else None
    return await to_thread.run_sync(services.keys.authenticate, secret)
