"""The one writer of a data folder: stages versions, seals them with a manifest, and publishes them in one atomic step."""

from collections.abc import Sequence
from dataclasses import replace as with_changes
from datetime import UTC, datetime
from pathlib import Path

from kb.errors import KnowledgeBaseError
from kb.files import disk_errors, fsync_directory, make_folder, remove, replace, write_atomic, write_file
from kb.hold import drop_stale_holds
from kb.index_type import index_type_for
from kb.layout import Layout, version_id
from kb.manifest import MANIFEST_NAME, Manifest, ManifestFields
from kb.objects import ObjectStore
from kb.staged_version import StagedVersion
from kb.version import Version, read_manifest


class StoreWriter:
    """What the holder of the lock may do. Get it from `VersionStore.writer`.

    Numbers go up and are never used twice: a writer numbers past the highest folder there is and past CURRENT. A version
    whose writer died after its folder was renamed and before CURRENT was replaced is complete but never became current;
    its folder is left standing, so that it keeps its number. For the same reason whoever removes old versions must leave
    the one with the highest number.
    """

    def __init__(self, layout: Layout, objects: ObjectStore) -> None:
        self._layout = layout
        self._objects = objects
        self._next_number: int | None = None

    def prepare(self) -> None:
        """Makes the folders that are missing and sweeps what a killed writer left. Raises StorageFullError, StorageDeniedError."""
        with disk_errors(self._layout.root):
            for folder in (self._layout.versions, self._layout.staging, self._layout.objects):
                make_folder(folder)
            self.sweep()

    def sweep(self) -> None:
        """Removes everything that is being built, revisions that were replaced, and holds that are no longer in effect."""
        with disk_errors(self._layout.staging):
            for entry in self._layout.staging.iterdir():
                remove(entry)
            for unfinished in self._layout.root.glob(".*.tmp"):  # what a killed `write_atomic` was to put in place
                remove(unfinished)
            self._objects.sweep()
            for identifier in self._layout.version_ids():
                self._remove_folders(self._layout.folders(identifier)[:-1])
            drop_stale_holds(self._layout)

    def stage(self) -> StagedVersion:
        """A new version to be written, following the current one."""
        parent = self._layout.read_current()
        number = self._take_number(parent)
        return StagedVersion(self._layout.staging / version_id(number), version_id(number), parent)

    def seal(self, staged: StagedVersion, fields: ManifestFields) -> Path:
        """Writes the manifest of ``staged`` and returns the folder, which `Version.open` now opens.

        A version that does not open and give its indexes is not sealed. Sealing again, with the gate's result in ``fields``,
        only replaces the manifest. Raises VersionDamagedError, StorageFullError, StorageDeniedError.
        """
        sealed = staged.path / MANIFEST_NAME
        if sealed.exists():
            manifest = with_changes(
                read_manifest(staged.path),
                encoder_id=fields.encoder_id,
                chunker=fields.chunker,
                gate=fields.gate,
                who=fields.who,
                why=fields.why,
                forced=fields.forced,
            )
            write_atomic(sealed, manifest.to_json().encode())
            return staged.path
        return self.seal_as(staged, _new_manifest(staged, fields))

    def seal_as(self, staged: StagedVersion, manifest: Manifest) -> Path:
        """Seals ``staged`` with a ready ``manifest``, as `seal` does: for what is copied from another version."""
        write_atomic(staged.path / MANIFEST_NAME, manifest.to_json().encode())
        _try_out(staged.path)
        return staged.path

    def publish(self, staged: StagedVersion) -> str:
        """Makes the sealed version current and returns its id. After a crash at any instruction the old one is, or the new one.

        Raises KnowledgeBaseError if it was not sealed, StorageFullError, StorageDeniedError.
        """
        if not (staged.path / MANIFEST_NAME).is_file():
            raise KnowledgeBaseError(f"The staged version {staged.id} was not sealed and cannot be published.")
        with disk_errors(self._layout.root):
            # The new pointer is written first: a disk that is full is noticed before anything has moved.
            pointer = self._write_pointer(staged.id)
            replace(staged.path, self._layout.versions / staged.id)
            replace(pointer, self._layout.current)
        return staged.id

    def point_to(self, identifier: str) -> None:
        """Makes a version current that is kept already, in one step. The caller has opened and verified it."""
        with disk_errors(self._layout.root):
            replace(self._write_pointer(identifier), self._layout.current)

    def stage_revision(self, manifest: Manifest) -> StagedVersion:
        """The version of ``manifest`` to be written anew, under its own id: see `replace_version`."""
        folder = self._layout.next_revision(manifest.id)
        return StagedVersion(self._layout.staging / folder.name, manifest.id, manifest.parent)

    def replace_version(self, staged: StagedVersion) -> None:
        """Puts a sealed revision in the place of its version. After a crash at any instruction the old one is there, or the new one.

        Whoever has the old one open reads on from it; a server opens the new one within a second.
        """
        with disk_errors(self._layout.versions):
            replace(staged.path, self._layout.versions / staged.path.name)
            self._remove_folders(self._layout.folders(staged.id)[:-1])

    def empty_version(self, identifier: str) -> None:
        """Removes all that the version holds and leaves an empty folder, so that its number is not used again."""
        folder = self._layout.next_revision(identifier)
        with disk_errors(self._layout.versions):
            make_folder(folder)
            self._remove_folders(self._layout.folders(identifier)[:-1])

    def remove_version(self, identifier: str) -> None:
        """Removes a version that is not current. It is gone from the list in one step, however long the rest takes."""
        if identifier == self._layout.read_current():
            raise KnowledgeBaseError(f"Version {identifier} is current and cannot be removed. Publish or roll back to another first.")
        with disk_errors(self._layout.versions):
            self._remove_folders(self._layout.folders(identifier))

    def _write_pointer(self, identifier: str) -> Path:
        pointer = self._layout.staging / "CURRENT"
        write_file(pointer, (f"{identifier}\n".encode(),))
        fsync_directory(self._layout.staging)
        return pointer

    def _remove_folders(self, folders: Sequence[Path]) -> None:
        for folder in folders:  # the lowest revision first: none that was replaced may become the highest again
            rubbish = self._layout.staging / f"removed-{folder.name}"
            replace(folder, rubbish)
            remove(rubbish)

    def discard(self, staged: StagedVersion) -> None:
        """Removes the staged version; its number is not used again by this writer."""
        with disk_errors(staged.path):
            remove(staged.path)

    def _take_number(self, current: str | None) -> int:
        if self._next_number is None:
            taken = [int(name) for name in self._layout.version_ids()] + ([] if current is None else [int(current)])
            self._next_number = max(taken, default=0) + 1
        number = self._next_number
        self._next_number += 1
        return number


def _new_manifest(staged: StagedVersion, fields: ManifestFields) -> Manifest:
    contents = staged.contents
    return Manifest(
        id=staged.id,
        parent=staged.parent,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        sources=contents.sources,
        counts=contents.counts,
        encoder_id=fields.encoder_id,
        dimension=contents.dimension,
        normalised=True,
        chunker=fields.chunker,
        index_type=index_type_for(contents.counts["passages"]),
        gate=fields.gate,
        who=fields.who,
        why=fields.why,
        files=staged.digests(),
        forced=fields.forced,
    )


def _try_out(folder: Path) -> None:
    version = Version.open(folder, verify=False)  # the digests were taken from what is on the disk a moment ago
    try:
        version.warm()
    finally:
        version.close()
