"""Records what a client asks a language model and gets back, as it goes over the wire."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from eval.reception import Reception

PATH = "/chat/completions"
_KEY = "citedesk.exchange"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One streamed completion: the request's body, and the raw bytes of the response as far as they were read."""

    body: dict[str, Any]
    received: bytearray = field(default_factory=bytearray)

    @property
    def prompt(self) -> str:
        """All that decides the answer: every field of the request but the cache's salt."""
        return json.dumps({name: value for name, value in self.body.items() if name != "cache_salt"}, sort_keys=True)

    @property
    def reception(self) -> Reception:
        """What was received. A last line that is not whole, of a stream that was closed in its midst, is left out."""
        reception = Reception()
        for line in self.received.decode(errors="replace").split("\n")[:-1]:
            reception.feed(line.rstrip("\r"))
        return reception


class ExchangeTap:
    """Between `open` and `close`, every streamed completion that ``http`` asks for is recorded.

    It works by hooks of httpx's. Bytes are only copied while they come in; nothing is parsed before it is looked at.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._exchanges: list[Exchange] = []
        self.salt: str | None = None
        """Put in the place of the ``cache_salt`` of every request that has one."""

    def open(self) -> None:
        """Begin to record."""
        hooks = self._http.event_hooks
        self._http.event_hooks = {"request": [*hooks["request"], self._sent], "response": [*hooks["response"], self._answered]}

    def close(self) -> None:
        """Record no longer."""
        hooks = self._http.event_hooks
        ours = (self._sent, self._answered)
        self._http.event_hooks = {name: [hook for hook in known if hook not in ours] for name, known in hooks.items()}

    def take(self) -> list[Exchange]:
        """The exchanges since the last call, in the order of their beginning."""
        taken, self._exchanges = self._exchanges, []
        return taken

    async def _sent(self, request: httpx.Request) -> None:
        if not request.url.path.endswith(PATH):
            return
        exchange = Exchange(json.loads(request.content))
        if not exchange.body.get("stream"):
            return
        if self.salt is not None and "cache_salt" in exchange.body:
            exchange.body["cache_salt"] = self.salt
            content = json.dumps(exchange.body).encode()
            request.stream = httpx.ByteStream(content)
            request.headers["content-length"] = str(len(content))
        request.extensions[_KEY] = exchange
        self._exchanges.append(exchange)

    async def _answered(self, response: httpx.Response) -> None:
        exchange = response.request.extensions.get(_KEY)
        if exchange is not None:
            assert isinstance(response.stream, httpx.AsyncByteStream)
            response.stream = _Copied(response.stream, exchange.received)


class _Copied(httpx.AsyncByteStream):
    """``inner``, each part of which is also appended to ``copy``."""

    def __init__(self, inner: httpx.AsyncByteStream, copy: bytearray) -> None:
        self._inner = inner
        self._copy = copy

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            self._copy += part
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()
