"""Reads the chunks of one completion, each within its time."""

import asyncio
import time
from collections.abc import AsyncGenerator

from langchain_core.messages import AIMessageChunk

from rag.answer import Usage
from rag.llm.timeouts import Timeouts
from rag.llm.upstream_error import UpstreamError, upstream_error


class ChunkReader:
    """Waits for one chunk after the other, for at most the time of its phase. ``deadline`` is a reading of `time.monotonic`, or None.

    A chunk without text (the role, reasoning in a field of its own) begins the wait anew: the model is at work.
    """

    def __init__(self, chunks: AsyncGenerator[AIMessageChunk], timeouts: Timeouts, deadline: float | None) -> None:
        self._chunks = chunks
        self._timeouts = timeouts
        self._deadline = deadline
        self._limit = timeouts.first_token

    def text_has_begun(self) -> None:
        """From now on the time between tokens counts."""
        self._limit = self._timeouts.between_tokens

    def answer_is_complete(self) -> None:
        """From now on only the token counts are waited for."""
        soon = time.monotonic() + self._timeouts.finished
        self._deadline = soon if self._deadline is None else min(soon, self._deadline)

    async def next(self) -> AIMessageChunk | None:
        """The next chunk, None after the last. Raises UpstreamError; the connection is then closed."""
        left = self._limit if self._deadline is None else min(self._limit, max(0.0, self._deadline - time.monotonic()))
        try:
            async with asyncio.timeout(left):
                return await anext(self._chunks, None)
        except TimeoutError:
            raise self._late() from None
        except Exception as error:  # noqa: BLE001 - the client fails in whatever way a broken answer makes it fail
            # The cause is not attached: it may repeat what the server sent.
            raise upstream_error(error) from None

    def _late(self) -> UpstreamError:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            return UpstreamError("The language model did not finish before the answer's deadline.", "busy")
        return UpstreamError(f"The language model was silent for {self._limit:g} seconds.")


def text_of(chunk: AIMessageChunk) -> str:
    """The text of ``chunk``; reasoning that the server reports in a field of its own is not in it."""
    return chunk.content if isinstance(chunk.content, str) else ""


def finish_reason_of(chunk: AIMessageChunk) -> str | None:
    """Why the answer ended, on the chunk that says so."""
    reason = chunk.response_metadata.get("finish_reason")
    return str(reason) if reason else None


def usage_of(chunk: AIMessageChunk) -> Usage | None:
    """The server's token counts, on the chunk that has them."""
    counted = chunk.usage_metadata
    return Usage(counted["input_tokens"], counted["output_tokens"]) if counted else None
