"""One question to one grounded answer: rewrite, retrieve, weigh, generate, verify, cite. Each step can be called alone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from kb.errors import EmptyQuestionError, QuestionTooLongError
from kb.search import Hit
from kb.tally import Tally, running_tally
from kb.text.tokens import estimate_tokens
from kb.version import Version
from rag.answer import AbstainReason, Answer, AnswerEvent, EndEvent, Usage
from rag.appraisal import Appraisal, Appraiser
from rag.citation_list import CitationList
from rag.delivery import Deliverer, Delivery
from rag.draft import Evidence
from rag.frozen_topic import FreezeCheck, FrozenTopic
from rag.phrases import decline, emergency
from rag.query import Query
from rag.rewrite import rewrite
from rag.rewriter import Rewriter
from rag.standpoint import Standpoint, standpoint_of, unplaced
from rag.surroundings import closings_of, look_around, opening_of
from rag.validity import Validity

NO_RULE = frozenset({"not_in_knowledge_base", "outside_scope"})
"""Reasons to decline that mean that no document of this day answers."""


class Answerer:
    """Answers questions from a version. Safe for concurrent use; holds no state between questions."""

    def __init__(
        self, appraiser: Appraiser, deliverer: Deliverer, max_characters: int = 8000, freezes: FreezeCheck | None = None
    ) -> None:
        """``max_characters`` bounds the question. Those about a topic that ``freezes`` knows get its fixed sentence."""
        self._appraiser = appraiser
        self._deliverer = deliverer
        self._max_characters = max_characters
        self._freezes = freezes

    @property
    def rewriter(self) -> Rewriter:
        """What makes follow-up questions stand alone."""
        return self._appraiser.rewriter

    def with_rewriter(self, rewriter: Rewriter) -> "Answerer":
        """The same answerer with another rewriter."""
        return Answerer(self._appraiser.with_rewriter(rewriter), self._deliverer, self._max_characters, self._freezes)

    def with_deliverer(self, deliverer: Deliverer) -> "Answerer":
        """The same answerer with another way from evidence to sentences."""
        return Answerer(self._appraiser, deliverer, self._max_characters, self._freezes)

    def with_freezes(self, freezes: FreezeCheck) -> "Answerer":
        """The same answerer, which answers nothing about the topics that ``freezes`` knows."""
        return Answerer(self._appraiser, self._deliverer, self._max_characters, freezes)

    async def answer(self, query: Query, version: Version) -> AsyncIterator[AnswerEvent]:
        """The answer as events: each verified sentence after the citations it uses, then the end.

        Where an accident is told of, the first sentence is the one that calls for help, whatever follows.

        Raises:
            QuestionError: the question is empty or too long.
            EncoderMismatchError: the version was embedded with another encoder.
            DeadlineError: the query's deadline passed.
            GenerationError: the language model failed, and nothing stands in for it.
        """
        self._check(query)
        query = replace(query, known_languages=version.languages_of(query.audience))
        delivery = Delivery(CitationList(version), self._deliverer.label, writing=query.writing, tally=running_tally() or Tally())
        frozen, stand = await asyncio.to_thread(self._looked_at, query)
        if frozen is not None:
            for event in await asyncio.to_thread(self._stopped, query, frozen, version, delivery):
                yield event
            return
        stand, appraisal = await self._appraised(stand, version, delivery.tally)
        query = replace(stand.query, text=query.text)
        if appraisal.need is not None and appraisal.need.kind == "safety":
            for event in delivery.notice(emergency(query.spoken_language)):
                yield event
        evidence, validity = appraisal.evidence, stand.validity
        if evidence.abstain is None:
            delivery.opening = opening_of(stand, evidence, version)
            async for event in self._deliverer.deliver(query, evidence, delivery):
                yield event
        if delivery.answered:
            validity = await look_around(self._appraiser.elsewhere, stand, evidence, version)
            for closing in closings_of(validity, query.spoken_language):
                for event in delivery.notice(closing):
                    yield event
        reason = evidence.abstain or ("nothing_verified" if not delivery.answered and not delivery.ended_early else None)
        if reason is not None:
            for event in delivery.notice(decline(reason, query.spoken_language)):
                yield event
        yield EndEvent(_sum(appraisal, reason, version, delivery, validity))

    def _looked_at(self, query: Query) -> tuple[FrozenTopic | None, Standpoint]:
        """The frozen topic that ``query`` is about, by its own words or by those that it leans on; and where it stands."""
        frozen = None if self._freezes is None else self._freezes.find(lambda: (query.text, rewrite(query)))
        return frozen, standpoint_of(query)

    def _stopped(self, query: Query, frozen: FrozenTopic, version: Version, delivery: Delivery) -> list[AnswerEvent]:
        """All that is said about a frozen topic: nothing is searched for, and a call for help still comes first."""
        need = self._appraiser.need_of(query)
        language = query.spoken_language
        opening = delivery.notice(emergency(language)) if need is not None and need.kind == "safety" else []
        closing = delivery.notice(decline("frozen", language, frozen.text_in(language)))
        gap = f"The topic “{frozen.topic}” is frozen. {frozen.reason}".strip()
        appraisal = Appraisal(Evidence(query.text, (), (), "frozen", gap), need)
        return [*opening, *closing, EndEvent(_sum(appraisal, "frozen", version, delivery, standpoint_of(query).validity))]

    async def _appraised(self, stand: Standpoint, version: Version, tally: Tally) -> tuple[Standpoint, Appraisal]:
        """The standpoint that is answered from, and what comes of it.

        Where nothing answers, it is asked again without the region in its words, and then, where it was an order's day, for today.
        """
        tried: list[tuple[Standpoint, Appraisal]] = []
        for candidate in (stand, unplaced(stand), stand.present):
            if candidate is None:
                continue
            with tally.running():
                tried.append((candidate, await self._appraiser.appraise(candidate.query, version)))
            if tried[-1][1].evidence.abstain not in NO_RULE:
                return tried[-1]
        return tried[-1] if stand.present is not None else tried[0]

    async def collect(self, query: Query, version: Version) -> Answer:
        """The sum of the same events."""
        async for event in self.answer(query, version):
            if isinstance(event, EndEvent):
                return event.answer
        raise AssertionError("an answer always ends with an EndEvent")

    def retrieve(self, query: Query, question: str, version: Version, also: str | None = None) -> list[Hit]:
        """The passages found for ``question``, best first; for a follow-up those of the turn before, and those for ``also``, too."""
        return self._appraiser.retrieve(query, question, version, also)

    def _check(self, query: Query) -> None:
        if not query.text.strip():
            raise EmptyQuestionError("The question is empty. Ask something about the shop's products or policies.")
        if len(query.text) > self._max_characters:
            raise QuestionTooLongError(
                f"The question has {len(query.text):,} characters; at most {self._max_characters:,} are answered. Shorten it."
            )


def _sum(appraisal: Appraisal, reason: AbstainReason | None, version: Version, delivery: Delivery, validity: Validity) -> Answer:
    """``reason`` is why the question was declined; one that was answered may need a person all the same."""
    text = "".join(sentence.rendered for sentence in delivery.sentences)
    return Answer(
        sentences=tuple(delivery.sentences),
        citations=delivery.citations.all,
        generator=delivery.generator,
        kb_version=version.id,
        usage=delivery.usage or Usage(max(1, estimate_tokens(appraisal.evidence.question)), estimate_tokens(text)),
        removed=tuple(delivery.removed),
        conflicts=appraisal.conflicts,
        abstained=reason is not None,
        reason=reason or ("needs_person" if appraisal.need is not None else None),
        gap=appraisal.evidence.gap if reason is not None else None,
        escalate=reason is not None or appraisal.need is not None,
        timings=delivery.tally.seconds(),
        validity=validity,
        finish=delivery.finish,
    )
