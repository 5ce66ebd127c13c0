"""Which pages in a browser may call this service, and under which names it answers: both off until the settings say otherwise."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from server.errors import RequestError, to_failure
from server.respond import error_response
from server.response_headers import IGNORED

EXPOSED = ("x-request-id", "etag", "retry-after", "x-should-retry", IGNORED)
"""Response headers that a page may read, besides those that any page may."""
UNNAMED = frozenset({"/healthz", "/readyz"})
"""Answered under any name: whoever watches a server knows its address, not its names."""


class BrowserOrigins(CORSMiddleware):
    """Starlette's CORS for ``origins`` alone, without credentials: an API key is sent by a page's own code, never by the browser itself."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        methods, exposed = ("GET", "POST", "DELETE"), [*EXPOSED, "x-ratelimit-*"]
        super().__init__(app, allow_origins=origins, allow_methods=methods, allow_headers=["*"], expose_headers=exposed)

    def preflight_response(self, request_headers: Headers) -> Response:
        """The answer to a browser that asks beforehand; a refusal in OpenAI's shape."""
        response = super().preflight_response(request_headers)
        if response.status_code == 200:
            return response
        message = "Pages of this origin may not call this service with this method. Its owner can name the origin in CITEDESK_CORS_ORIGINS."
        refusal = error_response(to_failure(RequestError(message, code="origin_not_allowed")))
        refusal.headers["vary"] = "Origin"
        return refusal


class KnownHosts:
    """ASGI middleware: requests whose ``Host`` is none of ``hosts`` are refused (DNS rebinding, poisoned caches)."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and scope["path"] not in UNNAMED and host_name(Headers(scope=scope).get("host", "")) not in self._hosts:
            message = "This service does not answer under this host name. Its owner can name it in CITEDESK_ALLOWED_HOSTS."
            await error_response(to_failure(RequestError(message, code="unknown_host")))(scope, receive, send)
            return
        await self._app(scope, receive, send)


def host_name(header: str) -> str:
    """The name in a ``Host`` header, without its port, in lower case."""
    if header.startswith("["):
        return header.partition("]")[0].removeprefix("[").lower()
    return header.partition(":")[0].lower()
