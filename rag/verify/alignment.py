"""Which sentences of a passage a clause leans on: those that share its rarer words, and those that mean the same."""

import math
import re

import numpy as np

from kb.encoder import FloatArray
from rag.verify.binding import ClaimFacts
from rag.verify.checked_passage import CheckedPassage
from rag.verify.words import NAME_WEIGHT, content_words

WORDS_WEIGHT = 5.0
CLAUSE_WEIGHT = 3.0
MARGIN = 0.5
"""How far behind the best a sentence may stand and still be leant on (tuned on the tuning half of eval/verification)."""

_CAPITALISED = re.compile(r"(?<=[\w,;:] )[A-ZÀ-Þ][\w+-]+")


class Alignment:
    """Ranks the statements of one passage for the clauses of one claim."""

    def __init__(self, passage: CheckedPassage, meaning: FloatArray, claim: ClaimFacts) -> None:
        """``meaning`` [statements] says how near each statement is to the claim; higher is nearer.

        What a capital within the claim names is what it is about.
        """
        self._claim = claim
        self._words = [content_words(statement.text, passage.language) for statement in passage.statements]
        self._weights = self._rarity()
        self._names = content_words(" ".join(_CAPITALISED.findall(claim.text)), claim.language)
        self._base = meaning + WORDS_WEIGHT * self._shares(claim.text)

    def leant_on(self, clause: str) -> list[int]:
        """The numbers of the statements that ``clause`` leans on, the likeliest first."""
        if not self._words:
            return []
        scores = self._base + CLAUSE_WEIGHT * self._shares(clause)
        order = np.argsort(-scores, kind="stable")
        return [int(number) for number in order if scores[number] >= scores[order[0]] - MARGIN]

    def _rarity(self) -> dict[str, float]:
        """log(1 + n / statements with the word): what all statements have tells none from the others."""
        count: dict[str, int] = {}
        for words in self._words:
            for word in words:
                count[word] = count.get(word, 0) + 1
        return {word: math.log(1 + len(self._words) / number) for word, number in count.items()}

    def _shares(self, text: str) -> FloatArray:
        """For each statement the share of the words of ``text``, by rarity, that it has; words that no statement has do not count.

        What the claim states as a fact has no say: its value must not choose the sentence that it is compared with. A bare number
        has one, for it may name what is spoken of ("level 4", "Rovo 320").
        """
        words = content_words(self._without_facts(text), self._claim.language)
        named = {word: NAME_WEIGHT if word in self._names else 1.0 for word in words}
        total = sum(self._weights.get(word, 0.0) * named[word] for word in words)
        held = [sum(self._weights[word] * named[word] for word in words & own) for own in self._words]
        return np.array(held, np.float32) / max(total, 1e-6)

    def _without_facts(self, text: str) -> str:
        for fact in self._claim.facts:
            if fact.is_bare:
                continue
            text = text.replace(self._claim.text[fact.start : fact.end], " ")
        return text
