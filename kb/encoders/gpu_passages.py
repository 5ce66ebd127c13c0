"""Passages embedded on a GPU: millions of them need one. Questions stay on the CPU, where one of them is quick enough."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.encoder import Encoder, FloatArray, Progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DRIVER = Path("/proc/driver/nvidia/version")
BATCH = 64
SLICE = 1024
"""Texts per call into the library: small enough for progress, large enough for its own sorting by length."""


def has_gpu() -> bool:
    """Whether torch could compute on a GPU here. Machines without the driver are not made to import torch to learn that they have none."""
    if not DRIVER.exists():
        return False
    import torch

    return torch.cuda.is_available()


class GpuPassageEncoder:
    """``inner``, but passages are encoded by the same weights in torch on ``device``: ``folder`` is the converted model's.

    The vectors differ from those of ``inner`` by rounding only, so that both carry the same id and may fill one version.
    """

    def __init__(self, inner: Encoder, folder: Path, prompt: str, device: str = "cuda") -> None:
        self.id = inner.id
        self.dimension = inner.dimension
        self._inner = inner
        self._folder = folder
        self._prompt = prompt
        self._device = device

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [len(texts), dimension] of questions."""
        return self._inner.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Vectors [len(texts), dimension] of passages. ``progress`` is told how many more texts are done."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), SLICE):
            part = list(texts[start : start + SLICE])
            encoded = self._model.encode(
                part, prompt=self._prompt, batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
            )
            vectors[start : start + len(part)] = np.asarray(encoded, np.float32)
            if progress is not None:
                progress(len(part))
        return vectors

    @cached_property
    def _model(self) -> "SentenceTransformer":
        from sentence_transformers import SentenceTransformer  # imports torch

        return SentenceTransformer(str(self._folder), device=self._device)
