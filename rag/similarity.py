"""How near sentences are to a question, by the encoder that found their passages."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from kb.encoder import Encoder, FloatArray
from rag.unit import Unit

REMEMBERED = 20_000
"""Vectors of units kept in memory: shoppers ask about the same passages again and again (60 MB at 768 dimensions)."""



class Similarity:
    """Compares by cosine, and remembers the vectors of sentences. Safe for several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._remembered: OrderedDict[str, FloatArray] = OrderedDict()
        self._lock = Lock()

    def embed(self, question: str) -> FloatArray:
        """The vector [dimension] of ``question``."""
        vector: FloatArray = self._encoder.encode_queries([question])[0]
        return vector

    def vector(self, unit: Unit) -> FloatArray:
        """The vector [dimension] of ``unit`` in its context."""
        found: FloatArray = self._vectors([f"{unit.context}\n{unit.text}"])[0]
        return found

    def cosines(self, asked: FloatArray, units: Sequence[Unit]) -> FloatArray:
        """The cosines [units] of a question's vector with the units in their contexts."""
        return np.asarray(self._vectors([f"{unit.context}\n{unit.text}" for unit in units]) @ asked, np.float32)

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


def heights_of(cosines: FloatArray, units: Sequence[Unit]) -> FloatArray:
    """``cosines`` [units] above the mean of their language, in standard deviations: see `kb.search` for why."""
    centred = cosines.copy()
    groups = np.array([unit.hit.passage.language for unit in units])
    for language in np.unique(groups):
        centred[groups == language] -= centred[groups == language].mean()
    heights: FloatArray = centred / max(float(centred.std()), 1e-6)
    return heights
