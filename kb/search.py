"""Hybrid search over one version: dense and lexical evidence, fused; reranked when a reranker is given.

Each language of the knowledge base is ranked by itself, and the rankings are merged on a common scale: a multilingual
encoder puts texts of the question's own language nearest whatever they say, and a question's words only occur in its
own language. For a passage of language L, with cosine d and BM25 score b,

    score = (1 - w) (d - mean of d in L) / spread of d within languages + w (b - mean of b in L) / spread of b in L
            - sqrt(2 ln n) + 0.6 [L is the question's language]
    w = 0.3 min(1, coverage in L / 0.3)

where coverage is the best b in L as a share of what the question's words could reach, and n the number of admitted
passages of L: the best of n unrelated passages stands about sqrt(2 ln n) spreads above the mean (the leading term of the
expected maximum of n normal variables), so that a score of 0 means the same in a small language and in a large one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Encoder, FloatArray
from kb.errors import EncoderMismatchError
from kb.lexical_index import LexicalScores
from kb.passage import Passage
from kb.population import LanguageGroup, Population, Populations
from kb.scope import SearchScope
from kb.tally import timed
from kb.text.question_language import question_language
from kb.version import Version

LEXICAL_WEIGHT = 0.3
FULL_COVERAGE = 0.3
"""Chosen on public retrieval sets in three languages, the same for all (docs/decisions/0007-fusion.md)."""
SAME_LANGUAGE = 0.6
"""A text in the question's own language is preferred to one that fits as well (tuned on the tuning half of the golden questions)."""
CANDIDATES = 100
"""Passages of each language that dense and lexical search each propose."""
RERANKED = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage. ``score`` is the fused one that ranks; ``dense`` is the cosine and ``lexical`` the BM25 score.

    ``coverage`` tells how much of the question the lexically best passage matches (see `LexicalScores`).
    ``source`` is the source's name and ``document`` the document's path within it.
    """

    passage: Passage
    source: str
    document: str
    score: float
    dense: float
    lexical: float
    coverage: float


class Reranker(Protocol):
    """Scores question and passage together, more exactly and more slowly than either index."""

    def score(self, question: str, texts: Sequence[str]) -> FloatArray:
        """One relevance score for each of ``texts`` (higher is better)."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question: its vector [dimension], how far its cosines with all passages spread, their BM25 scores, its language."""

    vector: FloatArray
    deviation: float
    match: LexicalScores
    language: str


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Passages proposed for one question: parallel arrays [candidates]."""

    ordinals: NDArray[np.int64]
    fused: FloatArray
    dense: FloatArray
    lexical: FloatArray
    coverage: float


class HybridSearch:
    """Searches versions that were built with ``encoder``."""

    def __init__(self, encoder: Encoder, reranker: Reranker | None = None) -> None:
        """``encoder`` must be the one that embedded the versions to be searched."""
        self.encoder = encoder
        self.reranker = reranker
        self._populations = Populations()

    def search(self, version: Version, questions: Sequence[str], k: int, scope: SearchScope) -> list[list[Hit]]:
        """The ``k`` best passages for each question among those that ``scope`` admits, best first.

        Raises:
            EncoderMismatchError: the version was embedded with another encoder.
        """
        self._check_encoder(version)
        population = self._populations.of(version, scope)
        vectors = self.encoder.encode_queries(questions)
        with timed("search"):
            found = [self._search_one(version, population, question, vectors[row], k, scope) for row, question in enumerate(questions)]
        return [self._reranked(question, hits)[:k] for question, hits in zip(questions, found, strict=True)]

    def _check_encoder(self, version: Version) -> None:
        built = version.manifest.encoder_id
        if built != self.encoder.id:
            raise EncoderMismatchError(
                f"Version {version.id} was embedded with {built}, but the configured encoder is {self.encoder.id}. "
                "Run `citedesk ingest PATH --data DIR` with this encoder to embed everything again, or configure the old one."
            )

    def _search_one(
        self, version: Version, population: Population, question: str, vector: FloatArray, k: int, scope: SearchScope
    ) -> list[Hit]:
        if not population.groups:
            return []
        match = version.lexical_index(scope.audience).score(question)
        asked = _Asked(vector, population.deviation(vector), match, question_language(question, version.languages_of(scope.audience)))
        parts = [_candidates(version, group, asked, max(k, CANDIDATES), scope) for group in population.groups]
        found = _merge(parts)
        wanted = max(k, RERANKED) if self.reranker is not None else k
        best = np.argsort(-found.fused, kind="stable")[:wanted]
        return _hits(version, found, best)

    def _reranked(self, question: str, hits: list[Hit]) -> list[Hit]:
        if self.reranker is None or not hits:
            return hits
        with timed("rerank"):
            scores = self.reranker.score(question, [hit.passage.encoded_text for hit in hits])
        return sorted((replace(hit, score=float(score)) for hit, score in zip(hits, scores, strict=True)), key=lambda hit: -hit.score)


def _candidates(version: Version, group: LanguageGroup, asked: _Asked, count: int, scope: SearchScope) -> _Candidates:
    """The best passages of one language by either kind of evidence, with their fused scores."""
    index = version.language_index(scope.audience, group.language)
    nearest = index.search(asked.vector[None, :], count, scope)[0]
    lexical = asked.match.scores[group.lexical_rows]
    chosen = np.union1d(np.array([hit.ordinal for hit in nearest], np.int64), group.ordinals[_best_rows(lexical, count)])
    dense = version.vectors[chosen] @ asked.vector
    held = lexical[np.searchsorted(group.ordinals, chosen)]
    coverage = asked.match.coverage_of(lexical)
    weight = LEXICAL_WEIGHT * min(1.0, coverage / FULL_COVERAGE)
    dense_height = _height(dense, float(group.mean @ asked.vector), asked.deviation)
    lexical_height = _height(held, float(lexical.mean()), float(lexical.std()))
    fused = (1 - weight) * dense_height + weight * lexical_height + _offset(group, asked.language)
    return _Candidates(chosen, fused, dense, held, coverage)


def _offset(group: LanguageGroup, language: str) -> np.float32:
    expected_maximum = math.sqrt(2 * math.log(max(2, len(group.ordinals))))
    return np.float32((SAME_LANGUAGE if group.language == language else 0.0) - expected_maximum)


def _best_rows(scores: FloatArray, count: int) -> NDArray[np.int64]:
    positive = np.flatnonzero(scores > 0)
    if len(positive) > count:
        positive = positive[np.argpartition(-scores[positive], count)[:count]]
    return positive


def _height(scores: FloatArray, mean: float, deviation: float) -> FloatArray:
    """How many standard deviations ``scores`` lie above the mean; all 0 when nothing varies."""
    if deviation < 1e-9:
        return np.zeros_like(scores)
    result: FloatArray = (scores - mean) / deviation
    return result


def _merge(parts: Sequence[_Candidates]) -> _Candidates:
    return _Candidates(
        np.concatenate([part.ordinals for part in parts]),
        np.concatenate([part.fused for part in parts]),
        np.concatenate([part.dense for part in parts]),
        np.concatenate([part.lexical for part in parts]),
        max(part.coverage for part in parts),
    )


def _hits(version: Version, found: _Candidates, rows: NDArray[np.int64]) -> list[Hit]:
    passages = version.passages([int(found.ordinals[row]) for row in rows])
    hits = []
    for row, passage in zip(rows, passages, strict=True):
        document = version.document_name(passage.document_id)
        scores = (float(found.fused[row]), float(found.dense[row]), float(found.lexical[row]))
        hits.append(Hit(passage, document.source, document.path, *scores, coverage=found.coverage))
    return hits
