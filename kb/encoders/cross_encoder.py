"""A reranker: any sentence-transformers cross-encoder, by name or folder."""

from collections.abc import Sequence

import numpy as np
from sentence_transformers import CrossEncoder

from kb.encoder import FloatArray
from kb.errors import EncoderError


class CrossEncoderReranker:
    """Scores question and passage together with a cross-encoder."""

    def __init__(self, name_or_folder: str) -> None:
        """Load the model.

        Raises:
            EncoderError: there is no such model here, and none can be downloaded.
        """
        try:
            self._model = CrossEncoder(name_or_folder)
        except (OSError, ValueError) as error:
            raise EncoderError(
                f"The reranker {name_or_folder!r} cannot be loaded ({str(error).splitlines()[0]}). "
                "Unset CITEDESK_RERANKER, or set it to a local cross-encoder folder."
            ) from error

    def score(self, question: str, texts: Sequence[str]) -> FloatArray:
        """One relevance score for each of ``texts`` (float32 [texts], higher is better)."""
        scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return np.asarray(scores, np.float32).reshape(len(texts))
