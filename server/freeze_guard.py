"""The stop button in a running server: what is frozen is read from the state database again and again."""

import time
from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock

from rag.frozen_topic import FrozenTopic
from rag.topic_likeness import TopicLikeness
from server.state.freezes import FreezeStore


class FreezeGuard:
    """Implements `rag.frozen_topic.FreezeCheck` over ``store``. Safe for several threads.

    The store is read at a question when the last reading is older than ``seconds``, so that every server process follows within that
    time, and one that was killed follows from its first question on. Where nothing is frozen nothing is compared.
    """

    def __init__(
        self, store: FreezeStore, make_likeness: Callable[[], TopicLikeness], seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``make_likeness`` is called at the first question after something was frozen."""
        self._store = store
        self._make_likeness = make_likeness
        self._seconds = seconds
        self._clock = clock
        self._topics: tuple[FrozenTopic, ...] = ()
        self._read_at: float | None = None
        self._lock = Lock()

    def find(self, forms: Callable[[], Sequence[str]]) -> FrozenTopic | None:
        """The frozen topic that one of the ``forms`` of a question is about; None where there is none."""
        topics = self._current()
        if not topics:
            return None
        place = self._likeness.about([topic.topic for topic in topics], forms())
        return None if place is None else topics[place]

    def _current(self) -> tuple[FrozenTopic, ...]:
        with self._lock:
            now = self._clock()
            if self._read_at is None or now - self._read_at >= self._seconds:
                self._topics = tuple(freeze.frozen for freeze in self._store.holding())
                self._read_at = now
            return self._topics

    @cached_property
    def _likeness(self) -> TopicLikeness:
        """Threads that come first at once may each make one; one of them is kept."""
        return self._make_likeness()
