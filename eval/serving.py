"""Citedesk in front of a language model's server, with and without its verifier, beside the server asked directly.

``citedesk eval serving``

Each round asks the same questions in three ways (`eval.serving_report.ARMS`), and each way is first, second and last in turn. The
questions are recorded first: each is answered once, which also warms everything up, and the requests that this made are what
"directly" repeats: the same messages, the same limits, the same grammar if there is one. That the other two ways go on making the
same requests is counted.

A prompt that a server has seen is partly computed already, so whoever asks second would win. Therefore every way of every round has a
``cache_salt`` of its own: nothing is shared between them. Before the clock starts, each has the server compute the beginning that all
prompts share, as any server that has been running for a while has; the passages and the question are new to it each time, as
they are when a shopper asks. A server that takes no ``cache_salt`` has seen all prompts when the rounds begin.

A sentence is complete when nothing that follows can change it (`rag.generate.sentence_stream`); from there until it leaves the pipeline
is its delay, the wait for the sentences before it included. Retrieval and weighing come before the model is asked: they are
no part of the delay, and part of the throughput. Model and verifier share this machine's processor when the server runs on it.
"""

import asyncio
import hashlib
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Self, TypeVar

import httpx

from eval.direct_client import DirectClient, RecordedRequest
from eval.exchange_tap import ExchangeTap
from eval.golden import query_of
from eval.passing_check import PassingCheck
from eval.question import GoldenQuestion
from eval.serving_report import ARMS, Arm, ArmRun, ServingReport, summarise
from eval.timed_answers import TimedAnswers
from kb.errors import ConfigurationError
from kb.version import Version
from rag.delivery import Deliverer
from rag.draft import AnswerGenerator
from rag.pipeline import Answerer
from rag.query import Query
from rag.verify.draft_check import DraftCheck

Advance = Callable[[int], None]
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class ServingParts:
    """What answers, as in production. ``pipeline`` puts a deliverer behind retrieval and weighing.

    ``generator`` asks the server at ``url`` (ends in ``/v1``) through ``http``; ``key`` is the server's.
    """

    pipeline: Callable[[Deliverer], Answerer]
    generator: AnswerGenerator
    fallback: AnswerGenerator | None
    check: DraftCheck
    http: httpx.AsyncClient
    url: str
    key: str | None
    version: Version
    today: date


@dataclass(frozen=True, slots=True)
class RecordedQuestion:
    """A question, and what the model was asked for its sake."""

    query: Query
    requests: tuple[RecordedRequest, ...]


class ServingBenchmark:
    """Records questions, then measures them. An asynchronous context manager; belongs to one event loop."""

    def __init__(self, parts: ServingParts) -> None:
        self._parts = parts
        self._tap = ExchangeTap(parts.http)
        self._direct = DirectClient(parts.url, parts.key)
        self._name = secrets.token_hex(8)  # a server that was measured before must not know the salts of this time

    async def __aenter__(self) -> Self:
        self._tap.open()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._tap.close()
        await self._direct.aclose()

    async def record(self, questions: Sequence[GoldenQuestion], count: int, advance: Advance = lambda _: None) -> list[RecordedQuestion]:
        """The first ``count`` of the answerable questions, shuffled always in the same way, for which the model is asked.

        Raises:
            ConfigurationError: it is asked for none of them.
            GenerationError: it failed.
        """
        recorded: list[RecordedQuestion] = []
        answerer = self._pipeline(self._parts.check, None)(self._parts.generator)
        for question in _shuffled(questions):
            if len(recorded) == count:
                break
            query = query_of(question, self._parts.today)
            await answerer.collect(query, self._parts.version)
            if exchanges := self._tap.take():
                recorded.append(RecordedQuestion(query, tuple(map(RecordedRequest.of, exchanges))))
                advance(1)
        if not recorded:
            raise ConfigurationError(
                "The model was asked for none of the questions: nothing is found for them. Ingest the shop they ask about."
            )
        return recorded

    async def measure(
        self, recorded: Sequence[RecordedQuestion], concurrent: int, rounds: int, advance: Advance = lambda _: None
    ) -> ServingReport:
        """Ask all of ``recorded`` in every way in each of ``rounds``, ``concurrent`` at once; ``advance`` is told after each answer.

        Raises httpx.HTTPError when the server cannot be reached before a run.
        """
        runs = []
        for number in range(rounds):
            for arm in order_of(number):
                salt = hashlib.sha256(f"{self._name} {concurrent} {number} {arm}".encode()).hexdigest()
                await self._direct.warm(recorded[0].requests[0], salt)
                ask = self._ask_directly if arm == "direct" else self._ask_citedesk
                runs.append(await ask(arm, number, recorded, concurrent, salt, advance))
        return summarise(concurrent, runs)

    async def _ask_directly(
        self, arm: Arm, number: int, recorded: Sequence[RecordedQuestion], concurrent: int, salt: str, advance: Advance
    ) -> ArmRun:
        async def repeat(question: RecordedQuestion) -> int | None:
            try:
                return sum([(await self._direct.repeat(request, salt)).tokens for request in question.requests])
            except httpx.HTTPError:
                return None

        tokens, seconds = await _at_once(concurrent, repeat, recorded, advance)
        written = [count for count in tokens if count is not None]
        return ArmRun(arm, number, seconds, len(tokens), sum(written), failed=len(tokens) - len(written))

    async def _ask_citedesk(
        self, arm: Arm, number: int, recorded: Sequence[RecordedQuestion], concurrent: int, salt: str, advance: Advance
    ) -> ArmRun:
        self._tap.salt = salt
        check = self._parts.check if arm == "verified" else PassingCheck()
        timed = TimedAnswers(self._parts.generator, self._pipeline(check, self._parts.fallback), self._parts.version)
        _, seconds = await _at_once(concurrent, timed.ask, [question.query for question in recorded], advance)
        exchanges = self._tap.take()
        known = {request.prompt for question in recorded for request in question.requests}
        return ArmRun(
            arm,
            number,
            seconds,
            len(recorded),
            sum(exchange.reception.tokens for exchange in exchanges),
            sent=tuple(timed.sent),
            settled=tuple(timed.settled),
            phases=timed.phases,
            failed=timed.failures,
            other_prompts=sum(exchange.prompt not in known for exchange in exchanges),
        )

    def _pipeline(self, check: DraftCheck, fallback: AnswerGenerator | None) -> Callable[[AnswerGenerator], Answerer]:
        parts = self._parts
        return lambda generator: parts.pipeline(Deliverer(generator, check, fallback))


def order_of(number: int) -> tuple[Arm, ...]:
    """The order of the arms in round ``number``: each is first, second and last in turn, and every second round runs backwards."""
    shift = number // 2 % len(ARMS)
    turned = (*ARMS[shift:], *ARMS[:shift])
    return turned[::-1] if number % 2 else turned


def _shuffled(questions: Sequence[GoldenQuestion]) -> list[GoldenQuestion]:
    answerable = sorted((question for question in questions if question.answerable), key=lambda question: question.id)
    random.Random(0).shuffle(answerable)
    return answerable


async def _at_once(
    concurrent: int, ask: Callable[[_Item], Awaitable[_Result]], items: Sequence[_Item], advance: Advance
) -> tuple[list[_Result], float]:
    """The results in the order of ``items``, and the seconds that all of them took, ``concurrent`` at a time."""
    places = asyncio.Semaphore(concurrent)

    async def one(item: _Item) -> _Result:
        async with places:
            result = await ask(item)
        advance(1)
        return result

    started = time.monotonic()
    results = await asyncio.gather(*(one(item) for item in items))
    return list(results), time.monotonic() - started
