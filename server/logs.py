"""Structured logs: one JSON object a line on standard error, without the text of questions or answers."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# What may carry a secret or what a shopper wrote. A caller that passes one by mistake logs a placeholder.
_WITHHELD = frozenset({"authorization", "cookie", "api_key", "key", "messages", "question", "query", "text", "answer"})

# Without local variables: those hold questions, answers and keys.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def withhold_private(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the values of private fields by ``[withheld]``."""
    for name in _WITHHELD & event.keys():
        event[name] = "[withheld]"
    return event


def configure_logging(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Send structlog's and the standard library's records to ``stream`` as JSON lines. Called once, by ``serve``."""
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
    handler.setFormatter(_json_formatter(shared))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Notices of these repeat what the commands print, or name a webhook's secret address; their errors still come through.
    for name in ("uvicorn.error", "alembic", "bm25s", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _json_formatter(shared: list[Processor]) -> structlog.stdlib.ProcessorFormatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
