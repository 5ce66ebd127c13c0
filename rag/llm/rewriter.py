"""A follow-up question made to stand alone by a language model, beside the rules' version and checked before it is searched for."""

import asyncio
import logging
import time
from contextlib import aclosing

from kb.errors import GenerationError
from rag.llm.chat_model import ChatModel
from rag.llm.completion import Finish
from rag.llm.rewrite_prompt import RewritePromptWriter
from rag.llm.rewriting_check import MAX_CHARACTERS, TOO_LONG, RewritingCheck
from rag.privacy.masker import unmask
from rag.query import Query
from rag.rewrite import rewrite
from rag.rewriter import Rewriting, is_follow_up

MAX_TOKENS = 64
REWRITE_SECONDS = 4.0
"""A question is some twenty tokens: half a second on a GPU, two or three on two CPU cores. What the rules can do is not worth more."""
SHARE_OF_TIME = 0.25
"""Of what is left until the query's deadline: the answer itself has still to be found and written."""
LATE = "It took too long."
_LOG = logging.getLogger(__name__)


class LlmRewriter:
    """Asks ``model`` once for each follow-up, and never for a question that stands alone. Safe for concurrent use in one event loop."""

    def __init__(self, model: ChatModel, writer: RewritePromptWriter | None = None, seconds: float = REWRITE_SECONDS) -> None:
        """``seconds`` bound one rewriting, all included."""
        self._model = model
        self._writer = writer or RewritePromptWriter()
        self._seconds = seconds

    async def rewrite(self, query: Query) -> Rewriting:
        """The rules' version of ``query``, and the model's where it is a follow-up and what the model wrote passed the check.

        Raises nothing: a model that fails, is silent or writes something else is logged, without its words, and leaves the rules'.
        """
        by_rules = rewrite(query)
        if not is_follow_up(query) or len(query.text) > MAX_CHARACTERS:
            return Rewriting(by_rules)
        try:
            async with asyncio.timeout(self._seconds_for(query)):
                written = await self._written(query)
        except TimeoutError:
            # Not the breaker's business: the server may well be good for an answer, which may take longer.
            return _left_to_rules(by_rules, LATE)
        except GenerationError as error:
            return _left_to_rules(by_rules, str(error))
        problem = RewritingCheck(query, by_rules).problem(written)
        return Rewriting(by_rules, written) if problem is None else _left_to_rules(by_rules, problem)

    def _seconds_for(self, query: Query) -> float:
        if query.deadline is None:
            return self._seconds
        return min(self._seconds, SHARE_OF_TIME * max(0.0, query.deadline - time.monotonic()))

    async def _written(self, query: Query) -> str:
        """What the model wrote; it is not read on once it cannot be a question any more. Raises GenerationError."""
        prompt = self._writer.prompt(query)
        written = ""
        pieces = self._model.stream(prompt, query.audience, query.deadline, max_tokens=MAX_TOKENS, retry=False, first="rewrite_token")
        async with aclosing(pieces):
            async for piece in pieces:
                if isinstance(piece, Finish) and not piece.complete:
                    raise GenerationError(TOO_LONG)
                written += piece if isinstance(piece, str) else ""
                if len(written.strip()) > MAX_CHARACTERS or "\n" in written.strip():
                    break
        return unmask(written.strip().strip('"“”「」'), prompt.originals)


def _left_to_rules(by_rules: str, problem: str) -> Rewriting:
    _LOG.info("A follow-up question was rewritten by the rules alone. The language model: %s", problem)
    return Rewriting(by_rules, problem=problem)
