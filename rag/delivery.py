"""From evidence to the sentences that leave: drafts are checked one by one, and another generator stands in for one that fails."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from kb.errors import GenerationError
from kb.tally import Tally
from rag.answer import AnswerEvent, AnswerSentence, CitationEvent, FinishReason, Generator, RemovedSentence, SentenceEvent, Usage
from rag.citation_list import CitationList
from rag.draft import AnswerGenerator, Cut, Draft, Evidence
from rag.output_check import CANARY_MARK, GIVES_RULES_AWAY, OutputCheck, without_markers
from rag.query import Query
from rag.screening import screened
from rag.verify.draft_check import DraftCheck
from rag.writing import Writing

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
    tally: Tally = field(default_factory=Tally)
    usage: Usage | None = None
    opening: str | None = None
    """A sentence of our own that goes before the first verified one, if any leaves."""
    writing: Writing = Writing()
    finish: FinishReason = "stop"
    stopped: bool = False
    """Whether the answer has reached a text before which the caller wanted it to end: nothing more leaves."""
    on_new_line: bool = False
    """Whether the next sentence begins a new line: one of another generator, or the first after a notice."""

    @property
    def answered(self) -> bool:
        """Whether a verified sentence has left."""
        return any(not sentence.notice for sentence in self.sentences)

    @property
    def ended_early(self) -> bool:
        """Whether the caller's own wishes about length or end kept something back."""
        return self.stopped or (self.finish == "length" and self.writing.max_tokens is not None)

    def notice(self, text: str) -> list[AnswerEvent]:
        """A sentence of our own, which says nothing of what the documents say, leaves."""
        separator = self.writing.line_break if self.sentences else ""
        self.on_new_line = True
        return self.leave(AnswerSentence(text, (), 0.0, verdict="not_found", separator=separator, notice=True))

    def open(self) -> list[AnswerEvent]:
        """The opening, unless it has left already or there is none."""
        text, self.opening = self.opening, None
        return [] if text is None else self.notice(text)

    def leave(self, sentence: AnswerSentence) -> list[AnswerEvent]:
        """``sentence`` leaves, up to where the caller wanted the answer to end; nothing where it has ended."""
        cut = self.cut(sentence.separator, sentence.text)
        if cut is None:
            return []
        sentence = replace(sentence, text=cut)
        self.sentences.append(sentence)
        return [SentenceEvent(sentence)]

    def cut(self, separator: str, text: str) -> str | None:
        """What of ``text`` may leave; None for nothing. Markers are not looked at: they are ours, as ``annotations`` are."""
        if self.stopped:
            return None
        before = "".join(sentence.separator + sentence.text for sentence in self.sentences)
        kept = self.writing.cut(before, separator + text)
        if kept is None:
            return text
        self.stopped = True
        return kept[len(separator) :].rstrip() or None

    def separator_of(self, draft: Draft) -> str:
        """What stands before ``draft``: at the beginning no more than a list's mark, and a new line where one is called for."""
        new_line, self.on_new_line = self.on_new_line, False
        if not self.sentences:
            return draft.separator.lstrip()
        return self.writing.line_break if new_line else draft.separator

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
        if self._fallback is not None and (failed or not delivery.answered) and not delivery.stopped:
            delivery.generator = replace(self._fallback.label, degraded=True)
            delivery.on_new_line = True
            async for event in self._checked(self._fallback, query, evidence, delivery):
                yield event

    async def _checked(
        self, generator: AnswerGenerator, query: Query, evidence: Evidence, delivery: Delivery
    ) -> AsyncIterator[AnswerEvent]:
        language = query.spoken_language
        async with aclosing(_timed(generator.generate(query, evidence), delivery.tally)) as drafts:
            async for draft in drafts:
                if isinstance(draft, Usage):
                    delivery.usage = draft
                    continue
                if isinstance(draft, Cut):
                    delivery.finish = "length"
                    continue
                draft = replace(draft, text=without_markers(draft.text))
                if not delivery.said(draft.text):
                    with delivery.tally.timed("verify"):
                        events = await asyncio.to_thread(self._let_out, draft, evidence, language, query.text, delivery)
                    for event in events:
                        yield event
                if delivery.stopped:
                    return

    def _let_out(self, draft: Draft, evidence: Evidence, language: str, question: str, delivery: Delivery) -> list[AnswerEvent]:
        problem: str | None = self._output.problem(draft.text, delivery.tail)
        if problem is not None:
            return _remove(draft, problem, delivery)
        checked = self._check.check(draft, evidence.hits, language, question)
        problem = checked.problem or self._output.link_problem(draft.text, [hit for hit, _ in checked.quotes])
        if problem is not None:
            return _remove(draft, problem, delivery)
        opening = delivery.open()
        separator = delivery.separator_of(draft)
        text = delivery.cut(separator, draft.text)
        if text is None:
            return opening
        cited = [delivery.citations.cite(hit, quote) for hit, quote in checked.quotes]
        numbers = tuple(dict.fromkeys(citation.number for citation, _ in cited))
        sentence = AnswerSentence(text, numbers, checked.support, separator=separator)
        delivery.sentences.append(sentence)
        return [*opening, *(CitationEvent(citation) for citation, new in cited if new), SentenceEvent(sentence)]


async def _timed(drafts: AsyncIterator[Draft | Usage | Cut], tally: Tally) -> AsyncGenerator[Draft | Usage | Cut]:
    """``drafts``; the time that each is waited for is the stage ``generate``."""
    async with aclosing(drafts):  # type: ignore[type-var]
        while True:
            with tally.timed("generate"):
                draft = await anext(drafts, None)
            if draft is None:
                return
            yield draft


def _remove(draft: Draft, problem: str, delivery: Delivery) -> list[AnswerEvent]:
    """Nothing leaves. What gives the model's rules away is not kept either."""
    gives_away = problem == GIVES_RULES_AWAY
    if gives_away and all(removed.reason != problem for removed in delivery.removed):
        log.warning("The language model wrote a sentence that gives its rules away; it was removed.")
    delivery.removed.append(RemovedSentence(CANARY_MARK if gives_away else draft.text, problem))
    return []
