"""The record of one request and its response: what metrics, log lines and traces are drawn from, once it has ended."""

import re
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from kb.scope import Audience
from kb.tally import Tally
from rag.answer import Answer, AnswerEvent, CitationEvent, EndEvent, SentenceEvent

CLIENT_LEFT = 499
"""Logged and counted, never sent: nginx's status for a client that closed the connection before it was answered."""
Outcome: TypeAlias = Literal["answered", "declined", "failed", "left"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_SANE_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
_CURRENT: ContextVar["Exchange | None"] = ContextVar("citedesk_exchange", default=None)


@dataclass
class Exchange:
    """One request under way. Times are readings of ``clock`` in seconds.

    ``route`` is the template (``/v1/documents/{document_id}``); ``path`` the
    address, unless it fits none: then anything may stand in it. ``code`` is that of the error that was sent.
    ``cited`` are the ids of the passages that were cited so far, in the order of their numbers.
    ``complete`` tells whether the last byte was sent: where it is not, and nothing failed, the client has left.
    """

    request_id: str
    method: str
    client_request_id: str | None = None
    clock: Callable[[], float] = time.perf_counter
    tally: Tally = field(default_factory=Tally)
    route: str = "unmatched"
    path: str | None = None
    audience: Audience | None = None
    status: int | None = None
    code: str | None = None
    complete: bool = False
    streamed: bool = False
    asked: bool = False
    answer: Answer | None = None
    first_sentence: float | None = None
    cited: list[str] = field(default_factory=list)
    ended: float | None = None

    def __post_init__(self) -> None:
        """Time runs from here."""
        self.began = self.clock()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Makes this the exchange, and its tally the tally, of all that is done for the request."""
        token = _CURRENT.set(self)
        try:
            with self.tally.running():
                yield
        finally:
            _CURRENT.reset(token)

    def found_route(self, template: str | None, path: str) -> None:
        """The request was for ``path``, which fits ``template`` or no route at all."""
        if template is not None:
            self.route, self.path = template, path

    def end(self) -> None:
        """The response has ended, one way or the other."""
        self.ended = self.clock()

    @property
    def seconds(self) -> float:
        """From the request until the end of the response, or until now."""
        return (self.clock() if self.ended is None else self.ended) - self.began

    @property
    def left(self) -> bool:
        """Whether the client closed the connection before it had everything."""
        return self.status == CLIENT_LEFT or (not self.complete and self.code is None)

    @property
    def outcome(self) -> Outcome | None:
        """What became of the answer, where one was asked for."""
        if not self.asked:
            return None
        if self.code is not None:
            return "failed"
        if self.left or self.answer is None:
            return "left"
        return "declined" if self.answer.abstained else "answered"

    async def watched(self, events: AsyncGenerator[AnswerEvent, None], streamed: bool) -> AsyncGenerator[AnswerEvent, None]:
        """``events``, noted on their way."""
        self.asked, self.streamed = True, streamed
        async with aclosing(events) as pulled:
            async for event in pulled:
                if isinstance(event, SentenceEvent) and self.first_sentence is None:
                    self.first_sentence = self.clock() - self.began
                elif isinstance(event, CitationEvent):
                    self.cited.append(event.citation.passage_id)
                elif isinstance(event, EndEvent):
                    self.answer = event.answer
                yield event


def note_audience(audience: Audience) -> None:
    """Whoever is answered here has shown a key of this audience."""
    exchange = _CURRENT.get()
    if exchange is not None:
        exchange.audience = audience


def note_failure(code: str | None) -> None:
    """An error with this code is being sent to whoever is answered here."""
    exchange = _CURRENT.get()
    if exchange is not None:
        exchange.code = code or "other"


def sane_id(given: str | None) -> str | None:
    """The id that a client sent for its request, if it is one: short, and of characters that need no escaping anywhere."""
    return given if given is not None and _SANE_ID.fullmatch(given) else None


def counts_of(answer: Answer) -> Mapping[str, int]:
    """How much of what is in ``answer``."""
    return {
        "sentences": sum(not sentence.notice for sentence in answer.sentences),
        "notices": sum(sentence.notice for sentence in answer.sentences),
        "removed": len(answer.removed),
        "citations": len(answer.citations),
        "conflicts": len(answer.conflicts),
        "prompt_tokens": answer.usage.prompt_tokens,
        "completion_tokens": answer.usage.completion_tokens,
    }
