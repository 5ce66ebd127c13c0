"""Ranking metrics."""

import math
from collections.abc import Mapping, Sequence

import numpy as np


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain of the first ``k`` ids (Järvelin and Kekäläinen 2002, gain 2^grade - 1), in [0, 1]."""
    gained = _discounted([relevant.get(name, 0) for name in ranked[:k]])
    ideal = _discounted(sorted(relevant.values(), reverse=True)[:k])
    return gained / ideal if ideal else 0.0


def hit(ranked: Sequence[str], relevant: Mapping[str, int], k: int = 10) -> float:
    """1.0 when a relevant id is among the first ``k``, else 0.0."""
    return float(any(relevant.get(name, 0) > 0 for name in ranked[:k]))


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; 0.0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def roc_area(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The share of pairs in which the positive scores higher, a tie counting half (Mann and Whitney 1947), in [0, 1].

    Raises:
        ValueError: either side is empty.
    """
    if not positives or not negatives:
        raise ValueError("The area under the ROC curve needs scores of both kinds.")
    above, below = np.asarray(positives)[:, None], np.asarray(negatives)[None, :]
    return float((above > below).mean() + 0.5 * (above == below).mean())


def _discounted(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
