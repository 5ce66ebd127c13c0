"""Golden questions as an exam: each is answered as a face would answer it, and judged."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date

from eval.exam import ExamKind, ExamOutcome, ExamQuestion
from eval.golden import Outcome, ask
from eval.question import GoldenQuestion
from kb.version import Version
from rag.pipeline import Answerer

SHOWN_CHARACTERS = 400


class GoldenExam:
    """Asks ``answerer``. ``today`` is the day of questions that name none, ``region`` the region of those."""

    kind: ExamKind = "golden"

    def __init__(self, questions: Sequence[GoldenQuestion], answerer: Answerer, today: date, region: str | None = None) -> None:
        self._questions = {one.id: one if one.region else replace(one, region=region) for one in questions}
        self._answerer = answerer
        self._today = today

    def questions(self, staged: Version) -> list[ExamQuestion]:
        """All of them, whatever ``staged`` holds: a document that is gone must not take its questions along."""
        days = {one.id: one.as_of or self._today for one in self._questions.values()}
        return [ExamQuestion(one.id, one.question, _key(one), days[one.id].isoformat()) for one in self._questions.values()]

    def sit(self, version: Version, ids: Sequence[str], advance: Callable[[int], None]) -> Mapping[str, ExamOutcome]:
        """Answers one question after the other."""
        outcomes = {}
        for name in ids:
            outcome = ask(self._answerer, version, self._questions[name], self._today)
            outcomes[name] = ExamOutcome(outcome.problem, _shown(outcome))
            advance(1)
        return outcomes


def _key(question: GoldenQuestion) -> str:
    content = json.dumps(asdict(question), sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _shown(outcome: Outcome) -> str:
    text = outcome.answer if len(outcome.answer) <= SHOWN_CHARACTERS else f"{outcome.answer[:SHOWN_CHARACTERS]}…"
    return f"{text} ({', '.join(outcome.cites)})" if outcome.cites else text
