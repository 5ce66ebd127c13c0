"""Who is calling: the API key of a request."""

from dataclasses import dataclass

from starlette.requests import Request

from server.services import Services, services_of
from server.state.keys import ApiKey, KeyScope
from server.watching.exchange import note_audience


@dataclass(frozen=True, slots=True)
class Caller:
    """A dependency that yields the caller's key. ``scope`` is what the key must have; None: any key will do."""

    scope: KeyScope | None

    async def __call__(self, request: Request) -> ApiKey:
        """Raises InvalidKeyError, or ScopeDeniedError when the key lacks the scope."""
        key = await authenticate(request, services_of(request))
        note_audience(key.audience)
        if self.scope is not None:
            key.require(self.scope)
        return key


def caller_with(scope: KeyScope | None) -> Caller:
    """The dependency for a route that needs ``scope``."""
    return Caller(scope)


async def authenticate(request: Request, services: Services) -> ApiKey:
    """The key in ``Authorization: Bearer``. Raises InvalidKeyError, or StateUnavailableError when the database is away."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return await services.callers.find(token.strip() if scheme.lower() == "bearer" else "")
