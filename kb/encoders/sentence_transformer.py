"""Any sentence-transformers model, by name or folder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

from kb.encoder import FloatArray, Progress
from kb.encoders.hub import hub_is_away
from kb.encoders.load_errors import load_errors

BATCH = 32
SLICE = 512
"""Texts per call into the library: small enough for progress, large enough for its own sorting by length."""


class SentenceTransformerEncoder:
    """Encodes with sentence-transformers on ``device``, by default the GPU where there is one.

    Uses the model's prompts named query and passage.
    """

    def __init__(self, name_or_folder: str, device: str | None = None) -> None:
        """Load the model.

        Raises:
            EncoderError: there is no such model here, and none can be downloaded.
        """
        advice = "Set CITEDESK_ENCODER to `bundled`, to a local sentence-transformers folder, or to a model name that can be downloaded."
        with load_errors("encoder", name_or_folder, advice):
            self._model = SentenceTransformer(name_or_folder, device=device, local_files_only=hub_is_away(name_or_folder))
        self.id = f"sentence-transformers:{Path(name_or_folder).name}"
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [len(texts), dimension] of questions."""
        return self._encode(texts, "query")

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Vectors [len(texts), dimension] of passages. ``progress`` is told how many more texts are done."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), SLICE):
            part = texts[start : start + SLICE]
            vectors[start : start + len(part)] = self._encode(part, "passage")
            if progress is not None:
                progress(len(part))
        return vectors

    def _encode(self, texts: Sequence[str], role: str) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        prompt = self._model.prompts.get(role, "")
        vectors = self._model.encode(list(texts), prompt=prompt, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)
