"""What a language model writes on golden questions, and what the verifier lets through: sentence by sentence, to be read by people.

``citedesk eval written``
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from eval.golden import plain, query_of
from eval.metrics import mean
from eval.question import GoldenQuestion
from kb.version import Version
from rag.answer import Answer
from rag.pipeline import Answerer

CONCURRENT = 4


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """One answer: ``delivered`` are its sentences, with the quotes they cite and their support, ``removed`` those held
    back, with the reason.

    ``delivered`` is empty when the question was declined. ``generator`` wrote it; ``degraded`` when it stood in for the model.
    """

    question: GoldenQuestion
    delivered: tuple[tuple[str, tuple[str, ...], float], ...]
    removed: tuple[tuple[str, str], ...]
    reason: str | None
    generator: str
    degraded: bool

    @property
    def told(self) -> bool:
        """Whether every expected fact is in it."""
        text = plain("\n".join(sentence for sentence, _, _ in self.delivered))
        return all(plain(fact) in text for fact in self.question.must)

    def to_json(self) -> dict[str, object]:
        """One line of the transcript."""
        return {**asdict(self), "question": self.question.question, "id": self.question.id, "answerable": self.question.answerable}


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """Rates in [0, 1]. ``written`` and ``removed`` count the model's own sentences.

    ``answered`` is the share of the answerable questions with an answer of the model's, ``answered_with_fallback`` with any; ``told`` is
    the share of the model's answers to such questions that hold every expected fact.
    """

    questions: int
    written: int
    removed: int
    answered: float
    answered_with_fallback: float
    told: float
    declined_unanswerable: float


async def ask_all(
    answerer: Answerer, version: Version, questions: Sequence[GoldenQuestion], today: date, advance: Callable[[int], None]
) -> list[WrittenAnswer]:
    """The answers in the questions' order, `CONCURRENT` at a time; ``advance`` is told after each one."""
    places = asyncio.Semaphore(CONCURRENT)

    async def ask(question: GoldenQuestion) -> WrittenAnswer:
        async with places:
            answer = await answerer.collect(query_of(question, today), version)
        advance(1)
        return _written(question, answer)

    return list(await asyncio.gather(*(ask(question) for question in questions)))


def summarise(answers: Sequence[WrittenAnswer]) -> WrittenReport:
    """The rates over all answers."""
    own = [answer for answer in answers if not answer.degraded]
    answerable = [answer for answer in answers if answer.question.answerable]
    answered = [bool(answer.delivered) and not answer.degraded for answer in answerable]
    removed = sum(len(answer.removed) for answer in answers)
    return WrittenReport(
        questions=len(answers),
        written=sum(len(answer.delivered) for answer in own) + removed,
        removed=removed,
        answered=mean(answered),
        answered_with_fallback=mean([bool(answer.delivered) for answer in answerable]),
        told=mean([answer.told for answer, own_one in zip(answerable, answered, strict=True) if own_one]),
        declined_unanswerable=mean([not answer.delivered for answer in answers if not answer.question.answerable]),
    )


def _written(question: GoldenQuestion, answer: Answer) -> WrittenAnswer:
    quotes = {citation.number: citation.quote for citation in answer.citations}
    delivered = [
        (sentence.text, tuple(quotes[number] for number in sentence.citations), sentence.support)
        for sentence in answer.sentences
        if not sentence.notice
    ]
    return WrittenAnswer(
        question,
        () if answer.abstained else tuple(delivered),
        tuple((removed.text, removed.reason) for removed in answer.removed),
        answer.reason,
        answer.generator.name,
        answer.generator.degraded,
    )
