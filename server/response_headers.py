"""What every response carries, whichever route or middleware made it: headers for browsers, and the fields that were ignored."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.body import ignored_fields

CLOSED = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
}
"""Where a route says nothing else: no answer of an API is a page, and none may be shown as one."""
IGNORED = "x-citedesk-ignored"


class ResponseHeaders:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in CLOSED.items():
                    headers.setdefault(name, value)
                if names := state.get("ignored_fields"):
                    headers[IGNORED] = ignored_fields(names)
            await send(message)

        await self._app(scope, receive, send_with_headers)
