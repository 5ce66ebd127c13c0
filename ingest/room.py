"""Whether the disk has room for the next version, asked before anything is written."""

from collections.abc import Sequence
from contextlib import suppress

from ingest.plan import SourcePlan
from kb.errors import StorageFullError
from kb.files import free_bytes, full_message
from kb.store import VersionStore
from kb.version import Version

MARGIN = 1.2
"""A version grows a little from night to night, and a disk cannot be filled to its last byte."""


def needed_bytes(live: Version | None, plans: Sequence[SourcePlan]) -> int:
    """About how many bytes a run writes: a version of the size of ``live``, and the originals that are new or changed."""
    version = 0 if live is None else sum(file.size for file in live.manifest.files.values())
    originals = 0
    for planned in (file for plan in plans for file in plan.files):
        with suppress(OSError):  # gone since the plan was made: reading it says so
            originals += planned.file.stat().st_size
    return int(MARGIN * (version + originals))


def check_room(store: VersionStore, live: Version | None, plans: Sequence[SourcePlan]) -> None:
    """Raises StorageFullError, with what is needed, free and missing, unless the data folder's disk has room for the run.

    A run that has nothing to read needs none, or less than can be told before.
    """
    if not any(plan.files for plan in plans):
        return
    needed = needed_bytes(live, plans)
    if free_bytes(store.layout.root) < needed:
        raise StorageFullError(full_message(store.layout.root, needed))
