"""An encoder that remembers the last questions: one request searches, scores and appraises the same one several times."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np

from kb.encoder import Encoder, FloatArray, Progress
from kb.tally import timed

REMEMBERED = 256
"""Questions; a vector takes some kilobytes. A request asks for three or four, and some dozen requests run at a time."""


class RememberingEncoder:
    """``inner``, asked for each of the last questions once. Safe for several threads if ``inner`` is."""

    def __init__(self, inner: Encoder) -> None:
        self.id = inner.id
        self.dimension = inner.dimension
        self._inner = inner
        self._known: OrderedDict[str, FloatArray] = OrderedDict()
        self._lock = Lock()

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [len(texts), dimension] of questions."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        new = list(dict.fromkeys(text for text in texts if text not in known))
        if new:
            with timed("embed"):
                known |= zip(new, self._inner.encode_queries(new), strict=True)
        for row, text in enumerate(texts):
            vectors[row] = known[text]
        self._remember(known)
        return vectors

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Vectors [len(texts), dimension] of passages. ``progress`` is told how many more texts are done."""
        return self._inner.encode_passages(texts, progress)

    def _remember(self, vectors: dict[str, FloatArray]) -> None:
        with self._lock:
            for text, vector in vectors.items():
                self._known[text] = vector
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
