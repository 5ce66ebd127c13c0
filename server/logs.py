"""Structured logs: one JSON object a line on standard error, without the text of questions or answers."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from rag.privacy.finder import PersonalDataFinder, finder_of
from rag.privacy.masker import Masker
from rag.privacy.phone import DEFAULT_REGIONS

# What may carry a secret or what a shopper wrote. A caller that passes one by mistake logs a placeholder.
_WITHHELD = frozenset({"authorization", "cookie", "api_key", "key", "messages", "question", "query", "text", "answer"})

# Written by ourselves: no shopper's text, and not to be taken for a number. Looking through those of one line `answer` took a millisecond.
_OURS = frozenset(
    {"timestamp", "request_id", "level", "logger"}
    | {"timings", "noted", "counts", "removed", "outcome", "audience", "generator", "kb_version", "method", "route"}
)

# Without local variables: those hold questions, answers and keys.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def withhold_private(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the values of private fields by ``[withheld]``."""
    for name in _WITHHELD & event.keys():
        event[name] = "[withheld]"
    return event


def personal_data_masker(finder: PersonalDataFinder) -> Processor:
    """A processor that masks personal data in every text of an event: the message, paths, tracebacks, lists and what they hold."""

    def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        masker = Masker(finder)
        return {name: value if name in _OURS else _masked(value, masker) for name, value in event.items()}

    return mask


def _masked(value: object, masker: Masker) -> object:
    if isinstance(value, str):
        return masker.mask(value)
    if isinstance(value, dict):
        return {_masked(name, masker): _masked(inner, masker) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(inner, masker) for inner in value]
    return value


def configure_logging(
    stream: TextIO = sys.stderr, level: int = logging.INFO, phone_regions: tuple[str, ...] = DEFAULT_REGIONS
) -> None:
    """Send structlog's and the standard library's records to ``stream`` as JSON lines. Called once, by ``serve``.

    ``phone_regions`` are those whose phone numbers are masked in their national form.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _TRACEBACKS,
        withhold_private,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_json_formatter(shared, personal_data_masker(finder_of(phone_regions))))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Notices of these repeat what the commands print, or name a webhook's secret address; their errors still come through.
    for name in ("uvicorn.error", "alembic", "bm25s", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _json_formatter(shared: list[Processor], mask: Processor) -> structlog.stdlib.ProcessorFormatter:
    # Masked last, when the standard library's arguments are part of the message.
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, mask, structlog.processors.JSONRenderer()],
    )
