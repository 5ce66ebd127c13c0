"""Vectors as OpenAI's ``list`` of ``embedding`` objects."""

import base64
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from kb.encoder import FloatArray
from kb.text.tokens import estimate_tokens


def embeddings(vectors: FloatArray, texts: Sequence[str], model: str, encoding: Literal["float", "base64"]) -> dict[str, Any]:
    """The response for ``texts``. Its token counts are estimates; at least one a text."""
    count = sum(max(1, estimate_tokens(text)) for text in texts)
    data = [{"object": "embedding", "index": row, "embedding": _written(vector, encoding)} for row, vector in enumerate(vectors)]
    return {"object": "list", "data": data, "model": model, "usage": {"prompt_tokens": count, "total_tokens": count}}


def _written(vector: FloatArray, encoding: str) -> list[float] | str:
    """Numbers, or the base64 of little-endian float32: what OpenAI's clients ask for by themselves, and decode without looking."""
    return base64.b64encode(vector.astype(np.dtype("<f4")).tobytes()).decode() if encoding == "base64" else vector.tolist()
