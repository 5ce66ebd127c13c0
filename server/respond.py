"""Responses: JSON by orjson, and errors in OpenAI's shape."""

from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from kb.errors import CitedeskError
from server.errors import Failure, RequestError, to_failure
from server.watching.exchange import CLIENT_LEFT


class JsonResponse(Response):
    """A JSON body. Never cached, unless its route says otherwise: every answer depends on the key."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - any JSON value, as in the base class
        """The body's bytes."""
        return orjson.dumps(content)

    def init_headers(self, headers: Any = None) -> None:  # noqa: ANN401 - as in the base class
        """Add the headers that every JSON response has."""
        super().init_headers(headers)
        self.headers.setdefault("cache-control", "no-store")
        self.headers.setdefault("x-content-type-options", "nosniff")


def error_response(failure: Failure) -> JsonResponse:
    """The response for a failure."""
    return JsonResponse(failure.body(), status_code=failure.status, headers=dict(failure.headers))


def nobody_listens() -> Response:
    """For a client that has gone: nginx's status for its log, which nobody receives."""
    return Response(status_code=CLIENT_LEFT)


def install_error_handlers(app: FastAPI) -> None:
    """Every error of every route leaves in OpenAI's shape; FastAPI's own handlers, which echo the input, are replaced."""
    app.add_exception_handler(CitedeskError, _handle)
    app.add_exception_handler(HTTPException, _handle_routing)
    app.add_exception_handler(RequestValidationError, _handle_parameters)


def _handle(_request: Request, error: Exception) -> Response:
    return error_response(to_failure(error))


def _handle_routing(request: Request, error: Exception) -> Response:
    """No such address, or not with this method. The router names the methods of one route; an address may have several."""
    if isinstance(error, HTTPException) and error.status_code == 405:
        error = HTTPException(405, headers={"Allow": ", ".join(_methods_at(request))})
    return _handle(request, error)


def _methods_at(request: Request) -> list[str]:
    routes = [route for route in request.app.state.routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in routes for method in route.methods})


def _handle_parameters(_request: Request, error: Exception) -> Response:
    """A wrong path or query parameter."""
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    name = str(first.get("loc", ("?",))[-1])
    reason = str(first.get("msg", "not valid"))
    return error_response(to_failure(RequestError(f"The parameter '{name}' is wrong: {reason}.", param=name)))
