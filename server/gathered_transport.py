"""A connection on which what is written in one go leaves in one go: the head and the body of a response together."""

import asyncio
from typing import Any

MOST = 64 * 1024
"""Bytes that wait at most; more leave at once, so that flow control sees them."""


class GatheredTransport(asyncio.Transport):
    """Writes to ``inner`` once in each turn of ``loop``.

    Each time that the loop sends it lets go of the interpreter, and waits for the threads that compute until it has it again; and each
    time the client is woken.
    """

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._inner = inner
        self._loop = loop
        self._waiting = bytearray()
        self._due: asyncio.Handle | None = None

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send ``data`` before the loop's next turn."""
        self._waiting += data
        if len(self._waiting) > MOST:
            self._flush()
        elif self._due is None and self._waiting:
            self._due = self._loop.call_soon(self._flush)

    def close(self) -> None:
        """Send what waits, then close."""
        self._flush()
        self._inner.close()

    def abort(self) -> None:
        """Close at once; what waits is lost."""
        self._waiting.clear()
        self._inner.abort()

    def is_closing(self) -> bool:
        """Whether it is closed, or will be."""
        return self._inner.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as in the base class
        """What the connection itself says."""
        return self._inner.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Read no more for now."""
        self._inner.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        self._inner.resume_reading()

    def _flush(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        data, self._waiting = self._waiting, bytearray()
        if data and not self._inner.is_closing():
            self._inner.write(data)
