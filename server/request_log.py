"""The outermost layer: an id for every request, one log line, and the answer to whatever else failed to catch."""

import time
import uuid

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import to_failure
from server.respond import error_response

_LOG = structlog.get_logger(__name__)
CLIENT_LEFT = 499
"""Logged, never sent: nginx's status for a client that closed the connection before it was answered."""


class RequestLog:
    """ASGI middleware. The request's id is ``scope["state"]["request_id"]``, the ``x-request-id`` header, and in all logs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = f"req_{uuid.uuid4().hex}"
        scope.setdefault("state", {})["request_id"] = request_id
        exchange = _Exchange(send, request_id)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._run(scope, receive, exchange)
            _LOG.info("request", method=scope["method"], path=scope["path"], status=exchange.status, seconds=exchange.seconds)

    async def _run(self, scope: Scope, receive: Receive, exchange: "_Exchange") -> None:
        try:
            await self._app(scope, receive, exchange.send)
        except ClientDisconnect:  # while its body was still being read: nobody is there to answer
            exchange.status = CLIENT_LEFT
        except Exception as error:
            failure = to_failure(error)  # which logs it
            if exchange.status is not None:  # a response has begun; only breaking the connection is honest now
                raise
            await error_response(failure)(scope, receive, exchange.send)


class _Exchange:
    """One response under way: adds the id to its headers and remembers its status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self._began = time.perf_counter()
        self.status: int | None = None

    @property
    def seconds(self) -> float:
        return round(time.perf_counter() - self._began, 4)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["x-request-id"] = self._request_id
        await self._send(message)
