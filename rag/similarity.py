"""How near sentences are to a question, by the encoder that found their passages."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Encoder, FloatArray
from rag.unit import Unit

REMEMBERED = 20_000
"""Vectors of units kept in memory: shoppers ask about the same passages again and again (60 MB at 768 dimensions)."""

SAMPLED = 10_000
"""Passages that give mean and deviation of the cosines."""


class Similarity:
    """Compares by cosine, and remembers the vectors of sentences. Safe for several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._remembered: OrderedDict[str, FloatArray] = OrderedDict()
        self._lock = Lock()

    def heights(self, question: str, units: Sequence[Unit]) -> FloatArray:
        """Cosines above the mean of their language, in standard deviations: see `kb.search` for why."""
        asked = self._encoder.encode_queries([question])[0]
        told = self._vectors([f"{unit.context}\n{unit.text}" for unit in units])
        centred: FloatArray = np.asarray(told @ asked, np.float32)
        groups = np.array([unit.hit.passage.language for unit in units])
        for language in np.unique(groups):
            centred[groups == language] -= centred[groups == language].mean()
        heights: FloatArray = centred / max(float(centred.std()), 1e-6)
        return heights

    def standing(self, question: str, unit: Unit, vectors: FloatArray, ordinals: NDArray[np.int32]) -> float:
        """How many standard deviations ``unit`` is nearer to ``question`` than the passages ``ordinals`` are on average.

        ``vectors`` is [all passages, dimension]. Of many passages an even sample is compared.
        """
        asked = self._encoder.encode_queries([question])[0]
        sample = ordinals[:: max(1, len(ordinals) // SAMPLED)]
        others = vectors[sample] @ asked
        told = self._vectors([f"{unit.context}\n{unit.text}"])[0] @ asked
        return float((told - others.mean()) / max(float(others.std()), 1e-6))

    def _vectors(self, texts: Sequence[str]) -> FloatArray:
        with self._lock:  # what is known is taken out now: another question may push it out while this one encodes
            vectors = {text: self._remembered[text] for text in texts if text in self._remembered}
        missing = [text for text in dict.fromkeys(texts) if text not in vectors]
        vectors.update(zip(missing, self._encoder.encode_passages(missing), strict=True))
        with self._lock:
            for text, vector in vectors.items():
                self._remembered[text] = vector
                self._remembered.move_to_end(text)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return np.array([vectors[text] for text in texts])
