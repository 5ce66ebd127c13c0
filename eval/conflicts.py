"""How well contradictions are told from near misses: pairs of passages, half of which contradict each other.

``citedesk eval conflicts``. The pairs of ``eval/conflicts.jsonl`` are about invented products and rules, in English, Chinese and across
both; half of them differ in product, region, case, date or in what is told, or say the same. They were written before the finder.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.json_lines import read_json_lines
from eval.question import Half, half_of
from kb.passage import Passage
from kb.scope import Scope
from kb.search import Hit
from rag.answer_type import asked_types, match
from rag.conflict_finder import ConflictFinder, FoundConflict
from rag.draft import ScoredUnit
from rag.evidence import READER_WEIGHT, TYPE_WEIGHT, readings_of
from rag.reader import Reader
from rag.unit import units_of

CONFLICTS_FILE = Path(__file__).with_name("conflicts.jsonl")


@dataclass(frozen=True, slots=True)
class ConflictPair:
    """Two passages that were retrieved for ``question``; ``sort`` says in a word how they conflict, or why they do not."""

    id: str
    language: str
    sort: str
    question: str
    conflicting: bool
    hits: tuple[Hit, Hit]

    @property
    def half(self) -> Half:
        """``tune`` or ``test``, by a hash of the id."""
        return half_of(self.id)


@dataclass(frozen=True, slots=True)
class ConflictOutcome:
    """A pair and what was found in it."""

    pair: ConflictPair
    found: tuple[FoundConflict, ...]

    @property
    def right(self) -> bool:
        """Whether a conflict was found where there is one, and only there."""
        return bool(self.found) == self.pair.conflicting


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One half and language: how many pairs, how many of them conflict, how many were flagged, and the rates in [0, 1]."""

    half: str
    language: str
    pairs: int
    conflicting: int
    flagged: int
    precision: float | None
    recall: float | None


def read_conflicts(path: Path = CONFLICTS_FILE) -> list[ConflictPair]:
    """All pairs of ``path``, in order.

    Raises:
        ConfigurationError: a line is malformed.
    """
    return read_json_lines(path, _pair, "A pair")


def run(
    pairs: Sequence[ConflictPair], reader: Reader, finder: ConflictFinder, advance: Callable[[int], None] = lambda _: None
) -> list[ConflictOutcome]:
    """Look for a conflict in each pair, as if nothing else had been retrieved; ``advance`` is told after each one."""
    outcomes = []
    for pair in pairs:
        outcomes.append(ConflictOutcome(pair, finder.find(pair.question, scored_units(pair, reader))))
        advance(1)
    return outcomes


def scored_units(pair: ConflictPair, reader: Reader) -> tuple[ScoredUnit, ...]:
    """The units of both passages, best first, scored by the reader and by the kind of quantity alone: there is nothing to rank among."""
    units = units_of(pair.hits)
    kinds = asked_types(pair.question)
    logits = [float(logit) for scores in reader.score(pair.question, readings_of(units)) for logit in scores]
    scored = [
        ScoredUnit(unit, logit, 0.0, READER_WEIGHT * logit + TYPE_WEIGHT * match(kinds, unit.text))
        for unit, logit in zip(units, logits, strict=True)
    ]
    return tuple(sorted(scored, key=lambda entry: -entry.score))


def tabulate(outcomes: Iterable[ConflictOutcome]) -> list[ConflictRow]:
    """Rows for each half and language, and one for all languages of a half."""
    collected = list(outcomes)
    rows = []
    for half in ("tune", "test"):
        ours = [outcome for outcome in collected if outcome.pair.half == half]
        for language in [*sorted({outcome.pair.language for outcome in ours}), "all"]:
            rows.append(_row(half, language, [one for one in ours if language in (one.pair.language, "all")]))
    return rows


def _row(half: str, language: str, outcomes: Sequence[ConflictOutcome]) -> ConflictRow:
    conflicting = sum(outcome.pair.conflicting for outcome in outcomes)
    flagged = sum(bool(outcome.found) for outcome in outcomes)
    rightly = sum(bool(outcome.found) and outcome.pair.conflicting for outcome in outcomes)
    return ConflictRow(
        half,
        language,
        len(outcomes),
        conflicting,
        flagged,
        rightly / flagged if flagged else None,
        rightly / conflicting if conflicting else None,
    )


def _pair(entry: dict[str, Any]) -> ConflictPair:
    hits = _hit(entry, "left"), _hit(entry, "right")
    return ConflictPair(entry["id"], entry["language"], entry["sort"], entry["question"], entry["conflicting"], hits)


def _hit(entry: dict[str, Any], side: str) -> Hit:
    told: dict[str, Any] = entry[side]
    name = f"{entry['id']}-{side}"
    scope = Scope(
        regions=tuple(told.get("regions", ())),
        effective_from=_day(told.get("effective_from")),
        effective_to=_day(told.get("effective_to")),
    )
    text = told["text"]
    passage = Passage(name, name, text, 0, len(text), told["kind"], (), None, told["language"], scope, told["title"])
    return Hit(passage, "", name, 0.0, 0.0, 0.0, 0.0)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
