"""What is read of the service itself when Prometheus asks: the knowledge base, ingest runs, the language model, the disk."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from prometheus_client.metrics_core import Metric as Family

from kb.errors import KnowledgeBaseError
from kb.scope import AUDIENCES
from kb.version import Version
from server.services import Services
from server.state.run import RUN_OUTCOMES, Run, RunOutcome
from server.watching import catalogue
from server.watching.samples import Part, counter, gauge, labelled

GOOD: tuple[RunOutcome, ...] = ("published", "unchanged")
_TELLING: tuple[RunOutcome, ...] = tuple(outcome for outcome in RUN_OUTCOMES if outcome != "busy")
"""A run that found another one running tells nothing of the night: the other one does."""
Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class StateMetrics:
    """The parts, each of which can fail alone. ``clock`` tells the time with its zone."""

    def __init__(self, services: Services, clock: Clock = now) -> None:
        self._services = services
        self._clock = clock

    @property
    def parts(self) -> dict[str, Part]:
        """The parts by name."""
        return {
            "knowledge_base": self.knowledge_base,
            "runs": self.runs,
            "language_model": self.language_model,
            "disk": self.disk,
            "build": self.build,
        }

    def knowledge_base(self) -> Iterator[Family]:
        """The version that is served, and whether it is the one that should be."""
        live = self._services.live
        yield gauge(catalogue.KB_FALLBACK, float(live.problem is not None))
        try:
            with live.lease() as served:
                yield from self._version(served)
        except KnowledgeBaseError:  # none was published, or nothing sound is left: /readyz says which
            yield gauge(catalogue.READY, 0.0)
            yield gauge(catalogue.KB_VERSION, 0.0)

    def _version(self, served: Version) -> Iterator[Family]:
        manifest = served.manifest
        mismatch = manifest.encoder_id != self._services.encoder.id
        yield gauge(catalogue.READY, float(not mismatch))
        yield gauge(catalogue.ENCODER_MISMATCH, float(mismatch))
        yield gauge(catalogue.KB_VERSION, float(served.id))
        yield gauge(catalogue.KB_AGE, self._age(datetime.fromisoformat(manifest.created)))
        yield gauge(catalogue.KB_DOCUMENTS, float(manifest.counts.get("documents", 0)))
        passages: dict[str, float] = {audience: float(manifest.counts.get(f"passages_{audience}", 0)) for audience in AUDIENCES}
        yield labelled(gauge(catalogue.KB_PASSAGES), passages)

    def runs(self) -> Iterator[Family]:
        """The record of ingest runs."""
        store = self._services.runs
        counted = store.outcome_counts()
        yield labelled(counter(catalogue.RUNS), {outcome: float(counted.get(outcome, 0)) for outcome in RUN_OUTCOMES})
        yield gauge(catalogue.RUNNING, float(len(store.unfinished())))
        last = store.last_ended(_TELLING)
        ended = None if last is None or last.ending is None else last.ending.outcome
        yield labelled(gauge(catalogue.LAST_RUN), {outcome: float(outcome == ended) for outcome in _TELLING})
        yield from self._ages(last, store.last_ended(GOOD))

    def _ages(self, last: Run | None, good: Run | None) -> Iterator[Family]:
        if last is not None and last.ended_at is not None:
            yield gauge(catalogue.LAST_RUN_AGE, self._age(last.ended_at))
        if good is not None and good.ended_at is not None:
            yield gauge(catalogue.LAST_GOOD_AGE, self._age(good.ended_at))

    def language_model(self) -> Iterator[Family]:
        """Whether the language model is taken to be down. Nothing where there is none."""
        chat = self._services.chat
        if chat is not None:
            yield gauge(catalogue.BREAKER_OPEN, float(chat.model.breaker.is_open))
            yield counter(catalogue.BREAKER_OPENINGS, float(chat.model.breaker.openings))

    def disk(self) -> Iterator[Family]:
        """Where the data folder lies."""
        usage = shutil.disk_usage(self._services.settings.data)
        yield gauge(catalogue.DISK_FREE, float(usage.free))
        yield gauge(catalogue.DISK_SIZE, float(usage.total))

    def build(self) -> Iterator[Family]:
        """What runs here."""
        settings = self._services.settings
        info = gauge(catalogue.INFO)
        info.add_metric([citedesk_version(), self._services.encoder.id, settings.llm_model or "extractive"], 1.0)
        yield info

    def _age(self, then: datetime) -> float:
        """Seconds since ``then``, none of them negative: clocks are set back now and then."""
        return max(0.0, (self._clock() - then).total_seconds())


def citedesk_version() -> str:
    """The version of the installed package."""
    try:
        return version("citedesk")
    except PackageNotFoundError:
        return "unknown"
