"""What one request took and met: seconds by stage, counts by name, passages found. Noted beside the work, which need not know who asks.

    with Tally().running() as tally:      # whoever answers a request
        search.search(…)                  # in which stands: with timed("embed"): …
    tally.seconds()                       # {"embed": 0.004, "search": 0.002}

The running tally is a context variable: tasks and threads that are started with the context of the request (asyncio.create_task,
asyncio.to_thread, anyio.to_thread.run_sync) note into the same one. Without a running tally nothing is noted.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Lock

_RUNNING: ContextVar["Tally | None"] = ContextVar("citedesk_tally", default=None)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage that ran ``times`` times between ``began`` and ``ended`` (readings of `time.perf_counter`), ``seconds`` in all."""

    began: float
    ended: float
    seconds: float
    times: int = 1

    def joined(self, other: "Stage") -> "Stage":
        """Both as one."""
        began, ended = min(self.began, other.began), max(self.ended, other.ended)
        return Stage(began, ended, self.seconds + other.seconds, self.times + other.times)


@dataclass(frozen=True, slots=True)
class Found:
    """The passages, by id and best first, that one search gave to whoever answers, and the version that they are of."""

    version: str
    passages: tuple[str, ...]


class Tally:
    """Notes of one request. Safe for several threads."""

    def __init__(self) -> None:
        self._stages: dict[str, Stage] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._found: list[Found] = []
        self._lock = Lock()

    @contextmanager
    def running(self) -> Iterator["Tally"]:
        """Makes this the tally of what runs within the block. Not for generators: their context is that of whoever pulls."""
        token = _RUNNING.set(self)
        try:
            yield self
        finally:
            _RUNNING.reset(token)

    def add(self, name: str, began: float, ended: float | None = None) -> None:
        """Note that the stage ``name`` ran from ``began`` to ``ended``, readings of `time.perf_counter`; until now if not given."""
        ended = time.perf_counter() if ended is None else ended
        stage = Stage(began, ended, ended - began)
        with self._lock:
            known = self._stages.get(name)
            self._stages[name] = stage if known is None else known.joined(stage)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Note how long the block takes, also one that fails."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, began)

    def count(self, name: str, label: str = "", times: int = 1) -> None:
        """Note that ``name`` happened, with ``label`` for its kind: a word of ours, never one of a caller's."""
        with self._lock:
            self._counts[name, label] += times

    def add_found(self, version: str, passages: Iterable[str]) -> None:
        """Note that a search of ``version`` found ``passages``, ids, best first."""
        with self._lock:
            self._found.append(Found(version, tuple(passages)))

    @property
    def found(self) -> tuple[Found, ...]:
        """What the searches found, one after the other."""
        with self._lock:
            return tuple(self._found)

    @property
    def stages(self) -> dict[str, Stage]:
        """The stages by name, in the order in which they first ended."""
        with self._lock:
            return dict(self._stages)

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        """How often each name happened, by name and label."""
        with self._lock:
            return dict(self._counts)

    def seconds(self) -> dict[str, float]:
        """The seconds of each stage."""
        return {name: stage.seconds for name, stage in self.stages.items()}


def running_tally() -> Tally | None:
    """The tally of the request that is being answered here."""
    return _RUNNING.get()


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Note in the running tally, if there is one, how long the block takes."""
    began = time.perf_counter()
    try:
        yield
    finally:
        note(name, began)


def note(name: str, began: float) -> None:
    """Note in the running tally, if there is one, that the stage ``name`` ran from ``began`` until now."""
    tally = _RUNNING.get()
    if tally is not None:
        tally.add(name, began)


def count(name: str, label: str = "", times: int = 1) -> None:
    """Note in the running tally, if there is one, that ``name`` happened."""
    tally = _RUNNING.get()
    if tally is not None:
        tally.count(name, label, times)


def note_found(version: str, passages: Iterable[str]) -> None:
    """Note in the running tally, if there is one, that a search of ``version`` found ``passages``, ids, best first."""
    tally = _RUNNING.get()
    if tally is not None:
        tally.add_found(version, passages)
