"""The outermost layer: an id for every request, the record that it is watched by, and the answer to whatever else failed to catch."""

import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.llm.correlation import Correlation
from server.errors import to_failure
from server.respond import error_response
from server.watching.exchange import CLIENT_LEFT, Exchange, sane_id
from server.watching.watch import Watch


class RequestLog:
    """ASGI middleware. The request's id is ``scope["state"]["request_id"]``, the ``x-request-id`` header, and in all logs.

    ``scope["state"]["exchange"]`` is the request's record. What a client calls its request is noted beside our id, never in its place.
    """

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        self._app = app
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        exchange = self._watch.exchange(f"req_{uuid.uuid4().hex}", scope["method"], sane_id(headers.get("x-request-id")))
        scope.setdefault("state", {}).update(request_id=exchange.request_id, exchange=exchange)
        trace = self._watch.tracing.begin(exchange, headers.get("traceparent"))
        correlation = Correlation(exchange.request_id, trace.headers)
        with structlog.contextvars.bound_contextvars(request_id=exchange.request_id), exchange.running(), correlation.running():
            self._watch.begin(exchange)
            try:
                await self._run(scope, receive, _Response(send, exchange))
            finally:  # also when the server stops and the request is cancelled
                exchange.found_route(_template(scope), scope["path"])
                self._watch.end(exchange)
                trace.end(exchange)

    async def _run(self, scope: Scope, receive: Receive, response: "_Response") -> None:
        try:
            await self._app(scope, receive, response.send)
        except ClientDisconnect:  # while its body was still being read: nobody is there to answer
            response.exchange.status = CLIENT_LEFT
        except Exception as error:
            failure = to_failure(error)  # which logs it
            if response.exchange.status is not None:  # a response has begun; only breaking the connection is honest now
                raise
            await error_response(failure)(scope, receive, response.send)


def _template(scope: Scope) -> str | None:
    """The route's own path. One that was refused before it came to a route has asked for it by name, or for nothing that is known."""
    route = scope.get("route")
    if isinstance(route, BaseRoute):
        return str(getattr(route, "path", "")) or None
    return next((path for path in scope["app"].state.paths if path == scope["path"]), None)


class _Response:
    """One response under way: adds the id to its headers, and notes how far it came."""

    def __init__(self, send: Send, exchange: Exchange) -> None:
        self._send = send
        self.exchange = exchange

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.exchange.status = message["status"]
            MutableHeaders(scope=message)["x-request-id"] = self.exchange.request_id
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self.exchange.complete = True
