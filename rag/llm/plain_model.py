"""A chat front end's own calls (titles, tags, follow-up questions): the language model without the knowledge base, and unverified.

docs/decisions/0029-contract.md says who may use it and why not everybody.
"""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from rag.answer import Answer, AnswerEvent, AnswerSentence, EndEvent, FinishReason, Generator, RemovedSentence, SentenceEvent, Usage
from rag.llm.chat_model import ChatModel
from rag.llm.completion import Finish
from rag.llm.plain_prompt import PlainPromptWriter
from rag.llm.token_budget import TokenBudget
from rag.output_check import CANARY_MARK, GIVES_RULES_AWAY, OutputCheck
from rag.privacy.masker import unmask
from rag.query import Query

THOUGHT = "</think>"
"""Ends what a reasoning model says to itself, also where its beginning stood in the prompt and not in the answer."""
log = logging.getLogger(__name__)


class PlainModel:
    """Writes one text for a conversation. Safe for concurrent use within one event loop."""

    def __init__(self, name: str, model: ChatModel, writer: PlainPromptWriter, budget: TokenBudget, output: OutputCheck) -> None:
        """``name`` is the model's, for the label ``plain:NAME``. ``output`` decides what must not leave, whatever was asked."""
        self.label = Generator(f"plain:{name}")
        self._model = model
        self._writer = writer
        self._budget = budget
        self._output = output

    async def answer(self, query: Query) -> AsyncGenerator[AnswerEvent]:
        """The text as one sentence that cites nothing, then the end. It leaves when it is complete, because all of it is checked.

        A text that fails the check is not sent, and the answer ends with ``content_filter``.

        Raises:
            GenerationError: the model failed or is known to be down; PromptTooLongError: the question does not fit into its context.
        """
        self._model.breaker.admit()
        prompt = await self._budget.fit(self._writer.prompts(query), query.deadline)
        text, finish, usage = "", "stop", Usage(prompt.estimated_tokens, 0)
        pieces = self._model.stream(prompt, query.audience, query.deadline, writing=query.writing)
        async with aclosing(pieces):
            async for piece in pieces:
                if isinstance(piece, Usage):
                    usage = piece
                elif isinstance(piece, Finish):
                    finish = "stop" if piece.complete else "length"
                else:
                    text += piece
        written = unmask(text.rpartition(THOUGHT)[2].strip(), prompt.originals)
        kept = query.writing.cut("", written)
        if kept is not None:
            written, finish = kept.rstrip(), "stop"
        answer = self._checked(written, "length" if finish == "length" else "stop", usage)
        for sentence in answer.sentences:
            yield SentenceEvent(sentence)
        yield EndEvent(answer)

    def _checked(self, text: str, finish: FinishReason, usage: Usage) -> Answer:
        problem = self._problem(text)
        removed: tuple[RemovedSentence, ...] = ()
        if problem is not None:
            log.warning("A text of the plain model was not sent: it failed a check of what may leave.")
            removed = (RemovedSentence(CANARY_MARK if problem == GIVES_RULES_AWAY else text, problem),)
            text, finish = "", "content_filter"
        sentences = (AnswerSentence(text, (), 0.0, verdict="not_found", notice=True),) if text else ()
        return Answer(sentences, (), self.label, "", usage, removed=removed, finish=finish, verified=False)

    def _problem(self, text: str) -> str | None:
        """Why ``text`` must not leave. Looked at as a whole, and line by line as sentences are."""
        parts = [text, *text.splitlines()]
        return next((found for part in parts if (found := self._output.problem(part) or self._output.link_problem(part, ()))), None)
