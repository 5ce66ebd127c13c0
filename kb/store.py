"""All versions of one data folder: which is current, opening them, and the one door to writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import KnowledgeBaseError, NoVersionError, VersionDamagedError, VersionNotFoundError
from kb.files import disk_errors, make_folder
from kb.hold import Hold, hold_in_effect
from kb.layout import VERSION_ID, Layout
from kb.lock import exclusive_lock
from kb.manifest import Manifest
from kb.objects import ObjectStore
from kb.store_writer import StoreWriter
from kb.version import Version, read_manifest


class VersionStore:
    """The versions in the data folder ``data``. Making one touches nothing; reading needs no write access."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.layout = Layout(data)
        self.objects = ObjectStore(self.layout.objects)

    def current_id(self) -> str | None:
        """The id of the current version, or None. Reads one line. Raises VersionDamagedError if the line names no version."""
        return self.layout.read_current()

    def open_current(self, verify: bool = True) -> Version:
        """Opens the current version. Raises NoVersionError, VersionDamagedError, VersionNotFoundError."""
        current = self.current_id()
        if current is None:
            raise NoVersionError(f"There is no knowledge base in {self.data} yet. Make one with `citedesk ingest PATH --data {self.data}`.")
        return self.open(current, verify)

    def open(self, version_id: str, verify: bool = True) -> Version:
        """Opens the version ``version_id``. Raises VersionNotFoundError, VersionDamagedError."""
        folder = self.folder(version_id)
        try:
            version = Version.open(folder, verify)
        except VersionDamagedError:
            if self.layout.folder(version_id) in (folder, None):
                raise
            return self.open(version_id, verify)  # a revision took its place meanwhile
        if version.id != version_id:
            version.close()
            raise VersionDamagedError(f"{version.path} holds version {version.id}: a folder was renamed or copied by hand.")
        return version

    def manifest(self, version_id: str) -> Manifest:
        """The manifest of ``version_id``. Raises VersionNotFoundError, VersionDamagedError."""
        folder = self.folder(version_id)
        with disk_errors(folder):
            return read_manifest(folder)

    def before(self, version_id: str | None) -> str | None:
        """The version before ``version_id``: its parent, or where its manifest is lost, the next lower number that is kept.

        For None the newest that is kept. The version that is returned need not be kept either.
        """
        try:
            if version_id is not None:
                return self.manifest(version_id).parent
        except KnowledgeBaseError:
            return next((other for other in self.version_ids() if int(other) < int(version_id or 0)), None)
        return next(iter(self.version_ids()), None)

    def hold(self) -> Hold | None:
        """The hold that keeps the current version current, if there is one. Raises VersionDamagedError when that cannot be read."""
        return hold_in_effect(self.layout)

    def version_ids(self) -> list[str]:
        """The ids of all versions that are kept, newest first, also of those that are damaged or never became current."""
        return self.layout.version_ids()

    def versions(self) -> list[Manifest]:
        """The manifests of all versions that are kept, newest first. One that cannot be read is left out: see `version_ids`."""
        manifests = []
        for version_id in self.version_ids():
            try:
                manifests.append(self.manifest(version_id))
            except (VersionDamagedError, VersionNotFoundError):
                continue  # a list of versions must work best when one is damaged
        return manifests

    @contextmanager
    def writer(self) -> Iterator[StoreWriter]:
        """Becomes the only writer for the block. What is staged and not published when it ends is removed.

        Raises StoreBusyError at once if there is a writer already, StorageFullError, StorageDeniedError.
        """
        with disk_errors(self.layout.root):
            make_folder(self.layout.root)
        with exclusive_lock(self.layout.lock):
            writer = StoreWriter(self.layout, self.objects)
            writer.prepare()
            try:
                yield writer
            finally:
                writer.sweep()

    def is_empty(self, version_id: str) -> bool:
        """Whether nothing is left of the version but its number: see `StoreWriter.empty_version`."""
        folder = self.folder(version_id)
        with disk_errors(folder):
            return not any(folder.iterdir())

    def folder(self, version_id: str) -> Path:
        """Where the version lies. Raises VersionNotFoundError."""
        folder = self.layout.folder(version_id) if VERSION_ID.fullmatch(version_id) else None
        if folder is None or not folder.is_dir():
            raise VersionNotFoundError(f"Version {version_id} is not kept in {self.data}. `citedesk versions` lists those that are.")
        return folder
