"""One attempt at an answer: the text as it comes in, and its end."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias

from langchain_core.messages import AIMessageChunk

from kb.text.tokens import estimate_tokens
from rag.answer import Usage
from rag.llm.chunk_reader import ChunkReader, finish_reason_of, text_of, usage_of
from rag.llm.prompt import Prompt
from rag.llm.thinking import ThinkingFilter
from rag.llm.timeouts import Timeouts
from rag.llm.upstream_error import UpstreamError

MAX_CHARACTERS = 256 * 1024


@dataclass(frozen=True, slots=True)
class Finish:
    """The answer has ended. ``complete`` is False where it ran into the limit on its length."""

    complete: bool


Piece: TypeAlias = str | Finish | Usage


class Completion:
    """Reads ``chunks`` once, and closes them whatever happens."""

    def __init__(self, chunks: AsyncGenerator[AIMessageChunk], timeouts: Timeouts, deadline: float | None) -> None:
        self._chunks = chunks
        self._reader = ChunkReader(chunks, timeouts, deadline)
        self._thinking = ThinkingFilter()
        self._received = 0
        self._answer: list[str] = []

    async def pieces(self, prompt: Prompt, progressed: Callable[[], None]) -> AsyncGenerator[Piece]:
        """The text without what the model says to itself, then `Finish`, then `Usage`; an estimate where the server does not count.

        ``progressed`` is called for every chunk. Raises UpstreamError.
        """
        async with aclosing(self._chunks):
            reason, usage = None, None
            while reason is None:
                chunk = await self._reader.next()
                if chunk is None:
                    raise UpstreamError("The language model ended its answer without saying that it was done.")
                progressed()
                usage = usage_of(chunk) or usage
                reason = finish_reason_of(chunk)
                if visible := self._visible(text_of(chunk), is_last=reason is not None):
                    yield visible
            yield _finish(reason)
            usage = await self._drained(usage)
            yield usage or Usage(prompt.estimated_tokens, estimate_tokens("".join(self._answer)))

    def _visible(self, text: str, is_last: bool) -> str:
        self._received += len(text)
        if self._received > MAX_CHARACTERS:
            raise UpstreamError("The language model's server sent more than an answer can be.")
        if text:
            self._reader.text_has_begun()
        visible = self._thinking.feed(text) + (self._thinking.finish() if is_last else "")
        self._answer.append(visible)
        return visible

    async def _drained(self, usage: Usage | None) -> Usage | None:
        """Read to the end, so that the connection can be used again. The answer is complete: nothing that fails now counts."""
        self._reader.answer_is_complete()
        try:
            while (chunk := await self._reader.next()) is not None:
                usage = usage_of(chunk) or usage
        except UpstreamError:
            return usage
        return usage


def _finish(reason: str) -> Finish:
    if reason not in ("stop", "length"):
        raise UpstreamError("The language model's server stopped the answer before its end.")
    return Finish(complete=reason == "stop")
