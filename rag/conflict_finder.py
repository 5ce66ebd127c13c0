"""Finds retrieved passages that contradict each other: both tell the same kind of fact of the same thing, and the values disagree.

A false alarm costs more than a miss, for agents stop looking. So every doubt speaks against a conflict: another product, region, case or
date of validity, several values side by side, a value that may be a bound of the other (docs/decisions/0016-conflicts.md). No model
is asked: what the reader has said of the sentences is used again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.search import Hit
from kb.text.question_language import question_language
from rag.answer_type import AnswerType, asked_types
from rag.conflict.likeness import ask_the_same, tell_the_same
from rag.conflict.polarity import is_polar, polarity
from rag.conflict.statement import ComparedStatement, compared
from rag.conflict.subject import may_be_the_same
from rag.conflict.value import differing_values
from rag.draft import ScoredUnit
from rag.generate.extractive import MARGIN
from rag.source_strength import source_kind, strength

BEST_UNITS = 6
"""Sentences that an answer may be made of: the best, and those as close behind as an extractive answer would take."""
OTHER_UNITS = 16
OTHER_MARGIN = 4.0
"""How far behind the best a sentence of another document may stand and still answer the same question (in scores)."""
LEAST_LOGIT = -4.0
"""The least that the reader must think of a sentence for it to answer at all (chosen on the tuning half of eval/conflicts.jsonl)."""


@dataclass(frozen=True, slots=True)
class FoundConflict:
    """Two passages that contradict each other, with the sentences that do, and a sentence about it for an agent.

    ``stronger`` goes before ``weaker``; when ``equal``, nothing puts it first but that it answers better. ``polar``: one says yes and the
    other no, else their values differ.
    """

    stronger: Hit
    weaker: Hit
    stronger_quote: str
    weaker_quote: str
    note: str
    equal: bool
    polar: bool = False


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    language: str
    kinds: tuple[AnswerType, ...]


class ConflictFinder:
    """Compares the best sentences with those of other documents. Safe for several threads; holds no state."""

    def find(self, question: str, units: Sequence[ScoredUnit]) -> tuple[FoundConflict, ...]:
        """The conflicts among ``units``, which are scored for ``question``, best first; at most one for each pair of passages."""
        if not units:
            return ()
        answering = [scored for scored in units if scored.logit >= LEAST_LOGIT and scored.score >= units[0].score - OTHER_MARGIN]
        best = [compared(scored) for scored in answering[:BEST_UNITS] if scored.score >= units[0].score - MARGIN]
        others = [compared(scored) for scored in answering[:OTHER_UNITS]]
        asked = _asked(question, best)
        found: dict[frozenset[str], FoundConflict] = {}
        for one, other in _pairs(best, others):
            passages = frozenset((one.hit.passage.id, other.hit.passage.id))
            if passages not in found and (values := _clash(one, other, asked)) is not None:
                found[passages] = _conflict(one, other, values)
        return tuple(found.values())


def _asked(question: str, best: Sequence[ComparedStatement]) -> _Question:
    language = question_language(question, tuple(dict.fromkeys(one.language for one in best)))
    return _Question(question, language, asked_types(question))


def _pairs(best: Sequence[ComparedStatement], others: Sequence[ComparedStatement]) -> Iterator[tuple[ComparedStatement, ComparedStatement]]:
    """Pairs of sentences of different documents, each with words of its own."""
    for one in best:
        for other in others:
            if one.hit.passage.document_id != other.hit.passage.document_id and one.words and other.words:
                yield one, other


def _clash(one: ComparedStatement, other: ComparedStatement, asked: _Question) -> tuple[str, str] | None:
    """What the two say that cannot both be true, or None. Across languages values only count where a quantity was asked for."""
    pair = differing_values(one, other, asked.kinds)
    across = one.language != other.language
    if pair is not None and (asked.kinds or not across) and tell_the_same(one, other, asked.text, asked.language):
        return (pair.one.strip(), pair.other.strip()) if may_be_the_same(one, other) else None
    if pair is None and _answer_oppositely(one, other, asked) and may_be_the_same(one, other):
        return one.text, other.text
    return None


def _answer_oppositely(one: ComparedStatement, other: ComparedStatement, asked: _Question) -> bool:
    """Whether one says yes and the other no, to the question asked or to the one that an FAQ puts."""
    questions = [(asked.text, asked.language), *((side.asked, side.language) for side in (one, other) if side.is_faq)]
    for text, language in questions:
        if is_polar(text) and polarity(one, text, language) * polarity(other, text, language) < 0:
            return ask_the_same(one, other, asked.text, asked.language)
    return False


def _conflict(one: ComparedStatement, other: ComparedStatement, values: tuple[str, str]) -> FoundConflict:
    equal = strength(one.hit) == strength(other.hit)
    polar = values == (one.text, other.text)
    if not equal and strength(one.hit) < strength(other.hit):
        one, other, values = other, one, values[::-1]
    note = _note(one.hit, other.hit, values, equal)
    return FoundConflict(one.hit, other.hit, one.text, other.text, note, equal, polar)


def _note(stronger: Hit, weaker: Hit, values: tuple[str, str], equal: bool) -> str:
    kinds = source_kind(stronger), source_kind(weaker)
    if equal:
        why = "neither document goes before the other"
    elif kinds[0] == kinds[1]:
        why = "the former is the newer one"
    else:
        why = f"the {kinds[0].label} goes before the {kinds[1].label}"
    return f"“{stronger.passage.title}” says “{values[0]}”, “{weaker.passage.title}” says “{values[1]}”; {why}."
