"""Vectors of texts that the product brings along: encoded once, kept in the cache folder, read from there afterwards."""

import hashlib
import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from kb.encoder import Encoder, FloatArray
from kb.errors import KnowledgeBaseError
from kb.files import write_atomic


def kept_vectors(encoder: Encoder, encode: Callable[[Sequence[str]], FloatArray], texts: Sequence[str], folder: Path | None) -> FloatArray:
    """The vectors [len(texts), dimension] of ``texts`` by ``encode``, a method of ``encoder``, from ``folder`` where they are kept.

    Without a ``folder`` they are encoded each time.
    """
    if folder is None:
        return encode(texts)
    name = hashlib.sha256("\n".join([encoder.id, *texts]).encode()).hexdigest()[:16]
    path = folder / f"{name}.npy"
    with suppress(OSError, ValueError, EOFError):  # not there yet, or damaged: encoded again and replaced
        kept: FloatArray = np.load(path, allow_pickle=False)
        if kept.shape == (len(texts), encoder.dimension):
            return kept
    vectors = encode(texts)
    with suppress(OSError, KnowledgeBaseError):  # a cache that cannot be written costs some seconds the next time, nothing else
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, _as_npy(vectors))
    return vectors


def _as_npy(vectors: FloatArray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, vectors, allow_pickle=False)
    return buffer.getvalue()
