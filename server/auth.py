"""Who is calling: the API key of a request."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from server.services import Services, services_of
from server.state.keys import ApiKey, KeyScope


def caller_with(scope: KeyScope | None) -> Callable[[Request], Awaitable[ApiKey]]:
    """A dependency that yields the caller's key. Raises InvalidKeyError, or ScopeDeniedError when it lacks ``scope``."""

    async def caller(request: Request) -> ApiKey:
        key = await authenticate(request, services_of(request))
        if scope is not None:
            key.require(scope)
        return key

    return caller


async def authenticate(request: Request, services: Services) -> ApiKey:
    """The key in ``Authorization: Bearer``. Raises InvalidKeyError, or StateUnavailableError when the database is away."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return await services.callers.find(token.strip() if scheme.lower() == "bearer" else "")
