"""Scored sentences of two documents, for comparing: text in, units and statements out."""

from collections.abc import Sequence
from datetime import date

from kb.document import BlockKind
from kb.passage import Passage
from kb.scope import Scope
from kb.search import Hit
from rag.conflict.statement import ComparedStatement, compared
from rag.draft import ScoredUnit
from rag.unit import units_of
from tests.rag.verify.passages import language_of


def hit_of(
    text: str, document: str = "policies/returns.md", title: str = "", kind: BlockKind = "paragraph", scope: Scope | None = None
) -> Hit:
    passage = Passage(
        document, document, text, 0, len(text), kind, (), None, language_of(text), scope or Scope(), title or document.rpartition("/")[2]
    )
    return Hit(passage, "shop", document, 0.0, 0.0, 0.0, 0.0)


def faq_of(text: str, document: str = "faq/faq.csv", scope: Scope | None = None) -> Hit:
    return hit_of(text, document, "Questions", "faq", scope)


def scored(hits: Sequence[Hit], logits: Sequence[float] = ()) -> tuple[ScoredUnit, ...]:
    """The units of ``hits``, all as good as each other unless ``logits`` say otherwise, one for each hit."""
    given = list(logits) or [0.0] * len(hits)
    found = [ScoredUnit(unit, given[unit.rank], 0.0, given[unit.rank]) for unit in units_of(hits)]
    return tuple(sorted(found, key=lambda entry: -entry.score))


def statement_of(text: str, kind: BlockKind = "paragraph", title: str = "Title") -> ComparedStatement:
    """The last sentence of ``text``."""
    return compared(scored([hit_of(text, title=title, kind=kind)])[-1])


def from_day(year: int) -> Scope:
    return Scope(effective_from=date(year, 1, 1))
