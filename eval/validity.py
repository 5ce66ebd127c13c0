"""Asks an invented shop sixty questions whose answers hang on a day, a region, a channel or a product.

Which rule is told, which day it is said to be of, and of which other rules it is told.

``citedesk eval validity``. There are two sets of questions (``eval/validity.jsonl``, ``eval/validity_later.jsonl``), each about a shop of
its own (``eval/validity_shop``, ``eval/validity_later``). The first was written before anything was tuned on it, the later one after all
that, to see what the first could not. Today is a fixed day, for what is in force changes with it.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.golden import answer_text, plain
from eval.json_lines import read_json_lines
from eval.question import Half, half_of
from kb.scope import SearchScope
from kb.version import Version
from rag.answer import Answer
from rag.pipeline import Answerer
from rag.query import Query
from rag.validity_phrases import as_of_phrase

TODAY = date(2026, 11, 25)


@dataclass(frozen=True, slots=True)
class ValiditySet:
    """Questions, and the folder of the shop that they are about."""

    questions: Path
    shop: Path


SETS = {
    "first": ValiditySet(Path(__file__).with_name("validity.jsonl"), Path(__file__).with_name("validity_shop")),
    "later": ValiditySet(Path(__file__).with_name("validity_later.jsonl"), Path(__file__).with_name("validity_later")),
}


@dataclass(frozen=True, slots=True)
class ValidityQuestion:
    """A question and what a right answer says; ``kind`` is what the question hangs on.

    ``said`` is the day that it must begin with, if any; ``other_regions`` and ``other_day`` are those of which it must tell that
    another rule holds, and no others.
    """

    id: str
    language: str
    kind: str
    question: str
    region: str | None
    channel: str | None
    product: str | None
    as_of: date | None
    declined: bool
    documents: tuple[str, ...]
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    said: date | None
    other_regions: tuple[str, ...]
    other_day: date | None

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the id."""
        return half_of(self.id)


@dataclass(frozen=True, slots=True)
class ValidityOutcome:
    """What was answered, and what is wrong with it; ``superseded``: something was cited that is not in force that day."""

    question: ValidityQuestion
    problems: tuple[str, ...]
    superseded: bool
    answer: str


def read_validity(path: Path) -> list[ValidityQuestion]:
    """All questions of ``path``, in order.

    Raises:
        ConfigurationError: a line is malformed.
    """
    return read_json_lines(path, _question, "A question")


def run(
    answerer: Answerer, version: Version, questions: Sequence[ValidityQuestion], advance: Callable[[int], None] = lambda _: None
) -> list[ValidityOutcome]:
    """Ask every question; ``advance`` is told after each one."""
    outcomes = []
    for question in questions:
        outcomes.append(_judge(question, asyncio.run(answerer.collect(_query(question), version)), version))
        advance(1)
    return outcomes


def tabulate(outcomes: Iterable[ValidityOutcome]) -> list[tuple[str, str, int, int, int]]:
    """Half, kind, questions, right, and answers that cite what is not in force, for each half and kind, and for all kinds of a half."""
    collected = list(outcomes)
    rows = []
    for half in ("tune", "test"):
        ours = [outcome for outcome in collected if outcome.question.half == half]
        for kind in [*sorted({outcome.question.kind for outcome in ours}), "all"]:
            some = [outcome for outcome in ours if kind in (outcome.question.kind, "all")]
            rows.append((half, kind, len(some), sum(not one.problems for one in some), sum(one.superseded for one in some)))
    return rows


def _query(question: ValidityQuestion) -> Query:
    return Query(
        text=question.question,
        as_of=question.as_of or TODAY,
        region=question.region,
        channel=question.channel,
        product=question.product,
        request_id=question.id,
        today=TODAY if question.as_of else None,
    )


def _judge(question: ValidityQuestion, answer: Answer, version: Version) -> ValidityOutcome:
    superseded = _not_in_force(answer, version, question)
    problems = ["cites what is not in force"] if superseded else []
    if answer.abstained != question.declined:
        problems.append(f"declined ({answer.reason})" if answer.abstained else "answered although nothing in force answers it")
    elif not question.declined:
        problems += [*_wrong_content(question, answer), *_wrong_notes(question, answer)]
    return ValidityOutcome(question, tuple(problems), superseded, answer.text)


def _wrong_content(question: ValidityQuestion, answer: Answer) -> Iterator[str]:
    text = plain(answer_text(answer))
    yield from (f"does not say “{fact}”" for fact in question.must if plain(fact) not in text)
    yield from (f"says “{fact}”" for fact in question.must_not if plain(fact) in text)
    if not any(citation.document in question.documents for citation in answer.citations):
        yield "cites no expected document"


def _wrong_notes(question: ValidityQuestion, answer: Answer) -> Iterator[str]:
    told = answer.validity
    if told is None:
        yield "tells no validity"
        return
    if told.other_regions != question.other_regions:
        yield f"tells of {', '.join(told.other_regions) or 'no region'} instead of {', '.join(question.other_regions) or 'none'}"
    if told.other_day != question.other_day:
        yield f"tells of the day {told.other_day} instead of {question.other_day}"
    said = question.said is not None and answer.sentences[0].text == as_of_phrase(question.said, question.language)
    if said != (question.said is not None) or (question.said is None and told.as_of != TODAY):
        yield f"is for {told.as_of} and begins with “{answer.sentences[0].text}”"


def _not_in_force(answer: Answer, version: Version, question: ValidityQuestion) -> bool:
    """Whether a citation is of a passage that does not hold on the right day: the one that must be said, else today."""
    region = answer.validity.region if answer.validity else None
    scope = SearchScope(question.said or TODAY, region=region, channel=question.channel, product=question.product)
    mask = version.admission.mask(scope)
    ordinals = [version.ordinal(citation.passage_id) for citation in answer.citations]
    return any(ordinal is None or not mask[ordinal] for ordinal in ordinals)


def _question(entry: dict[str, Any]) -> ValidityQuestion:
    return ValidityQuestion(
        id=entry["id"],
        language=entry["language"],
        kind=entry["kind"],
        question=entry["question"],
        region=entry.get("region"),
        channel=entry.get("channel"),
        product=entry.get("product"),
        as_of=_day(entry.get("as_of")),
        declined=entry["declined"],
        documents=tuple(entry["documents"]),
        must=tuple(entry["must"]),
        must_not=tuple(entry["must_not"]),
        said=_day(entry["said"]),
        other_regions=tuple(entry["other_regions"]),
        other_day=_day(entry["other_day"]),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
