"""A deterministic encoder without a model: word and character hashes. For tests and for machines without any weights."""

import hashlib
from collections.abc import Sequence

import numpy as np

from kb.encoder import FloatArray, Progress
from kb.text.tokens import tokenize


class HashingEncoder:
    """Feature hashing of words: texts that share words get similar vectors. Knows no synonyms and no languages."""

    def __init__(self, dimension: int = 64) -> None:
        """``dimension`` is the length of the vectors."""
        self.dimension = dimension
        self.id = f"hashing-{dimension}"

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [len(texts), dimension] of questions."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Vectors [len(texts), dimension] of passages. ``progress`` is told how many more texts are done."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for term in tokenize(text, "en") or [text]:
                self._add(vectors[row], term)
            vectors[row] /= max(float(np.linalg.norm(vectors[row])), 1e-9)
            if progress is not None:
                progress(1)
        return vectors

    def _add(self, vector: FloatArray, term: str) -> None:
        digest = hashlib.blake2b(term.encode(), digest_size=8).digest()
        number = int.from_bytes(digest, "little")
        vector[number % self.dimension] += 1.0 if number >> 63 else -1.0
        vector[(number >> 16) % self.dimension] += 0.5
