"""Structured logs: one JSON object a line on standard error, without the text of questions or answers."""

import logging
import re
import sys
from collections.abc import Callable, Sequence
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
    | {"timings", "noted", "counts", "removed", "outcome", "audience", "generator", "kb_version", "method", "route", "retrieved", "cited"}
)

_API_KEY = r"cd_live_[0-9a-f]{12}_[A-Za-z0-9_-]{43}"

# Without local variables: those hold questions, answers and keys.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def withhold_private(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace the values of private fields by ``[withheld]``."""
    for name in _WITHHELD & event.keys():
        event[name] = "[withheld]"
    return event


def text_masker(finder: PersonalDataFinder, secrets: Sequence[str] = ()) -> Processor:
    """A processor that masks personal data, API keys and ``secrets`` in every text of an event: the message, paths, tracebacks, lists and
    what they hold.
    """
    # The longest first: one may be the beginning of another.
    withheld = re.compile("|".join([_API_KEY, *(re.escape(one) for one in sorted(secrets, key=len, reverse=True) if one)]))

    def mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        masker = Masker(finder)

        def change(text: str) -> str:
            return masker.mask(withheld.sub("[withheld]", text))

        def changed(name: str, value: object) -> object:
            if name == "path" and isinstance(value, str):
                # Part by part: what stands before a number in /v1/models/… says nothing about it.
                return "/".join(map(change, value.split("/")))
            return value if name in _OURS else _masked(value, change)

        return {name: changed(name, value) for name, value in event.items()}

    return mask


def _masked(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {_masked(name, change): _masked(inner, change) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(inner, change) for inner in value]
    return value


def configure_logging(
    stream: TextIO = sys.stderr,
    level: int = logging.INFO,
    phone_regions: tuple[str, ...] = DEFAULT_REGIONS,
    secrets: Sequence[str] = (),
) -> None:
    """Send structlog's and the standard library's records to ``stream`` as JSON lines. Called once, by ``serve``.

    ``phone_regions`` are those whose phone numbers are masked in their national form; ``secrets`` never stand in a line.
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
    handler.setFormatter(_json_formatter(shared, text_masker(finder_of(phone_regions), secrets)))
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
