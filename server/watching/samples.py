"""Metrics that are read when Prometheus asks for them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from kb.errors import CitedeskError
from server.watching.catalogue import BLIND, Metric

_LOG = structlog.get_logger(__name__)
Part = Callable[[], Iterable[Family]]


class Registry(CollectorRegistry):
    """A registry of one application. The times at which series were made are left out: they double the page, and nobody asks for them."""

    def collect(self) -> Iterator[Family]:
        """All families."""
        for family in super().collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family


class ReadMetrics(Collector):
    """Reads ``parts`` anew each time. One that cannot be read is left out, and named by `BLIND`; the others are still told."""

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts

    def describe(self) -> list[Family]:
        """Nothing is read when the collector is registered."""
        return []

    def collect(self) -> Iterator[Family]:
        """All families of all parts."""
        blind = gauge(BLIND)
        for name, part in self._parts.items():
            found = _read(name, part)
            blind.add_metric([name], float(found is None))
            yield from found or ()
        yield blind


def _read(name: str, part: Part) -> Sequence[Family] | None:
    try:
        return list(part())
    except (CitedeskError, SQLAlchemyError, OSError) as error:
        _LOG.error("metrics_not_read", part=name, error_type=type(error).__name__)
        return None


def gauge(metric: Metric, value: float | None = None) -> GaugeMetricFamily:
    """The family of a gauge; with its only sample when it has no labels."""
    return GaugeMetricFamily(metric.name, metric.help, value, metric.labels if value is None else None)


def counter(metric: Metric, value: float | None = None) -> CounterMetricFamily:
    """The family of a counter that is counted elsewhere."""
    return CounterMetricFamily(metric.name, metric.help, value, metric.labels if value is None else None)


def labelled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[str, float]) -> Family:
    """``family`` with one sample for each value of its only label."""
    for label, value in values.items():
        family.add_metric([label], value)
    return family
