"""Makes a backup: one version with its originals, the state database, the shop's golden questions, what was forgotten."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from ingest.progress import ProgressListener, SilentProgress
from kb.archive import ArchiveContents, write_archive
from kb.errors import ConfigurationError
from kb.manifest import MANIFEST_NAME
from kb.store import VersionStore
from kb.version import Version
from server.backup.made import MadeBackup, noted_backup
from server.backup.state import STATE, copy_of_state

VERSION, OBJECTS, GOLDEN, FORGOTTEN = "version", "objects", "golden", "FORGOTTEN"
"""The names within a backup, beside ``STATE``."""


def make_backup(
    store: VersionStore,
    target: Path,
    version_id: str | None,
    who: str,
    progress: ProgressListener | None = None,
    state: SecretStr | None = None,
) -> ArchiveContents:
    """Copies a version (the current one if None is named) to ``target``: a folder, or a file ending in ``.tar``.

    ``state`` is the URL of the state database where it is not in the data folder; the backup holds it as a file of SQLite all the same.

    Holds the writer's lock: nothing is published, removed or forgotten meanwhile. Raises ConfigurationError if ``target`` is there
    already, NoVersionError, VersionNotFoundError, VersionDamagedError, StoreBusyError, StorageFullError, StorageDeniedError,
    StateUnavailableError.
    """
    target = target.absolute()
    if target.exists():
        raise ConfigurationError(f"{target} exists already. A backup is never written over: name another file or folder.")
    if target.is_relative_to(store.data.absolute()):
        raise ConfigurationError(f"{target} lies in the data folder itself. Write the backup somewhere else, best onto another disk.")
    store.open_current(verify=False).close()
    with store.writer():
        version = store.open_current() if version_id is None else store.open(version_id)
        try:
            sources = _version_files(version) | _originals(store, version) | _rest(store, state)
            documents = {document.id: document.content_hash for document in version.all_documents()}
            created = datetime.now(UTC).isoformat(timespec="seconds")
            listener = progress or SilentProgress()
            listener.phase("backup", 2 * len(sources))
            with noted_backup(store.data, MadeBackup(str(target), version.id, created, who)):
                contents = write_archive(target, sources, ArchiveContents(version.id, created, documents), listener.advance)
            listener.done()
        finally:
            version.close()
    return contents


def _version_files(version: Version) -> dict[str, Path]:
    return {f"{VERSION}/{name}": version.path / name for name in (*version.manifest.files, MANIFEST_NAME)}


def _originals(store: VersionStore, version: Version) -> dict[str, Path]:
    hashes = sorted(version.content_hashes())
    for content_hash in hashes:
        store.objects.read(content_hash)  # what is damaged or missing is told now, not when it is needed
    return {f"{OBJECTS}/{content_hash}": store.objects.path(content_hash) for content_hash in hashes}


def _rest(store: VersionStore, state: SecretStr | None) -> dict[str, Path]:
    golden = store.data / GOLDEN
    found = {f"{GOLDEN}/{path.relative_to(golden).as_posix()}": path for path in sorted(golden.rglob("*")) if path.is_file()}
    if store.layout.forgotten.is_file():
        found[FORGOTTEN] = store.layout.forgotten
    copied = copy_of_state(store, state)
    return found if copied is None else found | {STATE: copied}
