"""One question to one grounded answer: rewrite, retrieve, weigh, generate, verify, cite. Each step can be called alone."""

import asyncio
import time
from collections.abc import AsyncIterator

from kb.errors import DeadlineError, EmptyQuestionError, QuestionTooLongError
from kb.search import Hit, HybridSearch
from kb.text.tokens import estimate_tokens
from kb.version import Version
from rag.answer import (
    AbstainReason,
    Answer,
    AnswerEvent,
    AnswerSentence,
    EndEvent,
    SentenceEvent,
    Usage,
)
from rag.citation_list import CitationList
from rag.delivery import Deliverer, Delivery
from rag.draft import Evidence
from rag.evidence import EvidenceScorer
from rag.follow_up import candidates
from rag.phrases import decline
from rag.query import Query
from rag.rewrite import rewrite

RETRIEVED = 12


class Answerer:
    """Answers questions from a version. Safe for concurrent use; holds no state between questions."""

    def __init__(self, search: HybridSearch, scorer: EvidenceScorer, deliverer: Deliverer, max_characters: int = 8000) -> None:
        """``max_characters`` bounds the question."""
        self._search = search
        self._scorer = scorer
        self._deliverer = deliverer
        self._max_characters = max_characters

    async def answer(self, query: Query, version: Version) -> AsyncIterator[AnswerEvent]:
        """The answer as events: each verified sentence after the citations it uses, then the end.

        Raises:
            QuestionError: the question is empty or too long.
            EncoderMismatchError: the version was embedded with another encoder.
            DeadlineError: the query's deadline passed.
            GenerationError: the language model failed, and nothing stands in for it.
        """
        self._check(query)
        delivery = Delivery(CitationList(version), self._deliverer.label)
        question = rewrite(query)
        evidence = await self._evidence(query, question, version, delivery)
        if evidence.abstain is None:
            async for event in self._deliverer.deliver(query, evidence, delivery):
                yield event
        reason = evidence.abstain or ("nothing_verified" if not delivery.sentences else None)
        if reason is not None:
            yield _declined(query, reason, delivery)
        yield EndEvent(self._sum(evidence, reason, version, delivery))

    async def collect(self, query: Query, version: Version) -> Answer:
        """The sum of the same events."""
        async for event in self.answer(query, version):
            if isinstance(event, EndEvent):
                return event.answer
        raise AssertionError("an answer always ends with an EndEvent")

    def retrieve(self, query: Query, question: str, version: Version) -> list[Hit]:
        """The passages found for ``question``, best first; for a follow-up also those of the turn before."""
        return candidates(self._search, version, query, question, RETRIEVED)

    def _check(self, query: Query) -> None:
        if not query.text.strip():
            raise EmptyQuestionError("The question is empty. Ask something about the shop's products or policies.")
        if len(query.text) > self._max_characters:
            raise QuestionTooLongError(
                f"The question has {len(query.text):,} characters; at most {self._max_characters:,} are answered. Shorten it."
            )

    async def _evidence(self, query: Query, question: str, version: Version, delivery: Delivery) -> Evidence:
        started = time.monotonic()
        hits = await asyncio.to_thread(self.retrieve, query, question, version)
        _keep_deadline(query, "retrieval")
        retrieved = time.monotonic()
        evidence = await asyncio.to_thread(self._scorer.weigh, query, question, hits, version)
        _keep_deadline(query, "weighing the evidence")
        delivery.timings.update(retrieve=retrieved - started, weigh=time.monotonic() - retrieved)
        return evidence

    def _sum(self, evidence: Evidence, reason: AbstainReason | None, version: Version, delivery: Delivery) -> Answer:
        text = "".join(sentence.rendered for sentence in delivery.sentences)
        return Answer(
            sentences=tuple(delivery.sentences),
            citations=delivery.citations.all,
            generator=delivery.generator,
            kb_version=version.id,
            usage=delivery.usage or Usage(estimate_tokens(evidence.question), estimate_tokens(text)),
            removed=tuple(delivery.removed),
            abstained=reason is not None,
            reason=reason,
            gap=evidence.gap if reason is not None else None,
            escalate=reason is not None,
            timings=delivery.timings,
        )


def _declined(query: Query, reason: AbstainReason, delivery: Delivery) -> SentenceEvent:
    language = query.spoken_language
    sentence = AnswerSentence(decline(reason, language), (), 0.0, verdict="not_found")
    delivery.sentences.append(sentence)
    return SentenceEvent(sentence)


def _keep_deadline(query: Query, phase: str) -> None:
    if query.deadline is not None and time.monotonic() > query.deadline:
        raise DeadlineError(f"The answer's deadline passed during {phase}. Try again, or allow more time.")
