"""Counts a request against the rates of its key and end user."""

from starlette.requests import Request

from server.limits.rates import Spender
from server.services import Services
from server.state.keys import ApiKey


async def admit(request: Request, services: Services, key: ApiKey, end_user: str | None = None) -> Spender:
    """Count this request; its response will say what is left. Raises RequestRateError or TokenRateError."""
    spender = services.rates.spender(key.id, end_user)
    request.state.extra_headers.update(await services.rates.admit(spender))
    return spender
