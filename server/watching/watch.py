"""All the watching of one application: it is told of every exchange, and of nothing else."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from prometheus_client import GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.metrics_core import Metric as Family

from server.errors import Failure
from server.services import Services
from server.watching import catalogue
from server.watching.exchange import Exchange
from server.watching.exchange_log import log_exchange
from server.watching.open_tracing import open_tracing
from server.watching.request_metrics import RequestMetrics
from server.watching.samples import ReadMetrics, Registry, gauge, labelled
from server.watching.state_metrics import Clock, StateMetrics, now
from server.watching.tracing import Tracing


class Queue(Protocol):
    """What lets requests in. The numbers may be read from any thread."""

    @property
    def waiting(self) -> int:
        """Requests that wait to be let in."""

    @property
    def running(self) -> int:
        """Requests that were let in and are under way."""


class Watch:
    """Metrics in a registry of their own, log lines, and traces where they are wanted. Close it when the application stops."""

    def __init__(self, services: Services, clock: Clock = now, seconds: Callable[[], float] = time.perf_counter) -> None:
        """Raises ConfigurationError when traces are wanted and cannot be had. ``clock`` tells the time, ``seconds`` how it passes."""
        self._seconds = seconds
        self._log_passages = services.settings.log_passages
        self.registry = Registry()
        self._requests = RequestMetrics(self.registry)
        self._queues: Mapping[str, Queue] = {}
        parts = StateMetrics(services, clock).parts | {"queue": self._queue_numbers}
        self.registry.register(ReadMetrics(parts))
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self.tracing: Tracing = open_tracing(services.settings)

    def watch_queues(self, queues: Mapping[str, Queue]) -> None:
        """Tell the numbers of ``queues``, by name, too."""
        self._queues = queues

    def exchange(self, request_id: str, method: str, client_request_id: str | None) -> Exchange:
        """The record of a request that comes in now."""
        return Exchange(request_id, method, client_request_id, self._seconds)

    def begin(self, exchange: Exchange) -> None:
        """A request has come in."""
        self._requests.began()

    def end(self, exchange: Exchange) -> None:
        """A request is over."""
        exchange.end()
        self._requests.ended(exchange)
        log_exchange(exchange, self._log_passages)

    def refused(self, method: str, route: str, failure: Failure) -> None:
        """A request for ``route`` was refused at the door with ``failure``: before it was an exchange."""
        self._requests.refused(method, route, failure)

    def exposition(self) -> bytes:
        """All metrics, in Prometheus' text format. Reads files and the state database: not for the event loop."""
        return generate_latest(self.registry)

    def close(self) -> None:
        """Send what is left of the traces."""
        self.tracing.close()

    def _queue_numbers(self) -> Iterator[Family]:
        yield labelled(gauge(catalogue.QUEUE_WAITING), {name: float(queue.waiting) for name, queue in self._queues.items()})
        yield labelled(gauge(catalogue.QUEUE_RUNNING), {name: float(queue.running) for name, queue in self._queues.items()})
