"""Notes when a language model completed each sentence, and where the time of an answer goes."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TypeAlias

from kb.errors import GenerationError
from rag.answer import Generator, Usage
from rag.draft import AnswerGenerator, Cut, Draft, Evidence
from rag.query import Query

_Pieces: TypeAlias = "asyncio.Queue[tuple[Draft | Usage | Cut, float | None] | None]"
"""What was written, with the time of its completion where it is a sentence that was not written before; None at the end."""


class TimedGenerator:
    """Hands on what ``generator`` writes. Queries are told apart by their ``request_id``.

    The pipeline asks for the next draft only when it is done with the one before, and until then nothing is read from the model's
    server. Were a draft's time taken when it is asked for, a sentence that the model completed while another was being verified would
    seem to be younger than it is. So a task of its own reads on, and notes the time at which each sentence was there.
    """

    def __init__(self, generator: AnswerGenerator) -> None:
        self._generator = generator
        self._completed: dict[tuple[str, str], float] = {}
        self.settled: list[float] = []
        """For each sentence, the seconds from its completion until it had left or was held back. What is said twice is dropped unseen."""
        self.waited = 0.0
        """Seconds, over all answers, in which nothing could be done but wait for the model."""
        self.handled = 0.0
        """Seconds, over all answers, that drafts were with the check."""
        self.failures = 0
        """Answers that the model did not finish."""

    @property
    def label(self) -> Generator:
        """The generator's own."""
        return self._generator.label

    def completed(self, query: Query, sentence: str) -> float | None:
        """The reading of `time.monotonic` when the model had completed ``sentence``; None when it did not write it."""
        return self._completed.get((query.request_id, sentence))

    async def generate(self, query: Query, evidence: Evidence) -> AsyncIterator[Draft | Usage | Cut]:
        """The generator's drafts. Raises GenerationError as it does."""
        pieces: _Pieces = asyncio.Queue()
        reading = asyncio.create_task(self._read(query, evidence, pieces))
        try:
            while True:
                asked = time.monotonic()
                next_one = await pieces.get()
                given = time.monotonic()
                self.waited += given - asked
                if next_one is None:
                    break
                piece, completed = next_one
                yield piece
                self._settle(completed, given)
            await reading
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def _settle(self, completed: float | None, given: float) -> None:
        now = time.monotonic()
        self.handled += now - given
        if completed is not None:
            self.settled.append(now - completed)

    def _complete(self, query: Query, piece: Draft | Usage | Cut) -> float | None:
        """The time now, noted, for a sentence that was not written before."""
        if not isinstance(piece, Draft) or self.completed(query, piece.text) is not None:
            return None
        return self._completed.setdefault((query.request_id, piece.text), time.monotonic())

    async def _read(self, query: Query, evidence: Evidence, pieces: _Pieces) -> None:
        try:
            async with aclosing(self._generator.generate(query, evidence)) as written:  # type: ignore[type-var]
                async for piece in written:
                    pieces.put_nowait((piece, self._complete(query, piece)))
        except GenerationError:
            self.failures += 1
            raise
        finally:
            pieces.put_nowait(None)
