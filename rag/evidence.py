"""Weighs what was found: scores the sentences of the best passages, and decides whether they answer at all."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

import numpy as np

from kb.encoder import FloatArray
from kb.lexical_index import LexicalIndex
from kb.search import Hit
from kb.text.tokens import tokenize, tokenize_query
from kb.version import Version
from rag.answer_type import asked_types, match
from rag.draft import Evidence, ScoredUnit
from rag.gap import GapFinder, missing_quantity
from rag.products import guard_for
from rag.query import Query
from rag.reader import Reader, Reading
from rag.same_matter import SameMatter
from rag.similarity import Similarity, heights_of
from rag.unit import Unit, units_of

READ_PASSAGES = 8
READER_WEIGHT = 0.37
HEIGHT_WEIGHT = 1.7
TYPE_WEIGHT = 0.8
OVERLAP_WEIGHT = 0.16
PASSAGE_WEIGHT = 0.93
"""Conditional logistic regression of "this sentence answers" on the tuning halves (docs/decisions/0011-adapters.md)."""
CODE_BONUS = 6.0
"""A row with the very error code that was asked about comes before everything else."""
LANGUAGE_BONUS = 0.5
"""Of two sentences that answer about as well, the one in the question's language is told (docs/decisions/0042-neighbours.md)."""
STANDING_WEIGHT = 0.8
"""How much the picked sentence's nearness adds to the reader's confidence (docs/decisions/0010-declining.md)."""
REMEMBERED = 2048
"""Sentences whose words are kept: a shop's few hundred that answer most questions come again and again."""
NOTHING_ANSWERS = "None of the sentences found answers the question."
_CODE = re.compile(r"[a-z]{1,3}\d{1,4}")


class EvidenceScorer:
    """Scores units by the version's own encoder and a reader; both together decide whether anything answers."""

    def __init__(self, similarity: Similarity, reader: Reader) -> None:
        """``reader`` brings its own limits."""
        self._similarity = similarity
        self._reader = reader
        self._gaps = GapFinder()
        self.matter = SameMatter(similarity)

    def read(self, question: str, units: Sequence[Unit]) -> list[FloatArray]:
        """The reader's logits of ``units``, which stand by passage in order, for ``question``."""
        return self._reader.score(question, readings_of(units))

    def weigh(self, query: Query, question: str, hits: Sequence[Hit], version: Version) -> Evidence:
        """Score what was found for ``question``; sets ``abstain`` when it cannot answer."""
        guard = guard_for(version.titles(query.audience))
        asked = guard.asked_models(question)
        kept = tuple(hit for hit in hits if guard.admits(asked, hit.passage.title, hit.passage.text))[:READ_PASSAGES]
        units = [unit for unit in units_of(kept) if guard.admits_sentence(asked, f"{unit.context}\n{unit.text}")]
        gap = self._gaps.find(query.text, query.audience, guard, kept, units, version)
        if gap is not None and gap.certain:
            return Evidence(question, kept, (), "not_in_knowledge_base", gap.reason)
        index = version.lexical_index(query.audience)
        read = np.concatenate(self.read(question, units))
        gap = gap or missing_quantity(query.text, units, read)
        vector = self._similarity.embed(question)
        scored = self._scored(query, question, asked, units, read, self._similarity.cosines(vector, units), index)
        standing = version.spread(query.audience).standing(vector, scored[0].cosine)
        confidence = float(np.logaddexp.reduce(read.astype(np.float64))) + STANDING_WEIGHT * standing
        reason = gap.reason if gap is not None else None
        if confidence < self._reader.limits.needed(gap is not None, len(index.ordinals)):
            return Evidence(question, kept, (), "not_in_knowledge_base", reason or NOTHING_ANSWERS, confidence)
        return Evidence(question, kept, scored, gap=reason, confidence=confidence)

    def _scored(
        self,
        query: Query,
        question: str,
        asked: frozenset[str],
        units: Sequence[Unit],
        read: FloatArray,
        cosines: FloatArray,
        index: LexicalIndex,
    ) -> tuple[ScoredUnit, ...]:
        heights = heights_of(cosines, units)
        kinds, language = asked_types(question), query.spoken_language
        codes = _codes(question) - asked
        weights = _weights(question, index)
        scored = []
        for unit, logit, cosine, height in zip(units, read, cosines, heights, strict=True):
            score = (
                READER_WEIGHT * float(logit)
                + HEIGHT_WEIGHT * float(height)
                + TYPE_WEIGHT * match(kinds, unit.text)
                + OVERLAP_WEIGHT * _overlap(weights, unit)
                + PASSAGE_WEIGHT * (unit.hit.score - units[0].hit.score)
                + CODE_BONUS * bool(codes & _codes(unit.text))
                + LANGUAGE_BONUS * (unit.hit.passage.language == language)
            )
            scored.append(ScoredUnit(unit, float(logit), float(cosine), score))
        return tuple(sorted(scored, key=lambda entry: -entry.score))


def readings_of(units: Sequence[Unit]) -> list[Reading]:
    """The units by passage, in order: what the reader reads."""
    groups = [list(group) for _, group in groupby(units, lambda unit: unit.rank)]
    return [Reading(group[0].context, tuple(unit.text for unit in group)) for group in groups]


@lru_cache(maxsize=REMEMBERED)
def _codes(text: str) -> frozenset[str]:
    return frozenset(term for term in tokenize(text, "") if _CODE.fullmatch(term))


@lru_cache(maxsize=REMEMBERED)
def _terms(text: str, language: str) -> frozenset[str]:
    return frozenset(tokenize(text, language))


def _weights(question: str, index: LexicalIndex) -> list[tuple[tuple[str, ...], float]]:
    """The question's words, each as its stems, and how much they weigh."""
    return [(stems, index.weight(stems)) for stems in tokenize_query(question, index.languages)]


def _overlap(weights: Sequence[tuple[tuple[str, ...], float]], unit: Unit) -> float:
    """The share of the question's words, by weight, that the unit or its context holds."""
    held = _terms(f"{unit.context} {unit.text}", unit.hit.passage.language)
    total = matched = 0.0
    for stems, weight in weights:
        total += weight
        matched += weight if held.intersection(stems) else 0.0
    return matched / total if total else 0.0
