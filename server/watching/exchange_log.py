"""The log lines of one exchange: what was asked for, how it ended, and which passages it came from, in ids, without any text."""

from typing import Any

import structlog

from server.watching.exchange import CLIENT_LEFT, Exchange, counts_of

_LOG = structlog.get_logger(__name__)


def log_exchange(exchange: Exchange, passages: bool) -> None:
    """One line for the request; before it, one for the answer, where one was asked for, and one for the ``passages`` that were found."""
    if exchange.asked:
        _LOG.info("answer", **_about_answer(exchange))
    if passages and exchange.tally.found:
        _LOG.info("passages", **_about_passages(exchange))
    _LOG.info("request", **_about_request(exchange))


def _about_request(exchange: Exchange) -> dict[str, Any]:
    return {
        "method": exchange.method,
        "route": exchange.route,
        "path": exchange.path if (exchange.status or CLIENT_LEFT) < 400 else None,  # anything may stand where an id is expected
        "status": CLIENT_LEFT if exchange.left else exchange.status,
        "code": exchange.code,
        "seconds": round(exchange.seconds, 4),
        "audience": exchange.audience,
        "client_request_id": exchange.client_request_id,
    }


def _about_answer(exchange: Exchange) -> dict[str, Any]:
    answer = exchange.answer
    first = exchange.first_sentence
    about: dict[str, Any] = {
        "outcome": exchange.outcome,
        "code": exchange.code,
        "streamed": exchange.streamed,
        "audience": exchange.audience,
        "first_sentence": None if first is None else round(first, 4),
        "timings": {name: round(seconds, 4) for name, seconds in exchange.tally.seconds().items()},
        "noted": {f"{name}:{label}" if label else name: times for (name, label), times in exchange.tally.counts.items()},
    }
    if answer is not None:
        about |= {
            "reason": answer.reason,
            "escalate": answer.escalate,
            "kb_version": answer.kb_version,
            "generator": answer.generator.name,
            "degraded": answer.generator.degraded,
            "counts": dict(counts_of(answer)),
            "removed": [removed.kind for removed in answer.removed],
        }
    return about


def _about_passages(exchange: Exchange) -> dict[str, Any]:
    """What a request was given to answer from (docs/decisions/0041-retrieval-log.md). All its searches are of one version."""
    found = exchange.tally.found
    return {
        "route": exchange.route,
        "audience": exchange.audience,
        "kb_version": found[0].version,
        "retrieved": [list(one.passages) for one in found],
        "cited": list(exchange.cited),
    }
