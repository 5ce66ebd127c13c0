"""A run's progress, told to several listeners and written into its row."""

import time
from collections.abc import Callable

from ingest.progress import ProgressListener

_SECONDS = 1.0
"""Between two writes: each is a synced transaction, and nobody looks more often."""


class RecordedProgress:
    """An `ingest.progress.ProgressListener` that hands phase, steps done and steps in all to ``write``, not too often."""

    def __init__(self, write: Callable[[str, int, int], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write_row = write
        self._clock = clock
        self._phase = ""
        self._done = self._total = 0
        self._next = 0.0

    def phase(self, name: str, total: int) -> None:
        """Written at once."""
        self._phase, self._done, self._total = name, 0, total
        self._write()

    def advance(self, steps: int) -> None:
        """Written once a second at most."""
        self._done += steps
        if self._clock() >= self._next:
            self._write()

    def done(self) -> None:
        """Not written: the next phase is, or the ending."""

    def _write(self) -> None:
        self._write_row(self._phase, self._done, max(self._done, self._total))
        self._next = self._clock() + _SECONDS


class SharedProgress:
    """Tells each of ``listeners`` in turn."""

    def __init__(self, *listeners: ProgressListener) -> None:
        self._listeners = listeners

    def phase(self, name: str, total: int) -> None:
        """A phase begins."""
        for listener in self._listeners:
            listener.phase(name, total)

    def advance(self, steps: int) -> None:
        """Steps are done."""
        for listener in self._listeners:
            listener.advance(steps)

    def done(self) -> None:
        """The phase is over."""
        for listener in self._listeners:
            listener.done()
