"""The interface of readers: given a question and passages cut into sentences, how well does each sentence answer?"""

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


class Reader(Protocol):
    """Scores sentences. Safe for several threads."""

    @property
    def threshold(self) -> float:
        """The question is declined when confidence is below this, and below more in a large knowledge base.

        Confidence is the logarithm of the sum of the exponentials of all scores, plus the picked sentence's standing.
        """

    @property
    def growth(self) -> float:
        """How much higher confidence must be for each e-fold of passages."""

    @property
    def demand(self) -> float:
        """How much higher still, for each e-fold of passages, when something that was asked about occurs in none."""

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        """For each reading the scores of its sentences (float32 [sentences]), higher is better."""
