"""The version that a running server answers from: shared by many requests, swapped under them without their noticing."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from kb.errors import KnowledgeBaseError, NoVersionError
from kb.store import VersionStore
from kb.version import Version

RETRY_SECONDS = 30.0
"""How long a version that could not be opened is left alone: the fault may pass, and verifying it costs a pass over its files."""


class _Held:
    """An open version and its number of readers. The version is closed when it is retired and nobody reads it."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.readers = 0
        self.retired = False

    @property
    def finished(self) -> bool:
        return self.retired and self.readers == 0


class LiveVersion:
    """Keeps the current version of ``store`` open. Safe for several threads.

    A current version that cannot be opened is not served: the one before it stays, or at the start the newest ancestor
    that is sound takes its place, and ``problem`` says so in a sentence. ``clock`` gives seconds, for the tests.
    """

    def __init__(self, store: VersionStore, clock: Callable[[], float] = time.monotonic) -> None:
        self.problem: str | None = None
        self._store = store
        self._clock = clock
        self._held: _Held | None = None
        self._failure: KnowledgeBaseError | None = None
        self._tried: Path | None = None
        self._retry_at = -math.inf
        self._closed = False
        self._lock = Lock()  # guards _held and its readers; never kept while a disk is waited for
        self._refreshing = Lock()
        self.refresh()

    @property
    def id(self) -> str | None:
        """The id of the version that is served, or None while there is none."""
        with self._lock:
            return None if self._held is None else self._held.version.id

    @contextmanager
    def lease(self) -> Iterator[Version]:
        """The version to use for one whole request. It stays open until the block ends, whatever is published meanwhile.

        Raises NoVersionError while nothing was published, VersionDamagedError when nothing sound is left.
        """
        held = self._take()
        try:
            yield held.version
        finally:
            self._give_back(held)

    def refresh(self) -> bool:
        """Looks at CURRENT and swaps if it names another version, or another revision of the same; True if it swapped.

        Call it every second, off the request path. Reads one line and one folder when nothing changed. A second
        thread that calls it meanwhile gets False at once.
        """
        if not self._refreshing.acquire(blocking=False):
            return False
        try:
            return self._refresh()
        finally:
            self._refreshing.release()

    def close(self) -> None:
        """Ends the service: no more leases; the version is closed after its last reader."""
        with self._refreshing:
            self._closed = True
            self._swap(None)

    def _refresh(self) -> bool:
        if self._closed:
            return False
        try:
            current = self._store.current_id()
        except KnowledgeBaseError as error:
            return self._clock() >= self._retry_at and self._fail(None, error)
        if current is None:
            return self._nothing_published()
        folder = self._store.layout.folder(current) or self._store.layout.versions / current
        if folder == self._tried and (self.problem is None or self._clock() < self._retry_at):
            return False
        return self._switch(current, folder)

    def _switch(self, current: str, folder: Path) -> bool:
        self._tried = folder
        if folder == self._served_folder():  # rolled back to what is served
            self.problem = None
            return False
        try:
            version = self._open(current)
        except KnowledgeBaseError as error:
            return self._fail(current, error)
        self.problem = self._failure = None
        self._swap(_Held(version))
        return True

    def _fail(self, current: str | None, error: KnowledgeBaseError) -> bool:
        self._failure = error
        self._retry_at = self._clock() + RETRY_SECONDS
        swapped = self.id is None and self._fall_back(current)
        self.problem = f"{error} {_served(self.id)}"
        return swapped

    def _nothing_published(self) -> bool:
        self._tried = None
        if self.id is not None:
            self.problem = f"{self._store.layout.current} has disappeared. {_served(self.id)}"
        return False

    def _fall_back(self, current: str | None) -> bool:
        for ancestor in self._ancestors(current):
            try:
                self._swap(_Held(self._open(ancestor)))
            except KnowledgeBaseError:
                continue  # the problem that is reported is that of the current version
            return True
        return False

    def _ancestors(self, current: str | None) -> Iterator[str]:
        """The versions before ``current``, parent by parent; where a manifest is lost, the next lower number stands in for its parent."""
        version_id = current
        while (version_id := self._store.before(version_id)) is not None:
            yield version_id

    def _served_folder(self) -> Path | None:
        with self._lock:
            return None if self._held is None else self._held.version.path

    def _open(self, version_id: str) -> Version:
        version = self._store.open(version_id)
        try:
            version.warm()
        except BaseException:
            version.close()
            raise
        return version

    def _take(self) -> _Held:
        with self._lock:
            if self._held is not None:
                self._held.readers += 1
                return self._held
        if self._closed:
            raise KnowledgeBaseError("The service is shutting down.")
        if self._failure is not None:
            raise type(self._failure)(str(self._failure)) from self._failure
        data = self._store.data
        raise NoVersionError(f"There is no knowledge base in {data} yet. Make one with `citedesk ingest PATH --data {data}`.")

    def _give_back(self, held: _Held) -> None:
        with self._lock:
            held.readers -= 1
            finished = held.finished
        if finished:
            held.version.close()

    def _swap(self, new: _Held | None) -> None:
        with self._lock:
            old, self._held = self._held, new
            if old is not None:
                old.retired = True
            finished = old is not None and old.finished
        if old is not None and finished:
            old.version.close()


def _served(version_id: str | None) -> str:
    return "No version can be served." if version_id is None else f"Version {version_id} is served instead."
