"""From evidence to the sentences that leave: drafts are checked one by one, and another generator stands in for one that fails."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from kb.errors import GenerationError
from rag.answer import AnswerEvent, AnswerSentence, CitationEvent, Generator, RemovedSentence, SentenceEvent, Usage
from rag.citation_list import CitationList
from rag.draft import AnswerGenerator, Draft, Evidence
from rag.output_check import CANARY_MARK, GIVES_RULES_AWAY, OutputCheck, without_markers
from rag.query import Query
from rag.screening import screened
from rag.verify.draft_check import DraftCheck

log = logging.getLogger(__name__)
_TAIL = 4
"""Sentences over which a secret may be spread."""


@dataclass
class Delivery:
    """What has left so far in one answer, what was held back, and who wrote it."""

    citations: CitationList
    generator: Generator
    sentences: list[AnswerSentence] = field(default_factory=list)
    removed: list[RemovedSentence] = field(default_factory=list)
    timings: dict[str, float] = field(default_factory=dict)
    usage: Usage | None = None
    opening: str | None = None
    """A sentence of our own that goes before the first verified one, if any leaves."""
    on_new_line: bool = False
    """Whether the next sentence begins a new line: one of another generator, or the first after a notice."""

    @property
    def answered(self) -> bool:
        """Whether a verified sentence has left."""
        return any(not sentence.notice for sentence in self.sentences)

    def notice(self, text: str) -> SentenceEvent:
        """A sentence of our own, which says nothing of what the documents say, leaves."""
        sentence = AnswerSentence(text, (), 0.0, verdict="not_found", separator="\n" if self.sentences else "", notice=True)
        self.sentences.append(sentence)
        self.on_new_line = True
        return SentenceEvent(sentence)

    def open(self) -> list[AnswerEvent]:
        """The opening, unless it has left already or there is none."""
        text, self.opening = self.opening, None
        return [] if text is None else [self.notice(text)]

    def separator_of(self, draft: Draft) -> str:
        """What stands before ``draft``: at the beginning no more than a list's mark, and a new line where one is called for."""
        new_line, self.on_new_line = self.on_new_line, False
        if not self.sentences:
            return draft.separator.lstrip()
        return "\n" if new_line else draft.separator

    @property
    def tail(self) -> str:
        """The last sentences that left, run together."""
        return "".join(sentence.text for sentence in self.sentences[-_TAIL:])

    def said(self, text: str) -> bool:
        """Whether ``text`` has left already."""
        return any(sentence.text == text for sentence in self.sentences)


class Deliverer:
    """Lets verified sentences out. Safe for concurrent use; holds no state between answers."""

    def __init__(
        self,
        generator: AnswerGenerator,
        check: DraftCheck,
        fallback: AnswerGenerator | None = None,
        output: OutputCheck | None = None,
        screen: Callable[[Evidence], Evidence] = screened,
    ) -> None:
        """``fallback`` answers when ``generator`` fails, or when nothing of what it wrote could be verified.

        ``output`` is what every sentence must pass besides; without it no link but to cited documents is let out.
        ``screen`` takes out of the evidence what speaks to a model; whoever measures what the checks hold alone gives one that does not.
        """
        self._generator = generator
        self._check = check
        self._fallback = fallback
        self._output = output or OutputCheck()
        self._screen = screen

    @property
    def label(self) -> Generator:
        """The generator that is asked first."""
        return self._generator.label

    async def deliver(self, query: Query, evidence: Evidence, delivery: Delivery) -> AsyncIterator[AnswerEvent]:
        """The events of all sentences, each after the citations it uses.

        Raises:
            GenerationError: the generator failed, and there is no fallback.
        """
        evidence = await asyncio.to_thread(self._screen, evidence)
        failed = False
        try:
            async for event in self._checked(self._generator, query, evidence, delivery):
                yield event
        except GenerationError:
            if self._fallback is None:
                raise
            failed = True
        if self._fallback is not None and (failed or not delivery.answered):
            delivery.generator = replace(self._fallback.label, degraded=True)
            delivery.on_new_line = True
            async for event in self._checked(self._fallback, query, evidence, delivery):
                yield event

    async def _checked(
        self, generator: AnswerGenerator, query: Query, evidence: Evidence, delivery: Delivery
    ) -> AsyncIterator[AnswerEvent]:
        language = query.spoken_language
        async with aclosing(generator.generate(query, evidence)) as drafts:  # type: ignore[type-var]
            async for draft in drafts:
                if isinstance(draft, Usage):
                    delivery.usage = draft
                    continue
                draft = replace(draft, text=without_markers(draft.text))
                if not delivery.said(draft.text):
                    for event in await asyncio.to_thread(self._let_out, draft, evidence, language, delivery):
                        yield event

    def _let_out(self, draft: Draft, evidence: Evidence, language: str, delivery: Delivery) -> list[AnswerEvent]:
        problem = self._output.problem(draft.text, delivery.tail)
        if problem is not None:
            return _remove(draft, problem, delivery)
        checked = self._check.check(draft, evidence.hits, language)
        problem = checked.problem or self._output.link_problem(draft.text, [hit for hit, _ in checked.quotes])
        if problem is not None:
            return _remove(draft, problem, delivery)
        cited = [delivery.citations.cite(hit, quote) for hit, quote in checked.quotes]
        numbers = tuple(dict.fromkeys(citation.number for citation, _ in cited))
        opening = delivery.open()
        separator = delivery.separator_of(draft)
        sentence = AnswerSentence(draft.text, numbers, checked.support, separator=separator)
        delivery.sentences.append(sentence)
        return [*opening, *(CitationEvent(citation) for citation, new in cited if new), SentenceEvent(sentence)]


def _remove(draft: Draft, problem: str, delivery: Delivery) -> list[AnswerEvent]:
    """Nothing leaves. What gives the model's rules away is not kept either."""
    gives_away = problem == GIVES_RULES_AWAY
    if gives_away and all(removed.reason != problem for removed in delivery.removed):
        log.warning("The language model wrote a sentence that gives its rules away; it was removed.")
    delivery.removed.append(RemovedSentence(CANARY_MARK if gives_away else draft.text, problem))
    return []
