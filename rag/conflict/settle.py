"""What becomes of an answer's evidence when passages contradict each other: the stronger source for shoppers, both for agents."""

from collections.abc import Sequence
from dataclasses import replace

from kb.scope import Audience
from kb.search import Hit
from rag.answer import Conflict
from rag.conflict_finder import FoundConflict
from rag.draft import Evidence, ScoredUnit


def settle(evidence: Evidence, conflicts: Sequence[FoundConflict], audience: Audience) -> Evidence:
    """``evidence`` as it is to be answered from.

    Agents (``internal``) get both sides, first and equally high, so that an extractive answer shows both. For shoppers the weaker
    side is taken out, its sentences and its passage; where neither side is stronger the question is declined
    (``conflicting_passages``). Across languages a contradiction is told to agents only: there it rests on few words in common.
    """
    if not conflicts or evidence.abstain is not None:
        return evidence
    if audience == "internal":
        return replace(evidence, units=_both_first(evidence.units, conflicts))
    certain = [conflict for conflict in conflicts if conflict.stronger.passage.language == conflict.weaker.passage.language]
    equal = next((conflict for conflict in certain if conflict.equal), None)
    if equal is not None:
        return replace(evidence, units=(), abstain="conflicting_passages", gap=equal.note)
    hits = tuple(hit for hit in evidence.hits if not _contradicted(hit, certain))
    units = tuple(scored for scored in evidence.units if not _contradicted(scored.unit.hit, certain))
    return replace(evidence, hits=hits, units=units)


def answer_conflicts(conflicts: Sequence[FoundConflict]) -> tuple[Conflict, ...]:
    """``conflicts`` as an `Answer` carries them: the stronger passage's id first."""
    return tuple(Conflict((one.stronger.passage.id, one.weaker.passage.id), one.note) for one in conflicts)


def _contradicted(hit: Hit, conflicts: Sequence[FoundConflict]) -> bool:
    """Whether the passage is a weaker side, or holds its sentence because passages of its document overlap."""
    passage = hit.passage
    return any(
        passage.id == conflict.weaker.passage.id
        or (passage.document_id == conflict.weaker.passage.document_id and conflict.weaker_quote in passage.text)
        for conflict in conflicts
    )


def _both_first(units: Sequence[ScoredUnit], conflicts: Sequence[FoundConflict]) -> tuple[ScoredUnit, ...]:
    """The sentences in conflict before all others, with the best one's score; of an FAQ last, for an FAQ in front is shown whole."""
    quoted = {(hit.passage.id, quote) for one in conflicts for hit, quote in _sides(one)}
    first = [replace(scored, score=units[0].score) for scored in units if (scored.unit.hit.passage.id, scored.unit.text) in quoted]
    first.sort(key=lambda scored: scored.unit.hit.passage.kind == "faq")
    rest = [scored for scored in units if (scored.unit.hit.passage.id, scored.unit.text) not in quoted]
    return (*first, *rest)


def _sides(conflict: FoundConflict) -> tuple[tuple[Hit, str], tuple[Hit, str]]:
    return (conflict.stronger, conflict.stronger_quote), (conflict.weaker, conflict.weaker_quote)
