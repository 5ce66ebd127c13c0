"""Two encoders as one: a multilingual one for every text, and an English one beside it for English texts."""

from collections.abc import Sequence

import numpy as np

from kb.encoder import Encoder, FloatArray, Progress
from kb.text.languages import detect_language
from kb.text.question_language import question_language
from kb.text.tokens import estimate_tokens

WEIGHT = 0.35
"""Weight of the companion's part before normalisation, chosen on the tuning half (docs/decisions/0008-english-companion.md)."""
TOO_SHORT = 5
"""Questions below this many tokens are too short to tell their language, and are taken for English when in Latin letters."""
FOREIGN_SCRIPTS = frozenset({"zh", "ja", "ko", "ru", "und"})


class CompanionEncoder:
    """Vectors are ``[main, WEIGHT * companion]``, L2-normalised; the second part is zero for texts that are not English.

    The inner product of two English texts is thus a weighted mean of both encoders' cosines, and that of any other pair
    is proportional to the main encoder's.
    """

    def __init__(self, main: Encoder, companion: Encoder) -> None:
        """Both must give unit vectors."""
        self._main = main
        self._companion = companion
        self.id = f"{main.id}+{companion.id}"
        self.dimension = main.dimension + companion.dimension

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [len(texts), dimension] of questions."""
        english = [row for row, text in enumerate(texts) if _is_english_question(text)]
        return self._join(self._main.encode_queries(texts), english, self._companion.encode_queries([texts[row] for row in english]))

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Vectors [len(texts), dimension] of passages. ``progress`` is told how many more texts are done."""
        english = [row for row, text in enumerate(texts) if detect_language(text) == "en"]
        companion = self._companion.encode_passages([texts[row] for row in english])
        return self._join(self._main.encode_passages(texts, progress), english, companion)

    def _join(self, main: FloatArray, rows: Sequence[int], companion: FloatArray) -> FloatArray:
        joined = np.zeros((len(main), self.dimension), np.float32)
        joined[:, : self._main.dimension] = main
        joined[rows, self._main.dimension :] = WEIGHT * companion
        normalised: FloatArray = joined / np.maximum(np.linalg.norm(joined, axis=1, keepdims=True), np.float32(1e-9))
        return normalised


def _is_english_question(text: str) -> bool:
    language = question_language(text)
    return language == "en" or (estimate_tokens(text) < TOO_SHORT and language not in FOREIGN_SCRIPTS)
