"""Versions other than the live one, opened for links that were made while they were live."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from kb.errors import NoVersionError, VersionDamagedError, VersionNotFoundError
from kb.live import LiveVersion
from kb.store import VersionStore
from kb.version import Version
from server.errors import OriginalGoneError

_KEPT_OPEN = 2


class Shelf:
    """The live version, or a few older ones, by id. Safe for several threads."""

    def __init__(self, live: LiveVersion, store: VersionStore) -> None:
        self._live = live
        self._store = store
        self._opened: OrderedDict[str, Version] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def version(self, identifier: str) -> Iterator[Version]:
        """The version called ``identifier``, held while in use. Raises OriginalGoneError when it is no longer kept."""
        try:
            with self._live.lease() as live:
                if live.id == identifier:
                    yield live
                    return
        except NoVersionError as error:
            raise OriginalGoneError("Nothing has been published here, so there is nothing to show.") from error
        with self._lock:  # held during use: an old version is rare, and must not be closed under its reader
            yield self._older(identifier)

    def tidy(self) -> None:
        """Close the older versions that were removed or written anew meanwhile, so that nothing of them stays on the disk."""
        with self._lock:
            for identifier, version in list(self._opened.items()):
                if self._store.layout.folder(identifier) != version.path:
                    del self._opened[identifier]
                    version.close()

    def close(self) -> None:
        """Close the older versions."""
        with self._lock:
            for version in self._opened.values():
                version.close()
            self._opened.clear()

    def _older(self, identifier: str) -> Version:
        found = self._opened.get(identifier)
        if found is None:
            found = self._open(identifier)
            self._opened[identifier] = found
        self._opened.move_to_end(identifier)
        while len(self._opened) > _KEPT_OPEN:
            self._opened.popitem(last=False)[1].close()
        return found

    def _open(self, identifier: str) -> Version:
        try:
            return self._store.open(identifier)
        except (VersionNotFoundError, VersionDamagedError) as error:
            message = "The version of the knowledge base that this link points into is no longer kept. Ask the question again."
            raise OriginalGoneError(message) from error
