"""Readers without weights: the share of the words of a question or a claim that a sentence and its context hold."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from kb.encoder import FloatArray
from kb.text.languages import detect_language
from kb.text.tokens import tokenize, tokenize_query
from rag.reader import Limits, Reading
from rag.verify.wording import WORDS_ALONE

ENOUGH = 0.5
STEEPNESS = 8.0
REMEMBERED = 4096
"""Texts whose terms are kept: every claim of an answer is held against the same passages."""


class WordReader:
    """Scores in [0, 1]; declines only when something that was asked about occurs nowhere.

    It stands beside the hashing encoder: for tests and machines that hold no weights.
    """

    limits = Limits(threshold=-100.0, growth=0.0, demand=1000.0)

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        """The share of the question's words that each sentence holds, its context counting half."""
        return [self._score_one(question, reading) for reading in readings]

    def _score_one(self, question: str, reading: Reading) -> FloatArray:
        language = detect_language(f"{reading.context} {' '.join(reading.sentences)}")
        asked = tokenize_query(question, (language,))
        around = _share(asked, reading.context, language)
        return np.array([0.5 * around + 0.5 * _share(asked, sentence, language) for sentence in reading.sentences], np.float32)


class WordClaimReader:
    """Bears a claim out by shared words alone: a logit that is 0 where `ENOUGH` are held; none where only one of the two denies."""

    wording = WORDS_ALONE

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        """For each reading the logits of its sentences (float32 [sentences])."""
        return [self._score_one(question, reading) for reading in readings]

    def _score_one(self, claim: str, reading: Reading) -> FloatArray:
        language = _language_of(f"{reading.context} {' '.join(reading.sentences)}")
        said = tokenize_query(claim, (language,))
        shares = [_share(said, f"{reading.context} {sentence}", language) for sentence in reading.sentences]
        logits = np.array([STEEPNESS * (share - ENOUGH) for share in shares], np.float32)
        # Readers' logits are summed up. Two sentences may tell a thing together; the few words of many sentences do not.
        surplus = np.logaddexp.reduce(logits) - logits.max() - np.log(2) if len(logits) else 0.0
        return logits - np.float32(max(0.0, surplus))


def _share(asked: Sequence[Sequence[str]], text: str, language: str) -> float:
    held = _terms_of(text, language)
    return sum(bool(held.intersection(stems)) for stems in asked) / len(asked) if asked else 0.0


@lru_cache(maxsize=REMEMBERED)
def _terms_of(text: str, language: str) -> frozenset[str]:
    return frozenset(tokenize(text, language))


@lru_cache(maxsize=REMEMBERED)
def _language_of(text: str) -> str:
    return detect_language(text)
