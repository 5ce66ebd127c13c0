"""Asks Citedesk questions, and adds up where the time of its answers goes."""

import time
from collections.abc import Callable
from contextlib import suppress

from eval.serving_report import PHASES
from eval.timed_generator import TimedGenerator
from kb.errors import GenerationError
from kb.version import Version
from rag.answer import EndEvent, SentenceEvent
from rag.draft import AnswerGenerator
from rag.pipeline import Answerer
from rag.query import Query


class TimedAnswers:
    """The times of all answers together; each query needs a ``request_id`` of its own. All times in seconds."""

    def __init__(self, generator: AnswerGenerator, pipeline: Callable[[AnswerGenerator], Answerer], version: Version) -> None:
        """``pipeline`` makes what answers from ``version``, around the generator that is handed to it."""
        self._generator = TimedGenerator(generator)
        self._answerer = pipeline(self._generator)
        self._version = version
        self._total = 0.0
        self._before = {"retrieve": 0.0, "weigh": 0.0}
        self.sent: list[float] = []
        """For each sentence that the model wrote and that left: from when the model had completed it until then."""

    @property
    def settled(self) -> list[float]:
        """The same for each sentence that left or was held back."""
        return self._generator.settled

    @property
    def failures(self) -> int:
        """Answers that the model did not finish."""
        return self._generator.failures

    @property
    def phases(self) -> dict[str, float]:
        """Sums over all answers: ``model`` is the wait for it, ``verify`` the time with the check, in which the model may write on."""
        known = {**self._before, "model": self._generator.waited, "verify": self._generator.handled}
        return {name: known.get(name, self._total - sum(known.values())) for name in PHASES}

    async def ask(self, query: Query) -> None:
        """Take the times of one answer. One that fails is counted, and its time is too."""
        started = time.monotonic()
        with suppress(GenerationError):
            async for event in self._answerer.answer(query, self._version):
                if isinstance(event, SentenceEvent):
                    self._note(query, event.sentence.text, time.monotonic())
                elif isinstance(event, EndEvent):
                    for phase in self._before:
                        self._before[phase] += event.answer.timings.get(phase, 0.0)
        self._total += time.monotonic() - started

    def _note(self, query: Query, sentence: str, now: float) -> None:
        completed = self._generator.completed(query, sentence)
        if completed is not None:
            self.sent.append(now - completed)
