"""How the cosines of a question with all passages lie: their mean and their standard deviation, without comparing them all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.encoder import FloatArray

SAMPLED = 10_000
"""Passages that are looked at, evenly taken."""


@dataclass(frozen=True, slots=True)
class Spread:
    """``mean`` [dimension] and ``covariance`` [dimension, dimension] of vectors."""

    mean: FloatArray
    covariance: FloatArray

    def standing(self, vector: FloatArray, product: float) -> float:
        """How many standard deviations ``product`` is above the mean of the inner products of ``vector`` with the passages."""
        return (product - float(self.mean @ vector)) / max(deviation_along(self.covariance, vector), 1e-6)


def spread_of(vectors: FloatArray, ordinals: NDArray[np.integer]) -> Spread:
    """The spread of the rows ``ordinals`` (at least one) of ``vectors`` [all passages, dimension]."""
    sample = vectors[ordinals[:: -(-len(ordinals) // SAMPLED)]]
    mean = sample.mean(axis=0)
    centred = sample - mean
    return Spread(mean, centred.T @ centred / len(sample))


def deviation_along(covariance: FloatArray, vector: FloatArray) -> float:
    """The standard deviation of the inner products with ``vector`` of whatever has ``covariance``."""
    return float(np.sqrt(max(0.0, float(vector @ covariance @ vector))))
