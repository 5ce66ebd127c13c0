"""Fits when to decline, on the tuning half of the invented shops, and reports both halves.

``citedesk eval calibrate`` prints the constants that stand in `rag.readers.onnx_reader`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.question import Half
from eval.shop import Shop
from eval.shop_answers import TODAY, ingested_shop
from kb.encoder import Encoder
from kb.search import HybridSearch
from rag.appraisal import RETRIEVED
from rag.evidence import NOTHING_ANSWERS, EvidenceScorer
from rag.query import Query
from rag.reader import Limits, Reader
from rag.similarity import Similarity

MOST_WRONG = 0.04
"""The share of answerable questions of the tuning half that may be declined."""
LEVELS = np.arange(-4.0, 4.0, 0.25)
GROWTHS = np.arange(0.0, 1.1, 0.25)
DEMANDS = np.arange(0.0, 1.6, 0.2)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One question: whether something answers it, the confidence, the number of passages.

    ``gap``: whether something that was asked about occurs nowhere.
    """

    half: Half
    answerable: bool
    confidence: float
    passages: int
    gap: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """The limits, and by half the shares declined of the answerable and of the unanswerable questions."""

    limits: Limits
    declined: dict[str, tuple[float, float]]


def weigh_shop(shop: Shop, encoder: Encoder, reader: Reader) -> list[Weighed]:
    """Every question of ``shop`` that its model numbers do not settle, through the product's own ingest and search."""
    search, scorer = HybridSearch(encoder), EvidenceScorer(Similarity(encoder), reader)
    weighed = []
    with ingested_shop(shop, encoder) as version:
        for question in shop.questions:
            query = Query(text=question.question, as_of=TODAY)
            hits = search.search(version, [query.text], RETRIEVED, query.scope)[0]
            evidence = scorer.weigh(query, query.text, hits, version)
            if evidence.confidence is not None:
                gap = evidence.gap not in (None, NOTHING_ANSWERS)
                weighed.append(Weighed(shop.half, bool(question.passages), evidence.confidence, len(version.vectors), gap))
    return weighed


def fit(weighed: Sequence[Weighed]) -> Fit:
    """The limits that decline most unanswerable questions of the tuning half within `MOST_WRONG`."""
    tune = [one for one in weighed if one.half == "tune"]
    known = [Limits(float(level), float(growth), float(demand)) for level in LEVELS for growth in GROWTHS for demand in DEMANDS]
    allowed = [limits for limits in known if _declined(tune, True, limits) <= MOST_WRONG]
    best = max(allowed, key=lambda limits: (_declined(tune, False, limits), -limits.growth, -limits.demand))
    shares = {
        half: tuple(_declined([one for one in weighed if one.half == half], kind, best) for kind in (True, False))
        for half in ("tune", "test")
    }
    return Fit(best, {half: (wrong, right) for half, (wrong, right) in shares.items()})


def _declined(weighed: Sequence[Weighed], answerable: bool, limits: Limits) -> float:
    ours = [one for one in weighed if one.answerable == answerable]
    return float(np.mean([one.confidence < limits.needed(one.gap, one.passages) for one in ours])) if ours else 0.0
