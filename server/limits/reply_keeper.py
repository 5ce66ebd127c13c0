"""The middleware around each reply: adds the headers that a route wants, and answers for what the stopping server cannot finish."""

import asyncio

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import StoppingError, to_failure
from server.respond import error_response


class ReplyKeeper:
    """ASGI middleware. What a route puts into ``request.state.extra_headers`` is added to its response, whatever becomes of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reply = _Reply(send)
        scope.setdefault("state", {})["extra_headers"] = reply.extra
        try:
            await self._app(scope, receive, reply.send)
        except asyncio.CancelledError:  # the server stops, and the time to finish is over
            if not reply.began:
                await error_response(to_failure(StoppingError()))(scope, receive, reply.send)
            elif not reply.complete:
                raise


class _Reply:
    """A response under way."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.extra: dict[str, str] = {}
        self.began = False
        self.complete = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.began = True
            MutableHeaders(scope=message).update(self.extra)
        self.complete = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)
