"""Going back to an older version, and staying there."""

from dataclasses import dataclass
from datetime import UTC, datetime

from kb.errors import VersionDamagedError, VersionNotFoundError
from kb.files import disk_errors
from kb.hold import Hold, add_hold
from kb.store import VersionStore
from kb.store_writer import StoreWriter


@dataclass(frozen=True, slots=True)
class Rollback:
    """What was current before (None if CURRENT named no version), and the hold on what is current now."""

    before: str | None
    hold: Hold


def default_target(store: VersionStore) -> str:
    """The version to go back to when none is named: the one before the current one. Raises VersionNotFoundError, VersionDamagedError."""
    current = store.current_id()
    before = None if current is None else store.before(current)
    if before is None:
        what = "No version is current" if current is None else f"There is no version before {current}"
        raise VersionNotFoundError(f"{what} in {store.data}. `citedesk versions` lists all.")
    return before


def roll_back(store: VersionStore, writer: StoreWriter, target: str, who: str, why: str) -> Rollback:
    """Makes ``target`` current and holds it, once it has been opened and verified. ``writer`` is that of ``store``.

    The hold is written first and counts from the step that moves CURRENT: a crash leaves neither or both.
    Raises VersionNotFoundError, VersionDamagedError, StorageFullError, StorageDeniedError; then all is as it was.
    """
    verify(store, target)
    before = current_or_none(store)
    hold = Hold(target, who, why, datetime.now(UTC).isoformat(timespec="seconds"))
    with disk_errors(store.layout.root):
        add_hold(store.layout, hold)
        if before != target:
            writer.point_to(target)
    return Rollback(before, hold)


def verify(store: VersionStore, version_id: str) -> None:
    """Opens the version with all its indexes. Raises VersionNotFoundError, VersionDamagedError."""
    version = store.open(version_id)
    try:
        version.warm()
    finally:
        version.close()


def current_or_none(store: VersionStore) -> str | None:
    """The id of the current version; None also where CURRENT names none, which is what a rollback mends."""
    try:
        return store.current_id()
    except VersionDamagedError:
        return None
