"""An HTTP transport that stops reading what is larger than any answer, before it fills the memory."""

from collections.abc import AsyncIterator

import httpx

MAX_EVENT_BYTES = 1 << 20
"""The longest event of a stream (all up to a blank line), and the longest body of anything that is no stream."""
MAX_STREAM_BYTES = 64 << 20
"""A stream as a whole: about 250 bytes for each of 256 Ki tokens."""
_BLANK_LINES = (b"\n\n", b"\r\n\r\n", b"\r\r")
_TAIL = 3


class ResponseTooLargeError(httpx.TransportError):
    """The response outgrew its limits."""


class BoundedTransport(httpx.AsyncBaseTransport):
    """Passes requests to ``inner`` and bounds what comes back.

    Compressed responses are refused: a small one can unpack into a huge one, after this check.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request``. Raises ResponseTooLargeError here or while the body is read."""
        response = await self._inner.handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise ResponseTooLargeError("compressed, although we asked for plain text", request=request)
        streamed = response.headers.get("content-type", "").startswith("text/event-stream")
        stream = _BoundedStream(response.stream, MAX_STREAM_BYTES if streamed else MAX_EVENT_BYTES)
        return httpx.Response(response.status_code, headers=response.headers, stream=stream, extensions=response.extensions)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _BoundedStream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, most: int) -> None:
        self._inner = inner
        self._left = most
        self._event = 0
        self._tail = b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            self._count(part)
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _count(self, part: bytes) -> None:
        """Blank lines are looked for in what came last, too: they may be cut in two."""
        seen = self._tail + part
        blank = max(seen.rfind(line) for line in _BLANK_LINES)
        self._event = len(seen) - blank if blank >= 0 else self._event + len(part)
        self._left -= len(part)
        self._tail = seen[-_TAIL:]
        if self._event > MAX_EVENT_BYTES or self._left < 0:
            raise ResponseTooLargeError("the response outgrew its limits")
