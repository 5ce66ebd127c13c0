"""Which versions are kept, and the removal of the others and of the originals that only they used."""

from dataclasses import dataclass

from kb.database import RECORD_NAME
from kb.errors import KnowledgeBaseError
from kb.record import Record
from kb.store import VersionStore
from kb.store_writer import StoreWriter


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed: the ids of versions, newest first, and the number of originals.

    ``problem`` says why no original could be removed, where that is so.
    """

    versions: tuple[str, ...] = ()
    objects: int = 0
    problem: str | None = None


def kept_versions(store: VersionStore, keep: int) -> frozenset[str]:
    """The ids of the versions that stay when the newest ``keep`` are to be kept.

    The current one (which a hold holds), the one before it, to which a server falls back, and the one with the highest number stay
    in any case; all stay while none is current. Raises VersionDamagedError when CURRENT names no version.
    """
    ids = store.version_ids()
    current = store.current_id()
    if current is None:
        return frozenset(ids)
    older = [one for one in ids if int(one) < int(current)]
    fallback = store.before(current)
    if fallback not in ids:
        fallback = next(iter(older), None)
    return frozenset(one for one in (*ids[: max(keep, 1)], current, fallback) if one is not None)


def prune(store: VersionStore, writer: StoreWriter, keep: int) -> Pruned:
    """Removes all versions but those of `kept_versions`, then the originals that none of these uses.

    A reader that has one open reads on: its files vanish with its last reader. Raises KnowledgeBaseError when the disk does not let it.
    """
    kept = kept_versions(store, keep)
    removed = tuple(one for one in store.version_ids() if one not in kept)
    for version_id in reversed(removed):
        writer.remove_version(version_id)
    return Pruned(removed, *remove_unused_originals(store)) if removed else Pruned()


def remove_unused_originals(store: VersionStore) -> tuple[int, str | None]:
    """Removes the originals that no kept version uses: how many, and why none could be. For the holder of the writer's lock."""
    try:
        used = used_originals(store)
    except KnowledgeBaseError as error:
        return 0, f"No original was removed, for it cannot be told which ones a damaged version uses. {error}"
    return store.objects.retain(used), None


def used_originals(store: VersionStore) -> frozenset[str]:
    """The content hashes of the documents of all kept versions. Raises KnowledgeBaseError if one cannot be read."""
    used: set[str] = set()
    for version_id in store.version_ids():
        if store.is_empty(version_id):
            continue
        record = Record(store.folder(version_id) / RECORD_NAME)
        try:
            used |= record.content_hashes()
        finally:
            record.close()
    return frozenset(used)
