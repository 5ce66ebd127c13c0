"""Passages embedded on a GPU: millions of them need one. Questions stay on the CPU, where one of them is quick enough."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kb.encoder import Encoder, FloatArray, Progress

if TYPE_CHECKING:
    from kb.encoders.sentence_transformer import SentenceTransformerEncoder

DRIVER = Path("/proc/driver/nvidia/version")


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

    def __init__(self, inner: Encoder, folder: Path, device: str = "cuda") -> None:
        self.id = inner.id
        self.dimension = inner.dimension
        self._inner = inner
        self._folder = folder
        self._device = device

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [len(texts), dimension] of questions."""
        return self._inner.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Vectors [len(texts), dimension] of passages. ``progress`` is told how many more texts are done."""
        return self._torch.encode_passages(texts, progress)

    @cached_property
    def _torch(self) -> "SentenceTransformerEncoder":
        from kb.encoders.sentence_transformer import SentenceTransformerEncoder  # imports torch

        return SentenceTransformerEncoder(str(self._folder), self._device)
