"""Weighs what was found: a reader scores the sentences of the best passages, and decides whether they answer at all."""

import re
from collections.abc import Sequence
from itertools import groupby

from kb.search import Hit
from kb.text.tokens import tokenize
from kb.version import Version
from rag.draft import Evidence, ScoredUnit
from rag.gap import GapFinder
from rag.products import guard_for
from rag.query import Query
from rag.reader import Reader, Reading
from rag.unit import Unit, units_of

READ_PASSAGES = 8
CODE_BONUS = 6.0
"""A row with the very error code that was asked about comes before everything else."""
NOTHING_ANSWERS = "None of the sentences found answers the question."
_CODE = re.compile(r"[a-z]{1,3}\d{1,4}")


class EvidenceScorer:
    """Scores units with a reader, whatever encoder found them."""

    def __init__(self, reader: Reader) -> None:
        """``reader`` brings its own threshold."""
        self._reader = reader
        self._gaps = GapFinder()

    def weigh(self, query: Query, question: str, hits: Sequence[Hit], version: Version) -> Evidence:
        """Score what was found for ``question``; sets ``abstain`` when it cannot answer."""
        guard = guard_for(version.titles(query.audience))
        asked = guard.asked_models(query.text)
        kept = tuple(hit for hit in hits if guard.admits(asked, hit.passage.title, hit.passage.text))[:READ_PASSAGES]
        units = [unit for unit in units_of(kept) if guard.admits_sentence(asked, f"{unit.context}\n{unit.text}")]
        gap = self._gaps.find(query.text, query.audience, guard, kept, units, version)
        if gap is not None and gap.certain:
            return Evidence(question, kept, (), "not_in_knowledge_base", gap.reason)
        scored = self._scored(question, asked, units)
        needed = self._reader.threshold + (self._reader.demand if gap is not None else 0.0)
        declined = scored[0].score < needed
        reason = gap.reason if gap is not None else NOTHING_ANSWERS if declined else None
        return Evidence(question, kept, scored, "not_in_knowledge_base" if declined else None, reason, self._reader.margin)

    def _scored(self, question: str, asked: frozenset[str], units: Sequence[Unit]) -> tuple[ScoredUnit, ...]:
        scores = [float(score) for part in self._reader.score(question, readings_of(units)) for score in part]
        codes = _codes(question) - asked
        scored = [
            ScoredUnit(unit, score + CODE_BONUS * bool(codes and codes & _codes(unit.text)))
            for unit, score in zip(units, scores, strict=True)
        ]
        return tuple(sorted(scored, key=lambda entry: -entry.score))


def readings_of(units: Sequence[Unit]) -> list[Reading]:
    """The units by passage, in order: what the reader reads."""
    return [Reading(group[0].context, tuple(unit.text for unit in group)) for group in _by_passage(units)]


def _by_passage(units: Sequence[Unit]) -> list[list[Unit]]:
    return [list(group) for _, group in groupby(units, lambda unit: unit.rank)]


def _codes(text: str) -> frozenset[str]:
    return frozenset(term for term in tokenize(text, "") if _CODE.fullmatch(term))
