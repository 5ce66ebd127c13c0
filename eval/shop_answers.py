"""Asks invented shops their questions through the product's own ingest and answering: found, told, declined.

``citedesk eval shops [--shops N]``
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.ingested import ingested_source
from eval.metrics import mean
from eval.shop import Shop, ShopQuestion, holds_answer, write_documents
from kb.encoder import Encoder
from kb.version import Version
from rag.pipeline import Answerer
from rag.query import Query

TODAY = date(2026, 11, 25)
FOUND_WITHIN = 5


@dataclass(frozen=True, slots=True)
class ShopOutcome:
    """What became of one question. ``found``: one of the first five passages holds the answer. ``told``: the answer does."""

    shop: Shop
    question: ShopQuestion
    found: bool
    told: bool
    declined: bool
    sentences: int
    answer: str


@dataclass(frozen=True, slots=True)
class ShopRow:
    """Rates in [0, 1] over the questions of one half in one language; None where there is no such question.

    ``sentences`` is the mean length of the answers given.
    """

    half: str
    language: str
    answerable: int
    unanswerable: int
    found: float | None
    told: float | None
    declined_wrongly: float | None
    declined_rightly: float | None
    sentences: float | None


def ask_shop(shop: Shop, encoder: Encoder, answerer: Answerer) -> list[ShopOutcome]:
    """Ingest ``shop`` into a temporary data folder and ask all its questions."""
    with ingested_shop(shop, encoder) as version:
        return [_ask(shop, question, answerer, version) for question in shop.questions]


@contextmanager
def ingested_shop(shop: Shop, encoder: Encoder) -> Iterator[Version]:
    """A version made of the shop's documents in a temporary data folder."""
    with tempfile.TemporaryDirectory(prefix="citedesk-shop-") as folder:
        documents = Path(folder) / shop.name
        write_documents(shop, documents)
        with ingested_source(shop.name, documents, encoder) as version:
            yield version


def run(shops: Sequence[Shop], encoder: Encoder, answerer: Answerer, advance: Callable[[int], None] = lambda _: None) -> list[ShopOutcome]:
    """Ask every shop; ``advance`` is told after each one."""
    outcomes = []
    for shop in shops:
        outcomes += ask_shop(shop, encoder, answerer)
        advance(1)
    return outcomes


def tabulate(outcomes: Iterable[ShopOutcome]) -> list[ShopRow]:
    """Rows for each half and language of the question, and one for all languages of a half."""
    collected = list(outcomes)
    rows = []
    for half in ("tune", "test"):
        ours = [outcome for outcome in collected if outcome.shop.half == half]
        for language in [*sorted({outcome.question.language for outcome in ours}), "all"]:
            rows.append(_row(half, language, [o for o in ours if language in (o.question.language, "all")]))
    return rows


def _ask(shop: Shop, question: ShopQuestion, answerer: Answerer, version: Version) -> ShopOutcome:
    query = Query(text=question.question, as_of=TODAY, request_id=f"{shop.name}-{question.id}")
    answer = asyncio.run(answerer.collect(query, version))
    hits = answerer.retrieve(query, question.question, version)[:FOUND_WITHIN]
    found = bool(question.answer) and any(holds_answer(hit.passage.text, question.answer) for hit in hits)
    told = bool(question.answer) and holds_answer(answer.text, question.answer)
    return ShopOutcome(shop, question, found, told, answer.abstained, len(answer.sentences), answer.text)


def _row(half: str, language: str, outcomes: Sequence[ShopOutcome]) -> ShopRow:
    asked = [outcome for outcome in outcomes if outcome.question.passages]
    unanswerable = [outcome for outcome in outcomes if not outcome.question.passages]
    return ShopRow(
        half,
        language,
        len(asked),
        len(unanswerable),
        _rate([outcome.found for outcome in asked]),
        _rate([outcome.told for outcome in asked]),
        _rate([outcome.declined for outcome in asked]),
        _rate([outcome.declined for outcome in unanswerable]),
        _rate([outcome.sentences for outcome in outcomes if not outcome.declined]),
    )


def _rate(values: Sequence[float]) -> float | None:
    return mean(values) if values else None
