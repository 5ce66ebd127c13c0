"""Counts what was asked and what became of it, one exchange after the other."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from kb.scope import AUDIENCES
from rag.answer import ABSTAIN_REASONS, Answer
from rag.privacy.found import KINDS
from rag.reason import REASON_KINDS
from server.errors import Failure
from server.watching import catalogue
from server.watching.catalogue import Metric
from server.watching.exchange import CLIENT_LEFT, OUTCOMES, Exchange, counts_of

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NONE = "none"
"""In the place of a label that is not known: who asked, or which generator wrote an answer that never came."""


class RequestMetrics:
    """The metrics that grow with every request, in a registry of one application. Safe for several threads."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = _counter(catalogue.REQUESTS, registry)
        self._request_seconds = _histogram(catalogue.REQUEST_SECONDS, registry)
        self._in_progress = Gauge(catalogue.IN_PROGRESS.name, catalogue.IN_PROGRESS.help, registry=registry)
        self._errors = _counter(catalogue.ERRORS, registry)
        self._answers = _counter(catalogue.ANSWERS, registry)
        self._declines = _counter(catalogue.DECLINES, registry)
        self._escalations = _counter(catalogue.ESCALATIONS, registry)
        self._first_sentence = _histogram(catalogue.FIRST_SENTENCE, registry)
        self._answer_seconds = _histogram(catalogue.ANSWER_SECONDS, registry)
        self._stage_seconds = _histogram(catalogue.STAGE_SECONDS, registry)
        self._sentences = _counter(catalogue.SENTENCES, registry)
        self._removed = _counter(catalogue.REMOVED, registry)
        self._conflicts = _counter(catalogue.CONFLICTS, registry)
        self._tokens = _counter(catalogue.TOKENS, registry)
        self._masked = _counter(catalogue.MASKED, registry)
        self._llm_calls = _counter(catalogue.LLM_CALLS, registry)
        self._llm_retries = _counter(catalogue.LLM_RETRIES, registry)
        self._begin_at_zero()

    def began(self) -> None:
        """A request has come in."""
        self._in_progress.inc()

    def ended(self, exchange: Exchange) -> None:
        """A request is over: count it, and all that was noted about it."""
        self._in_progress.dec()
        method = exchange.method if exchange.method in METHODS else "other"
        self._requests.labels(exchange.route, method, _status_class(exchange)).inc()
        self._request_seconds.labels(exchange.route).observe(exchange.seconds)
        if exchange.code is not None:
            self._errors.labels(exchange.code).inc()
        self._count_tally(exchange)
        if exchange.outcome is not None:
            self._count_answer(exchange)

    def refused(self, method: str, route: str, failure: Failure) -> None:
        """A request was refused before anything was spent on it, and took no time worth observing."""
        self._requests.labels(route, method, f"{failure.status // 100}xx").inc()
        self._errors.labels(failure.code or "other").inc()

    def _count_tally(self, exchange: Exchange) -> None:
        for name, seconds in exchange.tally.seconds().items():
            if name in catalogue.STAGES:
                self._stage_seconds.labels(name).observe(seconds)
        for (name, label), times in exchange.tally.counts.items():
            match name:
                case "masked":
                    self._masked.labels(label).inc(times)
                case "llm_call":
                    self._llm_calls.labels(label).inc(times)
                case "llm_retry":
                    self._llm_retries.inc(times)

    def _count_answer(self, exchange: Exchange) -> None:
        """What had left before a client went, or a failure, counts as what it was; the outcome says that it was not all."""
        answer, audience = exchange.answer, exchange.audience or NONE
        generator, degraded = (NONE, False) if answer is None else (answer.generator.name, answer.generator.degraded)
        self._answers.labels(exchange.outcome, audience, generator, _word(degraded)).inc()
        if exchange.first_sentence is not None:
            self._first_sentence.observe(exchange.first_sentence)
        if answer is not None and exchange.outcome in ("answered", "declined"):
            self._answer_seconds.observe(exchange.seconds)
            self._count_content(answer, audience)

    def _count_content(self, answer: Answer, audience: str) -> None:
        counted = counts_of(answer)
        self._sentences.inc(counted["sentences"])
        self._conflicts.inc(counted["conflicts"])
        for removed in answer.removed:
            self._removed.labels(removed.kind).inc()
        for kind in ("prompt", "completion"):
            self._tokens.labels(kind, answer.generator.name).inc(counted[f"{kind}_tokens"])
        if answer.abstained:
            self._declines.labels(answer.reason or NONE, audience).inc()
        if answer.escalate:
            self._escalations.labels(audience).inc()

    def _begin_at_zero(self) -> None:
        """A series that begins at 1 has grown by nothing, as far as Prometheus can see: those that are known begin at 0."""
        for stage in catalogue.STAGES:
            self._stage_seconds.labels(stage)
        for kind in KINDS:
            self._masked.labels(kind)
        for result in catalogue.LLM_RESULTS:
            self._llm_calls.labels(result)
        for problem in REASON_KINDS:
            self._removed.labels(problem)
        for audience in AUDIENCES:
            self._escalations.labels(audience)
            for reason in ABSTAIN_REASONS:
                self._declines.labels(reason, audience)
            for outcome in OUTCOMES:
                self._answers.labels(outcome, audience, NONE, "false")


def _status_class(exchange: Exchange) -> str:
    if exchange.left or exchange.status is None:
        return str(CLIENT_LEFT)
    return f"{exchange.status // 100}xx"


def _word(value: bool) -> str:
    return "true" if value else "false"


def _counter(metric: Metric, registry: CollectorRegistry) -> Counter:
    return Counter(metric.name, metric.help, metric.labels, registry=registry)


def _histogram(metric: Metric, registry: CollectorRegistry) -> Histogram:
    return Histogram(metric.name, metric.help, metric.labels, buckets=metric.buckets, registry=registry)
