"""Brings a backup back: into an empty data folder, or as the next version of one that is in use."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from ingest.forgetting import carry_ledger
from ingest.progress import ProgressListener, SilentProgress
from kb.archive import Archive, open_archive, verify_archive
from kb.errors import VersionDamagedError
from kb.files import disk_errors, fsync_tree, make_folder, write_file
from kb.forgetting import write_without
from kb.forgotten import read_forgotten
from kb.hold import Hold, add_hold
from kb.layout import VERSION_ID
from kb.manifest import MANIFEST_NAME
from kb.staged_version import StagedVersion
from kb.store import VersionStore
from kb.store_writer import StoreWriter
from kb.version import Version, read_manifest
from server.backup.make import FORGOTTEN, GOLDEN, OBJECTS, VERSION
from server.backup.state import restore_file, restore_state


@dataclass(frozen=True, slots=True)
class Restored:
    """Version ``version`` is what was ``backed_up`` once. ``before`` was current until then; then ``version`` is held.

    ``forgotten`` counts the documents that were left out because they were forgotten meanwhile, ``state`` tells whether keys and
    the like came back too.
    """

    version: str
    backed_up: str
    before: str | None
    forgotten: int
    state: bool


def restore(
    path: Path, store: VersionStore, who: str, why: str, progress: ProgressListener | None = None, state: SecretStr | None = None
) -> Restored:
    """Restores the backup at ``path`` into ``store``. All of it is read and verified before anything changes.

    ``state`` is the URL of the state database where it is not in the data folder; it must be empty to be restored.

    A data folder in use gets the backed-up version under a new number, held as after a rollback; its keys, golden questions and other
    versions stay. ``CURRENT`` moves last: a crash leaves the old state, and the same command does it again. Raises
    VersionDamagedError, StoreBusyError, StorageFullError, StorageDeniedError, StateUnavailableError.
    """
    path = path.absolute()
    listener = progress or SilentProgress()
    with open_archive(path) as archive, store.writer() as writer:
        listener.phase("restore", 2 * len(archive.contents.files))
        verify_archive(path, listener.advance)
        before = store.current_id()
        if before is None:
            _restore_lists(archive, store)
        staged = _stage(writer, store, archive)
        _copy_version(archive, staged, listener.advance)
        manifest = read_manifest(staged.path)
        reason = why or f"restored from the backup of version {manifest.id} of {archive.contents.created}"
        writer.seal_as(staged, replace(manifest, id=staged.id, parent=before, who=who, why=reason, forced=None))
        staged, forgotten = _leave_out_forgotten(writer, staged, store)
        _put_originals(archive, staged, store, listener.advance)
        brought = before is None and restore_state(archive, store, state)
        if before is not None:
            add_hold(store.layout, Hold(staged.id, who, reason, datetime.now(UTC).isoformat(timespec="seconds")))
        version = writer.publish(staged)
        listener.done()
        return Restored(version, archive.contents.version, before, forgotten, brought)


def _stage(writer: StoreWriter, store: VersionStore, archive: Archive) -> StagedVersion:
    """Links that shoppers hold name a version: in an empty data folder it keeps its number."""
    if store.version_ids():
        return writer.stage()
    identifier = archive.contents.version
    if not VERSION_ID.fullmatch(identifier):
        raise VersionDamagedError(f"{archive.path} names no version ({identifier!r}). Use another backup.")
    return StagedVersion(store.layout.staging / identifier, identifier, None)


def _put_originals(archive: Archive, staged: StagedVersion, store: VersionStore, advance: Callable[[int], None]) -> None:
    version = Version.open(staged.path, verify=False)
    try:
        needed = sorted(version.content_hashes())
    finally:
        version.close()
    for content_hash in needed:
        if store.objects.put(archive.read(f"{OBJECTS}/{content_hash}")) != content_hash:
            raise VersionDamagedError(f"An original in {archive.path} is not what its name says ({content_hash}). Use another backup.")
        advance(1)


def _copy_version(archive: Archive, staged: StagedVersion, advance: Callable[[int], None]) -> None:
    with disk_errors(staged.path):
        for name in archive.names(VERSION):
            make_folder((staged.path / name).parent)
            write_file(staged.path / name, archive.pieces(f"{VERSION}/{name}"))
            advance(1)
        fsync_tree(staged.path)
    if not (staged.path / MANIFEST_NAME).is_file():
        raise VersionDamagedError(f"{archive.path} holds no version. Use another backup.")


def _leave_out_forgotten(writer: StoreWriter, staged: StagedVersion, store: VersionStore) -> tuple[StagedVersion, int]:
    """What was forgotten after the backup was made does not come back with it."""
    version = Version.open(staged.path)
    try:
        entries = read_forgotten(store.layout)
        documents = version.all_documents() if entries else ()
        gone = frozenset(one.id for one in documents if any(entry.matches(one.id, one.content_hash) for entry in entries))
        if not gone:
            return staged, 0
        without = writer.stage()
        write_without(writer, without, version, gone, carry_ledger)
        return without, len(gone)
    finally:
        version.close()


def _restore_lists(archive: Archive, store: VersionStore) -> None:
    """Golden questions and the list of what was forgotten, where there are none yet."""
    if FORGOTTEN in archive.contents.files and not store.layout.forgotten.exists():
        restore_file(archive, FORGOTTEN, store, store.layout.forgotten)
    for name in archive.names(GOLDEN):
        target = store.data / GOLDEN / name
        if not target.exists():
            restore_file(archive, f"{GOLDEN}/{name}", store, target)
