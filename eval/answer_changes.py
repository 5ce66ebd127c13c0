"""Questions that two versions of the knowledge base answer differently: golden ones, and those that were asked lately."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from eval.golden import answer_text, plain
from eval.question import GoldenQuestion
from kb.errors import CitedeskError, EncoderMismatchError
from kb.scope import Audience
from kb.version import Version
from rag.answer import Answer
from rag.pipeline import Answerer
from rag.query import Query

Origin: TypeAlias = Literal["golden", "recent"]
ChangeKind: TypeAlias = Literal["answered", "declined", "text", "sources"]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that both versions are asked. ``id`` is the golden question's, or tells a recent one apart; ``as_of`` None is today."""

    origin: Origin
    id: str
    text: str
    audience: Audience
    language: str | None = None
    region: str | None = None
    channel: str | None = None
    product: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class CitedSource:
    """What an answer rests on. ``document`` is the path within ``source``."""

    number: int
    source: str
    document: str
    title: str
    page: int | None
    quote: str
    language: str


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer as a reader sees it, ``[n]`` markers included. ``error`` is why there is none."""

    text: str
    declined: bool
    reason: str | None
    sources: tuple[CitedSource, ...]
    error: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A question and both answers.

    ``kind``: ``declined`` what was answered before, ``answered`` what was not, another ``text``, or the same text from other ``sources``.
    """

    question: AskedQuestion
    kind: ChangeKind
    old: GivenAnswer
    new: GivenAnswer


@dataclass(frozen=True, slots=True)
class AnswerChanges:
    """What was asked, by origin, and the questions whose answers differ: those declined now first."""

    asked: dict[Origin, int]
    changes: tuple[AnswerChange, ...]

    def to_json(self, limit: int | None = None) -> dict[str, Any]:
        """All of it as plain JSON values, with at most ``limit`` changes listed."""
        kinds = [change.kind for change in self.changes]
        counts = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
        return {"asked": dict(self.asked), "changed": len(kinds), "counts": counts, "changes": [_json(one) for one in self.changes[:limit]]}


def compare_answers(
    answerer: Answerer,
    old: Version,
    new: Version,
    questions: Sequence[AskedQuestion],
    today: date,
    advance: Callable[[int], None] = lambda _: None,
) -> AnswerChanges:
    """Ask ``questions`` of both versions; ``advance`` is told after each one.

    Use an ``answerer`` that gives one answer to one question, such as the extractive one: a language model words it otherwise every time.
    A question that one version cannot answer (too long, say) counts by its error. Raises EncoderMismatchError if a version was embedded
    with another encoder.
    """
    asked: dict[Origin, int] = {}
    changes = []
    for question in questions:
        asked[question.origin] = asked.get(question.origin, 0) + 1
        before, after = (asyncio.run(_ask(answerer, version, question, today)) for version in (old, new))
        kind = _kind(before, after)
        if kind is not None:
            changes.append(AnswerChange(question, kind, before, after))
        advance(1)
    order: tuple[ChangeKind, ...] = ("declined", "text", "sources", "answered")
    return AnswerChanges(asked, tuple(sorted(changes, key=lambda change: order.index(change.kind))))


def golden_to_ask(questions: Iterable[GoldenQuestion]) -> list[AskedQuestion]:
    """Golden questions, as both versions are asked them."""
    return [AskedQuestion("golden", one.id, one.question, one.audience, None, one.region, as_of=one.as_of) for one in questions]


def fitting(questions: Sequence[GoldenQuestion], paths: frozenset[str]) -> list[GoldenQuestion]:
    """Those of ``questions`` that fit a shop with documents at ``paths``: they expect one of them, or nothing where others fit."""
    if not any(paths.intersection(one.documents) for one in questions):
        return []
    return [one for one in questions if not one.documents or paths.intersection(one.documents)]


async def _ask(answerer: Answerer, version: Version, question: AskedQuestion, today: date) -> GivenAnswer:
    query = Query(
        text=question.text,
        as_of=question.as_of or today,
        audience=question.audience,
        language=question.language,
        region=question.region,
        channel=question.channel,
        product=question.product,
        request_id=f"diff-{question.id}",
    )
    try:
        return _given(await answerer.collect(query, version))
    except EncoderMismatchError:
        raise
    except CitedeskError as error:
        return GivenAnswer("", True, None, (), str(error))


def _given(answer: Answer) -> GivenAnswer:
    sources = tuple(
        CitedSource(one.number, one.source, one.document, one.title, one.page, one.quote, one.language) for one in answer.citations
    )
    return GivenAnswer(answer.text or answer_text(answer), answer.abstained, answer.reason, sources)


def _kind(old: GivenAnswer, new: GivenAnswer) -> ChangeKind | None:
    if old.declined != new.declined:
        return "declined" if new.declined else "answered"
    if plain(old.text) != plain(new.text) or old.error != new.error:
        return "text"
    return "sources" if _rests_on(old) != _rests_on(new) else None


def _rests_on(answer: GivenAnswer) -> list[tuple[str, str, str]]:
    return [(source.source, source.document, plain(source.quote)) for source in answer.sources]


def _json(change: AnswerChange) -> dict[str, Any]:
    row = asdict(change)
    as_of = change.question.as_of
    row["question"]["as_of"] = None if as_of is None else as_of.isoformat()
    return row
