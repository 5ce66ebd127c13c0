"""The interface of readers: given a question and passages cut into sentences, how well does each sentence answer?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kb.encoder import FloatArray

UNREAD = -30.0
"""The score of a sentence that was not read because its passage was too long."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage to read: what its sentences need to be understood (title and heading, or an FAQ's question), and the sentences."""

    context: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How sure one must be before a question is answered rather than declined.

    Confidence is the logarithm of the sum of the exponentials of all scores, plus the picked sentence's standing (`rag.evidence`).
    ``growth`` is how much more is asked for each e-fold of passages, for more of them compete; ``demand`` how much more still
    when something that was asked about occurs in none: that says the more, the more passages there are to name it.
    """

    threshold: float
    growth: float
    demand: float

    def needed(self, gap: bool, passages: int) -> float:
        """The least confidence in a knowledge base of ``passages``; ``gap``: something that was asked about occurs in none."""
        return self.threshold + (self.growth + self.demand * gap) * math.log(max(1, passages))


class Reader(Protocol):
    """Scores sentences. Safe for several threads."""

    @property
    def limits(self) -> Limits:
        """How sure one must be with this reader's scores."""

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        """For each reading the scores of its sentences (float32 [sentences]), higher is better."""
