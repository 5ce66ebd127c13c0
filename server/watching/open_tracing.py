"""Traces of requests, where `CITEDESK_OTLP_URL` says where to send them: a span for each request, and one below it for each stage."""

from importlib.util import find_spec

from kb.errors import ConfigurationError
from server.settings import Settings
from server.watching.tracing import NoTracing, Tracing

NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")


def open_tracing(settings: Settings) -> Tracing:
    """The tracing that ``settings`` want. Raises ConfigurationError when its packages are not installed."""
    if settings.otlp_url is None:
        return NoTracing()
    if not all(_is_installed(module) for module in NEEDED):
        advice = "Run `pip install '.[otel]' -c constraints/base.txt` in Citedesk's folder, or unset CITEDESK_OTLP_URL."
        raise ConfigurationError(f"CITEDESK_OTLP_URL is set, but OpenTelemetry is not installed. {advice}")
    from server.watching.otel import OtelTracing  # an extra, and half a second that nothing else here needs

    return OtelTracing.sending_to(settings.otlp_url, settings.trace_share)


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of the package around it
        return False
