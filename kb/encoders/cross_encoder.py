"""A reranker: any sentence-transformers cross-encoder, by name or folder."""

from collections.abc import Sequence

import numpy as np
from sentence_transformers import CrossEncoder

from kb.encoder import FloatArray
from kb.encoders.hub import hub_is_away
from kb.encoders.load_errors import load_errors


class CrossEncoderReranker:
    """Scores question and passage together with a cross-encoder."""

    def __init__(self, name_or_folder: str) -> None:
        """Load the model.

        Raises:
            EncoderError: there is no such model here, and none can be downloaded.
        """
        with load_errors("reranker", name_or_folder, "Unset CITEDESK_RERANKER, or set it to a local cross-encoder folder."):
            self._model = CrossEncoder(name_or_folder, local_files_only=hub_is_away(name_or_folder))

    def score(self, question: str, texts: Sequence[str]) -> FloatArray:
        """One relevance score for each of ``texts`` (float32 [texts], higher is better)."""
        scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return np.asarray(scores, np.float32).reshape(len(texts))
