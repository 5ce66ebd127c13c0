"""What traces requests, as the rest of watching sees it; and what traces none."""

from collections.abc import Mapping
from typing import Protocol

from server.watching.exchange import Exchange


class Trace(Protocol):
    """The trace of one request."""

    @property
    def headers(self) -> Mapping[str, str]:
        """W3C's Trace Context, for whoever is asked on behalf of this request."""

    def end(self, exchange: Exchange) -> None:
        """The request is over."""


class Tracing(Protocol):
    """Begins traces."""

    def begin(self, exchange: Exchange, traceparent: str | None) -> Trace:
        """The trace of ``exchange``; ``traceparent`` is the header that the client sent."""

    def close(self) -> None:
        """Send what is left."""


class NoTrace:
    """Nothing is traced."""

    headers: Mapping[str, str] = {}

    def end(self, exchange: Exchange) -> None:
        """Nothing to send."""


class NoTracing:
    """Traces nothing."""

    def begin(self, exchange: Exchange, traceparent: str | None) -> Trace:
        """A trace that is none."""
        return NoTrace()

    def close(self) -> None:
        """Nothing is left."""
