"""Traces of requests, where `CITEDESK_OTLP_URL` says where to send them: a span for each request, and one below it for each stage."""

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Protocol

from kb.errors import ConfigurationError
from server.settings import Settings
from server.watching.exchange import Exchange

NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")


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


def open_tracing(settings: Settings) -> Tracing:
    """The tracing that ``settings`` want. Raises ConfigurationError when its packages are not installed."""
    if settings.otlp_url is None:
        return NoTracing()
    if not all(_is_installed(module) for module in NEEDED):
        raise ConfigurationError("CITEDESK_OTLP_URL is set, but OpenTelemetry is not installed. Install it: pip install 'citedesk[otel]'.")
    from server.watching.otel import OtelTracing  # an extra, and half a second that nothing else here needs

    return OtelTracing.sending_to(settings.otlp_url, settings.trace_share)


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of the package around it
        return False
