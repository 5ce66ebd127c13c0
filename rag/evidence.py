"""Weighs what was found: scores the units of the best passages, and decides whether they can answer at all."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from kb.encoder import Encoder, FloatArray
from kb.lexical_index import LexicalIndex
from kb.search import Hit
from kb.text.tokens import tokenize, tokenize_query
from kb.version import Version
from rag.answer_type import asked_types, match
from rag.draft import Evidence, ScoredUnit
from rag.gap import GapFinder, OffTopic
from rag.products import guard_for
from rag.query import Query
from rag.unit import Unit, units_of

PASSAGES = 8
MAX_UNITS = 64
CONTEXT_WEIGHT = 1.4
OVERLAP_WEIGHT = 0.7
PASSAGE_WEIGHT = 0.6
TYPE_WEIGHT = 2.3
"""Logistic regression of "holds an expected fact" on the units of the tuning half (docs/decisions/0009-choosing-sentences.md)."""
CODE_WEIGHT = 8.0
"""A row with the very error code that was asked about beats everything else."""
REMEMBERED = 20_000
"""Vectors of units kept in memory: shoppers ask about the same passages again and again (60 MB at 768 dimensions)."""
_CODE = re.compile(r"[a-z]{1,3}\d{1,4}")


class EvidenceScorer:
    """Scores units with the version's own encoder and lexical index."""

    def __init__(self, encoder: Encoder, off_topic: OffTopic | None = None) -> None:
        """``off_topic`` must have been fitted with ``encoder``; without it off-topic questions are told by their words alone."""
        self._encoder = encoder
        self._gaps = GapFinder(off_topic)
        self._remembered: OrderedDict[str, FloatArray] = OrderedDict()
        self._lock = Lock()

    def weigh(self, query: Query, question: str, hits: Sequence[Hit], version: Version) -> Evidence:
        """Score what was found for ``question``; sets ``abstain`` when it cannot answer."""
        guard = guard_for(version.titles(query.audience))
        asked = guard.asked_models(query.text)
        kept = tuple(hit for hit in hits if guard.admits(asked, hit.passage.title, hit.passage.text))[:PASSAGES]
        units = [unit for unit in units_of(kept) if guard.admits_sentence(asked, f"{unit.context}\n{unit.text}")][:MAX_UNITS]
        gap = self._gaps.find(query.text, query.audience, guard, kept, units, version)
        if gap is not None:
            return Evidence(question, kept, (), "not_in_knowledge_base", gap)
        return Evidence(question, kept, self._scored(question, asked, kept, units, version.lexical_index(query.audience)))

    def _scored(
        self, question: str, asked: frozenset[str], hits: Sequence[Hit], units: Sequence[Unit], index: LexicalIndex
    ) -> tuple[ScoredUnit, ...]:
        cosines = self._cosines(question, units)
        heights = _heights(cosines, [unit.hit.passage.language for unit in units])
        kinds = asked_types(question)
        codes = _codes(question) - asked
        scored = []
        for unit, cosine, height in zip(units, cosines, heights, strict=True):
            overlap = _overlap(question, unit, index)
            score = (
                CONTEXT_WEIGHT * float(height)
                + OVERLAP_WEIGHT * overlap
                + PASSAGE_WEIGHT * (unit.hit.score - hits[0].score)
                + TYPE_WEIGHT * match(kinds, unit.text)
                + CODE_WEIGHT * bool(codes & _codes(unit.text))
            )
            scored.append(ScoredUnit(unit, float(cosine), overlap, score))
        return tuple(sorted(scored, key=lambda entry: -entry.score))

    def _cosines(self, question: str, units: Sequence[Unit]) -> FloatArray:
        asked = self._encoder.encode_queries([question])[0]
        told = self._vectors([f"{unit.context}\n{unit.text}" for unit in units])
        cosines: FloatArray = np.asarray(told @ asked, np.float32)
        return cosines

    def _vectors(self, texts: Sequence[str]) -> FloatArray:
        with self._lock:  # what is known is taken out now: another question may push it out while this one encodes
            vectors = {text: self._remembered[text] for text in texts if text in self._remembered}
        missing = [text for text in dict.fromkeys(texts) if text not in vectors]
        vectors.update(zip(missing, self._encoder.encode_passages(missing), strict=True))
        with self._lock:
            for text, vector in vectors.items():
                self._remembered[text] = vector
                self._remembered.move_to_end(text)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return np.array([vectors[text] for text in texts])


def _heights(cosines: FloatArray, languages: Sequence[str]) -> FloatArray:
    """Cosines above the mean of their language, in standard deviations: see `kb.search` for why."""
    groups = np.array(languages)
    centred = cosines.copy()
    for language in np.unique(groups):
        centred[groups == language] -= cosines[groups == language].mean()
    heights: FloatArray = centred / max(float(centred.std()), 1e-6)
    return heights


def _codes(text: str) -> frozenset[str]:
    return frozenset(term for term in tokenize(text, "") if _CODE.fullmatch(term))


def _overlap(question: str, unit: Unit, index: LexicalIndex) -> float:
    """The share of the question's words, by weight, that the unit or its context holds."""
    held = set(tokenize(f"{unit.context} {unit.text}", unit.hit.passage.language))
    total = matched = 0.0
    for stems in tokenize_query(question, index.languages):
        weight = index.weight(stems)
        total += weight
        matched += weight if held.intersection(stems) else 0.0
    return matched / total if total else 0.0

