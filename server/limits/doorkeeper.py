"""The middleware at the door: a request that would find its queue full is refused before anything is spent on it.

Not its key is looked up, not its body read, no line of the log is written for it alone: ten times the load that a machine can bear is borne
because the other nine tenths cost little. The key's id is taken as claimed. A false claim gains nothing: whoever passes here is
authenticated before standing in the queue.
"""

import re
import time
import uuid

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from server.errors import OverloadedError, to_failure
from server.limits.queues import Queues
from server.respond import error_response
from server.watching.watch import Watch

_LOG = structlog.get_logger(__name__)
_LOG_SECONDS = 1.0
_CLAIM = re.compile(rb"[Bb]earer +cd_live_([0-9a-f]{12})_")


class Doorkeeper:
    """ASGI middleware over ``queues``, outside of the log. ``watch`` counts each refusal; the log says how many, once a second."""

    def __init__(self, app: ASGIApp, queues: Queues, watch: Watch) -> None:
        self._app = app
        self._queues = queues
        self._watch = watch
        self._unlogged = 0
        self._logged_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request, or pass it on."""
        try:
            self._check(scope)
        except OverloadedError as error:
            failure = to_failure(error)
            self._count()
            self._watch.refused(scope["method"], scope["path"], failure)
            response = error_response(failure)
            response.headers["x-request-id"] = f"req_{uuid.uuid4().hex}"
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        queue = self._queues.before(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if queue is not None:
            queue.check(_claimed_key(scope))

    def _count(self) -> None:
        self._unlogged += 1
        now = time.monotonic()
        if now - self._logged_at >= _LOG_SECONDS:
            _LOG.warning("refused_at_the_door", requests=self._unlogged)
            self._unlogged, self._logged_at = 0, now


def _claimed_key(scope: Scope) -> str:
    """The id in the key that the request shows, true or not; empty when there is none."""
    shown = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    match = _CLAIM.match(shown)
    return match[1].decode() if match else ""
