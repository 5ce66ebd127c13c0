"""Asks the golden questions and counts: found, answered rightly, declined, by language and half.

``citedesk eval golden [--data DIR]``
"""

import asyncio
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from eval.metrics import mean
from eval.question import GoldenQuestion
from kb.version import Version
from rag.answer import Answer
from rag.pipeline import Answerer
from rag.query import Query

FOUND_WITHIN = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question. ``problem`` tells in a sentence what is wrong, or is empty. ``cites`` are paths within the source."""

    question: GoldenQuestion
    found: bool
    declined: bool
    complete: bool
    clean: bool
    cited: bool
    answer: str
    problem: str
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldenRow:
    """One line of the table; rates in [0, 1], None where there is no such question.

    ``found``: an expected document is among the first five found. ``complete``: all expected facts are in the
    answer. ``clean``: none of the forbidden ones is. ``cited``: an expected document is cited.
    """

    half: str
    language: str
    answerable: int
    unanswerable: int
    found: float | None
    complete: float | None
    clean: float | None
    cited: float | None
    declined_wrongly: float | None
    declined_rightly: float | None


@dataclass(frozen=True, slots=True)
class GoldenReport:
    """All outcomes, and the table made of them."""

    outcomes: tuple[Outcome, ...]
    rows: tuple[GoldenRow, ...]

    def to_json(self) -> dict[str, object]:
        """Rows keyed by half and language, and the ids of the questions with a problem."""
        rows = {f"{row.half}/{row.language}": _row_json(row) for row in self.rows}
        return {**rows, "problems": [outcome.question.id for outcome in self.outcomes if outcome.problem]}


def run(
    answerer: Answerer, version: Version, questions: Sequence[GoldenQuestion], today: date, advance: Callable[[int], None] = lambda _: None
) -> GoldenReport:
    """Ask every question of ``version``; ``advance`` is told after each one."""
    outcomes = []
    for question in questions:
        outcomes.append(ask(answerer, version, question, today))
        advance(1)
    return GoldenReport(tuple(outcomes), tuple(tabulate(outcomes)))


def ask(answerer: Answerer, version: Version, question: GoldenQuestion, today: date) -> Outcome:
    """Ask one question and judge what comes back. Where no document is expected, any will do."""
    query = query_of(question, today)
    hits = answerer.retrieve(query, question.question, version)
    answer = asyncio.run(answerer.collect(query, version))
    documents = list(dict.fromkeys(hit.document for hit in hits))
    cites = tuple(dict.fromkeys(citation.document for citation in answer.citations))
    found = not question.documents or any(name in question.documents for name in documents[:FOUND_WITHIN])
    cited = not question.documents or any(name in question.documents for name in cites)
    text = plain(answer_text(answer))
    missing = [fact for fact in question.must if plain(fact) not in text]
    wrong = [fact for fact in question.must_not if plain(fact) in text]
    problem = _problem(question, answer, found, cited, missing, wrong)
    return Outcome(question, found, answer.abstained, not missing, not wrong, cited, answer.text, problem, cites)


def query_of(question: GoldenQuestion, today: date) -> Query:
    """The query as a face would build it."""
    return Query(
        text=question.question,
        as_of=question.as_of or today,
        audience=question.audience,
        region=question.region,
        today=today if question.as_of else None,
        request_id=f"golden-{question.id}",
    )


def answer_text(answer: Answer) -> str:
    """The sentences of an answer without markers."""
    return "\n".join(sentence.text for sentence in answer.sentences)


def plain(text: str) -> str:
    """``text`` for comparison: full-width forms folded, case folded, all white space removed."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def tabulate(outcomes: Iterable[Outcome]) -> list[GoldenRow]:
    """Rows for each half and language, and one for all languages of a half."""
    collected = list(outcomes)
    rows = []
    for half in ("tune", "test"):
        ours = [outcome for outcome in collected if outcome.question.half == half]
        for language in [*sorted({outcome.question.language for outcome in ours}), "all"]:
            rows.append(_row(half, language, [o for o in ours if language in (o.question.language, "all")]))
    return rows


def _row(half: str, language: str, outcomes: Sequence[Outcome]) -> GoldenRow:
    asked = [outcome for outcome in outcomes if outcome.question.answerable]
    unanswerable = [outcome for outcome in outcomes if not outcome.question.answerable]
    return GoldenRow(
        half,
        language,
        len(asked),
        len(unanswerable),
        _rate(outcome.found for outcome in asked),
        _rate(outcome.complete for outcome in asked),
        _rate(outcome.clean for outcome in asked),
        _rate(outcome.cited for outcome in asked),
        _rate(outcome.declined for outcome in asked),
        _rate(outcome.declined for outcome in unanswerable),
    )


def _rate(flags: Iterable[bool]) -> float | None:
    values = [float(flag) for flag in flags]
    return mean(values) if values else None


def _row_json(row: GoldenRow) -> dict[str, object]:
    rates = {
        "found@5": row.found,
        "complete": row.complete,
        "clean": row.clean,
        "cited": row.cited,
        "declined_wrongly": row.declined_wrongly,
        "declined_rightly": row.declined_rightly,
    }
    rounded = {name: None if rate is None else round(rate, 4) for name, rate in rates.items()}
    return {"answerable": row.answerable, "unanswerable": row.unanswerable, **rounded}


def _problem(
    question: GoldenQuestion, answer: Answer, found: bool, cited: bool, missing: Sequence[str], wrong: Sequence[str]
) -> str:
    if not question.answerable:
        return "" if answer.abstained else "answered although nothing answers it"
    if not found:
        return "no expected document among the first five"
    if answer.abstained:
        return f"declined ({answer.reason})"
    if not cited:
        return "cites no expected document"
    if missing:
        return f"an expected fact is missing: {', '.join(missing)}"
    return f"holds a forbidden fact: {', '.join(wrong)}" if wrong else ""
