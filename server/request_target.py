"""Requests whose target is a whole address, as they are sent to a proxy (RFC 9112, 3.2.2): every server must take them."""

import re
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

_ABSOLUTE = re.compile(rb"https?://(?P<host>[^/@]+)(?P<path>/.*)?", re.IGNORECASE | re.DOTALL)
"""Without the name of a user: that in the address of a request is an error (RFC 9110, 4.2.4), and finds nothing here."""


class OriginForm:
    """ASGI middleware, the outermost: ``http://host/path`` becomes ``/path``, and its host the header ``Host``, whatever stood there.

    uvicorn passes a target on as it came; all else here goes by paths.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and (target := _ABSOLUTE.fullmatch(scope.get("raw_path") or b"")):
            raw = target["path"] or b"/"
            headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope = {**scope, "raw_path": raw, "path": unquote(raw.decode("ascii")), "headers": [(b"host", target["host"]), *headers]}
        await self._app(scope, receive, send)
