"""The middleware at the door: a request that would find its queue full is refused before anything is spent on it.

Not its key is looked up, not its body read: ten times the load that a machine can bear is borne because the other nine tenths cost little.
The key's id is taken as claimed. A false claim gains nothing: whoever passes here is authenticated before standing in the queue.
"""

import asyncio
import re
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import OverloadedError, StoppingError, to_failure
from server.limits.queues import Queues
from server.respond import error_response

_CLAIM = re.compile(rb"[Bb]earer +cd_live_([0-9a-f]{12})_")


class Doorkeeper:
    """ASGI middleware over ``queues``. What a route puts into ``request.state.extra_headers`` is added to its response."""

    def __init__(self, app: ASGIApp, queues: Queues) -> None:
        self._app = app
        self._queues = queues

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check(scope)
        except OverloadedError as error:
            await error_response(to_failure(error))(scope, receive, send)
            return
        await self._pass_on(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        queue = self._queues.before(scope["method"], scope["path"])
        if queue is not None:
            queue.check(_claimed_key(scope))

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        extra: dict[str, str] = {}
        scope.setdefault("state", {})["extra_headers"] = extra
        reply = _Reply(send, extra)
        try:
            await self._app(scope, receive, reply.send)
        except asyncio.CancelledError:  # the server's time to finish is over
            if not reply.began:
                await error_response(to_failure(StoppingError()))(scope, receive, reply.send)
            elif not reply.complete:
                raise


class _Reply:
    """A response under way."""

    def __init__(self, send: Send, extra: Mapping[str, str]) -> None:
        self._send = send
        self._extra = extra
        self.began = False
        self.complete = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.began = True
            MutableHeaders(scope=message).update(self._extra)
        self.complete = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)


def _claimed_key(scope: Scope) -> str:
    """The id in the key that the request shows, true or not; empty when there is none."""
    shown = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    match = _CLAIM.match(shown)
    return match[1].decode() if match else ""
