"""Traces by OpenTelemetry, over OTLP by HTTP. Its provider is the application's own: nothing global is set, nothing is patched."""

import time
from collections.abc import Mapping
from typing import cast

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode, Tracer, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from kb.tally import Stage
from server.watching.exchange import Exchange, counts_of
from server.watching.state_metrics import citedesk_version
from server.watching.tracing import Trace

_PROPAGATOR = TraceContextTextMapPropagator()
_NANOSECONDS = 1_000_000_000
_PATIENCE = 3.0
"""Seconds that a batch may take to send, further attempts included: a server that stops waits for the last one."""


class OtelTracing:
    """Begins traces, and hands them to ``processor`` once their requests are over."""

    def __init__(self, processor: SpanProcessor, share: float = 1.0) -> None:
        """``share`` of all requests, in [0, 1], are traced."""
        resource = Resource.create({SERVICE_NAME: "citedesk", SERVICE_VERSION: citedesk_version()})
        self._provider = TracerProvider(sampler=TraceIdRatioBased(share), resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("citedesk")

    @classmethod
    def sending_to(cls, url: str, share: float) -> "OtelTracing":
        """Sends to the collector at ``url``, in batches and by a thread of its own. A collector that is away costs spans, never answers."""
        return cls(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=_PATIENCE)), share)

    def begin(self, exchange: Exchange, traceparent: str | None) -> Trace:
        """A trace of its own, linked to the client's: who asks does not decide what is traced here."""
        linked = get_current_span(_PROPAGATOR.extract({"traceparent": traceparent} if traceparent else {})).get_span_context()
        links = [Link(linked)] if linked.is_valid else []
        span = self._tracer.start_span(exchange.method, kind=SpanKind.SERVER, links=links)
        return OtelTrace(span, self._tracer)

    def close(self) -> None:
        """Send what is left, for some seconds at most."""
        self._provider.shutdown()


class OtelTrace:
    """A request's span under way. The spans of its stages are written when it is over, at the times at which they were."""

    def __init__(self, span: Span, tracer: Tracer) -> None:
        self._span = span
        self._tracer = tracer
        self._wall = time.time_ns()
        self._began = time.perf_counter()

    @property
    def headers(self) -> Mapping[str, str]:
        """W3C's Trace Context."""
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier, set_span_in_context(self._span))
        return carrier

    def end(self, exchange: Exchange) -> None:
        """Write the stages and close the span. Attributes hold codes and numbers, no text."""
        for name, stage in exchange.tally.stages.items():
            self._write(name, stage)
        self._span.update_name(f"{exchange.method} {exchange.route}")
        self._span.set_attributes(_attributes(exchange))
        if exchange.code is not None and (exchange.streamed or (exchange.status or 500) >= 500):
            self._span.set_status(Status(StatusCode.ERROR, exchange.code))
        self._span.end()

    def _write(self, name: str, stage: Stage) -> None:
        context = set_span_in_context(self._span)
        attributes = {"citedesk.seconds": stage.seconds, "citedesk.times": stage.times}
        span = self._tracer.start_span(name, context, SpanKind.INTERNAL, attributes, start_time=self._at(stage.began))
        span.end(self._at(stage.ended))

    def _at(self, reading: float) -> int:
        """The time of day, in nanoseconds, at a reading of `time.perf_counter`."""
        return self._wall + int((reading - self._began) * _NANOSECONDS)


def _attributes(exchange: Exchange) -> dict[str, AttributeValue]:
    about: dict[str, object] = {
        "http.request.method": exchange.method,
        "http.route": exchange.route,
        "http.response.status_code": exchange.status,
        "error.type": exchange.code,
        "citedesk.request_id": exchange.request_id,
        "citedesk.audience": exchange.audience,
        "citedesk.outcome": exchange.outcome,
    }
    answer = exchange.answer
    if answer is not None:
        about |= {
            "citedesk.reason": answer.reason,
            "citedesk.kb_version": answer.kb_version,
            "citedesk.generator": answer.generator.name,
            "citedesk.degraded": answer.generator.degraded,
            **{f"citedesk.{name}": number for name, number in counts_of(answer).items()},
        }
    return {name: cast(AttributeValue, value) for name, value in about.items() if value is not None}
