"""Fits when a question is off topic, on the tuning halves of the golden and the off-topic questions, and reports both halves.

``citedesk eval calibrate --data DIR`` prints the constants that stand in `rag.off_topic`.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from eval.golden import query_of
from eval.metrics import mean
from eval.question import GoldenQuestion, read_golden
from kb.search import FULL_COVERAGE, Hit
from kb.text.languages import detect_language
from kb.version import Version
from rag.gap import FLOOR, OffTopic, Pairing, pairing_of, shares_subject
from rag.pipeline import Answerer
from rag.products import guard_for

OFF_TOPIC_FILE = Path(__file__).with_name("offtopic.jsonl")
WRONG_DECLINES = 0.0
"""The share of answerable questions of the tuning half that may be taken for off topic: the other reasons to decline err too."""
LEVELS = [step / 200 for step in range(100)]
PAIRINGS: tuple[Pairing, ...] = ("english", "same", "cross")


@dataclass(frozen=True, slots=True)
class Sample:
    """What decides about one question: the highest cosine of each pairing, the coverage, whether a subject is shared."""

    question: GoldenQuestion
    cosines: dict[Pairing, float]
    coverage: float
    related: bool

    def declined(self, limits: OffTopic) -> bool:
        """Whether ``limits`` take the question for off topic."""
        above = max(limits.above(pairing, cosine) for pairing, cosine in self.cosines.items())
        return above < -FLOOR or (above < 0 and not self.related and self.coverage < limits.coverage)


@dataclass(frozen=True, slots=True)
class Fit:
    """The limits, and by half the shares declined of the answerable and of the off-topic questions."""

    limits: OffTopic
    declined: dict[str, tuple[float, float]]


def questions() -> list[GoldenQuestion]:
    """The answerable golden questions, and the off-topic ones as unanswerable."""
    lines = OFF_TOPIC_FILE.read_text(encoding="utf-8").splitlines()
    return [question for question in read_golden() if question.answerable] + [_off_topic(json.loads(line)) for line in lines if line]


def collect(
    answerer: Answerer, version: Version, asked: Sequence[GoldenQuestion], today: date, advance: Callable[[int], None] = lambda _: None
) -> list[Sample]:
    """What decides about each of ``asked``."""
    samples = []
    for question in asked:
        query = query_of(question, today)
        hits = answerer.retrieve(query, question.question, version)
        if hits:
            related = shares_subject(question.question, guard_for(version.titles(query.audience)), hits)
            samples.append(Sample(question, _cosines(question.question, hits), hits[0].coverage, related))
        advance(1)
    return samples


def fit(samples: Sequence[Sample]) -> Fit:
    """The same quantile of each pairing's cosines, as high as declines few enough answerable questions of the tuning half."""
    tune = [sample for sample in samples if sample.question.half == "tune" and sample.question.answerable]
    fitting = [limits for limits in (_limits(tune, level) for level in LEVELS) if _share(tune, limits) <= WRONG_DECLINES]
    limits = fitting[-1]
    return Fit(limits, {half: _shares([s for s in samples if s.question.half == half], limits) for half in ("tune", "test")})


def _limits(samples: Sequence[Sample], level: float) -> OffTopic:
    cosines = {pairing: [s.cosines[pairing] for s in samples if pairing in s.cosines] for pairing in PAIRINGS}
    return OffTopic(**{pairing: round(float(np.quantile(values, level)), 3) for pairing, values in cosines.items()}, coverage=FULL_COVERAGE)


def _cosines(question: str, hits: Sequence[Hit]) -> dict[Pairing, float]:
    language = detect_language(question)
    highest: dict[Pairing, float] = {}
    for hit in hits:
        pairing = pairing_of(language, hit.passage.language)
        highest[pairing] = max(hit.dense, highest.get(pairing, -1.0))
    return highest


def _shares(samples: Sequence[Sample], limits: OffTopic) -> tuple[float, float]:
    answerable, others = ([s for s in samples if s.question.answerable is flag] for flag in (True, False))
    return _share(answerable, limits), _share(others, limits)


def _share(samples: Sequence[Sample], limits: OffTopic) -> float:
    return mean([float(sample.declined(limits)) for sample in samples])


def _off_topic(entry: dict[str, str]) -> GoldenQuestion:
    return GoldenQuestion(entry["id"], entry["language"], entry["question"], False, "off_topic", "public", None, None, (), None, (), ())
