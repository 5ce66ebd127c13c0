"""Asks for the facts planted in the sample shop, and checks the values, the quotes and the pages of the answers."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.golden import answer_text, plain
from eval.question import Half, half_of
from kb.version import Version
from rag.answer import Answer
from rag.pipeline import Answerer
from rag.query import Query

PLANTED_FILE = Path(__file__).parents[1] / "kb" / "sample" / "planted.json"
GROUPS = ("manuals", "policies", "chinese")


@dataclass(frozen=True, slots=True)
class PlantedFact:
    """A fact that stands in one document of the sample shop, and a question for it in a shopper's words."""

    id: str
    question: str
    value: str
    quote: str
    document: str
    page: int | None
    region: str | None
    as_of: date | None

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the id."""
        return half_of(self.id)


@dataclass(frozen=True, slots=True)
class PlantedOutcome:
    """``told``: the answer holds the value. ``literal``: every quote is in its passage. ``paged``: PDF quotes have their page."""

    fact: PlantedFact
    told: bool
    literal: bool
    paged: bool
    answer: str


def read_planted(path: Path = PLANTED_FILE) -> list[PlantedFact]:
    """All planted facts, by group."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return [_fact(entry) for group in GROUPS for entry in content[group]]


def run(
    answerer: Answerer, version: Version, facts: Sequence[PlantedFact], today: date, advance: Callable[[int], None] = lambda _: None
) -> list[PlantedOutcome]:
    """Ask for every fact; ``advance`` is told after each one."""
    outcomes = []
    for fact in facts:
        query = Query(
            text=fact.question,
            as_of=fact.as_of or today,
            region=fact.region,
            request_id=f"planted-{fact.id}",
            today=today if fact.as_of else None,
        )
        answer = asyncio.run(answerer.collect(query, version))
        outcomes.append(_judge(fact, answer, version))
        advance(1)
    return outcomes


def _judge(fact: PlantedFact, answer: Answer, version: Version) -> PlantedOutcome:
    text = plain(answer_text(answer))
    told = plain(fact.value) in text or plain(fact.quote) in text
    return PlantedOutcome(fact, told, _literal(answer, version), _paged(answer, version), answer.text)


def _literal(answer: Answer, version: Version) -> bool:
    passages = [(citation, version.passage(citation.passage_id)) for citation in answer.citations]
    return all(passage is not None and citation.quote in passage.text for citation, passage in passages)


def _paged(answer: Answer, version: Version) -> bool:
    """Every quote from a PDF names the page on which the document's lines have it."""
    for citation in answer.citations:
        document = version.document(citation.document_id)
        if document is None or document.pages is None:
            continue
        pages = {line.page for line in document.lines if line.start <= citation.start < line.end}
        if citation.page not in pages:
            return False
    return True


def _fact(entry: dict[str, Any]) -> PlantedFact:
    return PlantedFact(
        id=entry["id"],
        question=entry["question"],
        value=entry["value"],
        quote=entry["quote"],
        document=entry["document"],
        page=entry.get("page"),
        region=entry.get("region"),
        as_of=date.fromisoformat(entry["as_of"]) if entry.get("as_of") else None,
    )
