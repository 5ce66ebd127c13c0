"""What an ordinary score is: the statistics that make scores of different kinds and languages comparable."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from kb.encoder import FloatArray
from kb.scope import SearchScope
from kb.spread import deviation_along
from kb.version import Version

SAMPLE = 2048
"""Passages from which the spread is estimated, evenly taken: its relative error is then below 2 %."""
SHRINKAGE = 2.0
"""Pseudo-count that pulls the mean of a language with very few passages towards that of all passages."""
CACHED = 64


@dataclass(frozen=True, slots=True)
class LanguageGroup:
    """The admitted passages of one language: ordinals (ascending int64), their rows in the lexical index, mean vector."""

    language: str
    ordinals: NDArray[np.int64]
    lexical_rows: NDArray[np.int64]
    mean: FloatArray


@dataclass(frozen=True, slots=True)
class Population:
    """All passages that one search scope admits, by language. ``covariance`` [dimension, dimension] is that within languages."""

    groups: tuple[LanguageGroup, ...]
    covariance: FloatArray

    def deviation(self, vector: FloatArray) -> float:
        """The standard deviation of the inner products of ``vector`` with the passages, around their language's mean."""
        return deviation_along(self.covariance, vector)


class Populations:
    """Remembers the populations of the scopes that are asked for. Safe for several threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, SearchScope], Population] = OrderedDict()
        self._lock = Lock()

    def of(self, version: Version, scope: SearchScope) -> Population:
        """The population of ``scope`` in ``version``."""
        key = (f"{version.path}", scope)
        with self._lock:
            known = self._known.get(key)
        if known is not None:
            return known
        population = measure(version, scope)
        with self._lock:
            self._known[key] = population
            if len(self._known) > CACHED:
                self._known.popitem(last=False)
        return population


def measure(version: Version, scope: SearchScope) -> Population:
    """Measure the passages of ``version`` that ``scope`` admits."""
    index = version.lexical_index(scope.audience)
    rows = np.flatnonzero(version.admission.mask(scope)[index.ordinals])
    ordinals = index.ordinals[rows].astype(np.int64)
    if not len(ordinals):
        dimension = version.vectors.shape[1]
        return Population((), np.zeros((dimension, dimension), np.float32))
    languages = version.languages[ordinals]
    overall = _mean(version.vectors, ordinals)
    groups = tuple(_group(version, str(name), ordinals, rows, languages == name, overall) for name in np.unique(languages))
    return Population(groups, _covariance(version.vectors, groups))


def _group(
    version: Version, language: str, ordinals: NDArray[np.int64], rows: NDArray[np.int64], chosen: NDArray[np.bool_], overall: FloatArray
) -> LanguageGroup:
    ours = ordinals[chosen]
    mean = (len(ours) * _mean(version.vectors, ours) + SHRINKAGE * overall) / (len(ours) + SHRINKAGE)
    return LanguageGroup(language, ours, rows[chosen], mean.astype(np.float32))


def _mean(vectors: FloatArray, ordinals: NDArray[np.int64]) -> FloatArray:
    total = np.zeros(vectors.shape[1], np.float64)
    for start in range(0, len(ordinals), SAMPLE):
        total += vectors[ordinals[start : start + SAMPLE]].sum(axis=0, dtype=np.float64)
    return (total / len(ordinals)).astype(np.float32)


def _covariance(vectors: FloatArray, groups: tuple[LanguageGroup, ...]) -> FloatArray:
    count = sum(len(group.ordinals) for group in groups)
    stride = -(-count // SAMPLE)
    centred = np.concatenate([vectors[group.ordinals[::stride]] - group.mean for group in groups])
    covariance: FloatArray = (centred.T @ centred / len(centred)).astype(np.float32)
    return covariance
