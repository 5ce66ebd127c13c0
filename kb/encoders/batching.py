"""An encoder that embeds simultaneous questions together: those that arrive while it is busy make up the next batch."""

from collections import deque
from collections.abc import Sequence
from threading import Event, Lock

import numpy as np

from kb.encoder import Encoder, FloatArray, Progress

LONGEST = 8
"""Questions in one batch; all of them wait for the last. A request with more is cut, so that it delays the others by one batch only."""
AT_ONCE = 2
"""Batches that are embedded at the same time: one of a single question keeps one core busy (docs/decisions/0032-batching.md)."""


class _Call:
    """The questions of one caller, who waits until he is woken: with ``vectors``, with a ``batch`` to embed, or with neither."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.vectors: FloatArray | None = None
        self.batch: list[_Call] = []
        self.woken = Event()


class BatchingEncoder:
    """``inner``, asked by ``at_once`` callers at a time, each for up to ``longest`` questions of those who wait.

    No thread of its own and no timer: a caller who finds it idle embeds at once; one who does not is woken with his vectors, or to embed
    all that has gathered. Where a batch fails each caller embeds his own, so that an error reaches only him whose text it is.
    Safe for several threads if ``inner`` is.
    """

    def __init__(self, inner: Encoder, longest: int = LONGEST, at_once: int = AT_ONCE) -> None:
        self.id = inner.id
        self.dimension = inner.dimension
        self._inner = inner
        self._longest = longest
        self._idle = at_once
        self._queue: deque[_Call] = deque()
        self._lock = Lock()

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [len(texts), dimension] of questions."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), self._longest):
            part = slice(start, start + self._longest)
            vectors[part] = self._encode(texts[part])
        return vectors

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Vectors [len(texts), dimension] of passages. ``progress`` is told how many more texts are done."""
        return self._inner.encode_passages(texts, progress)

    def _encode(self, texts: Sequence[str]) -> FloatArray:
        call = _Call(texts)
        self._line_up(call)
        batch, call.batch = call.batch, []
        if batch:
            self._lead(batch)
        return self._inner.encode_queries(texts) if call.vectors is None else call.vectors

    def _line_up(self, call: _Call) -> None:
        """Return when ``call`` has its vectors, or a batch to embed, or neither because its batch failed."""
        with self._lock:
            if self._idle:
                self._idle -= 1
                call.batch = [call]
                return
            self._queue.append(call)
        call.woken.wait()

    def _lead(self, batch: Sequence[_Call]) -> None:
        try:
            self._embed(batch)
        except Exception:
            if len(batch) == 1:
                raise
        finally:
            self._hand_over(batch)

    def _embed(self, batch: Sequence[_Call]) -> None:
        rows = {text: row for row, text in enumerate(dict.fromkeys(text for call in batch for text in call.texts))}
        vectors = self._inner.encode_queries(list(rows))
        for call in batch:
            call.vectors = vectors[[rows[text] for text in call.texts]]

    def _hand_over(self, batch: Sequence[_Call]) -> None:
        """Wake the callers of ``batch``, and him who has waited longest to embed what has gathered meanwhile."""
        with self._lock:
            gathered = self._next_batch()
            self._idle += not gathered
        for call in batch:
            call.woken.set()
        if gathered:
            gathered[0].batch = gathered
            gathered[0].woken.set()

    def _next_batch(self) -> list[_Call]:
        batch: list[_Call] = []
        room = self._longest
        while self._queue and (not batch or len(self._queue[0].texts) <= room):
            batch.append(self._queue.popleft())
            room -= len(batch[-1].texts)
        return batch
