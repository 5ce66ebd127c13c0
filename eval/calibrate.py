"""Fits when to decline, on the tuning half of the golden questions, and reports both halves.

``citedesk eval calibrate --data DIR`` prints the constants that stand in `rag.evidence.BUNDLED_CALIBRATION`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from eval.golden import query_of
from eval.question import GoldenQuestion
from kb.version import Version
from rag.evidence import Calibration, EvidenceScorer, features
from rag.pipeline import Answerer
from rag.rewrite import rewrite

WRONG_DECLINES = 0.03
"""The share of answerable questions of the tuning half that may be declined: below the promised 5 %, to leave room."""
PENALTY = 1.0
"""Inverse strength of the ridge penalty, sklearn's default."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The features of one golden question's evidence."""

    question: GoldenQuestion
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """A calibration and what it does on each half: shares declined of the answerable and of the unanswerable."""

    calibration: Calibration
    declined: dict[str, tuple[float, float]]


def collect(
    answerer: Answerer,
    scorer: EvidenceScorer,
    version: Version,
    questions: Sequence[GoldenQuestion],
    today: date,
    advance: Callable[[int], None] = lambda _: None,
) -> list[Sample]:
    """The features of each question for which there is any evidence."""
    samples = []
    for question in questions:
        query = query_of(question, today)
        text = rewrite(query)
        evidence = scorer.weigh(query, text, answerer.retrieve(query, text, version), version)
        if evidence.units:
            samples.append(Sample(question, features(evidence.hits, evidence.units)))
        advance(1)
    return samples


def fit(samples: Sequence[Sample]) -> Fit:
    """Fit on the tuning half, set the threshold there, and report both halves."""
    tune = [sample for sample in samples if sample.question.half == "tune"]
    values = _matrix(tune)
    spread = values.std(axis=0)
    model = LogisticRegression(C=PENALTY, class_weight="balanced").fit(values / spread, [s.question.answerable for s in tune])
    weights = model.coef_[0] / spread
    unset = Calibration(tuple(round(float(weight), 4) for weight in weights), round(float(model.intercept_[0]), 4), 0.0)
    answerable = sorted(unset.probability(sample.values) for sample in tune if sample.question.answerable)
    threshold = answerable[int(WRONG_DECLINES * len(answerable))] - 1e-4
    calibration = Calibration(unset.weights, unset.bias, round(threshold, 4))
    return Fit(calibration, {half: _declined(calibration, [s for s in samples if s.question.half == half]) for half in ("tune", "test")})


def _matrix(samples: Sequence[Sample]) -> NDArray[np.float64]:
    return np.array([sample.values for sample in samples], np.float64)


def _declined(calibration: Calibration, samples: Sequence[Sample]) -> tuple[float, float]:
    shares = []
    for answerable in (True, False):
        ours = [calibration.probability(s.values) < calibration.threshold for s in samples if s.question.answerable is answerable]
        shares.append(sum(ours) / len(ours) if ours else 0.0)
    return shares[0], shares[1]
