"""The backups that were made, so that `citedesk forget` can name those that still hold a document."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from kb.archive import open_archive, partial_of
from kb.entries import read_entries, write_entries
from kb.errors import KnowledgeBaseError

MADE_NAME = "backups.json"
_ADVICE = "Move the file away; the backups themselves are not touched by it."

Holds: TypeAlias = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup of version ``version`` that was written to ``path`` at ``when`` (ISO 8601 with offset)."""

    path: str
    version: str
    when: str
    who: str

    @property
    def present(self) -> bool:
        """Whether something is still there."""
        return Path(self.path).exists()

    @property
    def unfinished(self) -> bool:
        """Whether it was cut short, and what was written until then is still there."""
        return not self.present and partial_of(Path(self.path)).exists()

    @property
    def place(self) -> str:
        """Where it is, or what is left of one that was cut short."""
        return str(partial_of(Path(self.path))) if self.unfinished else self.path

    def holds(self, documents: frozenset[str]) -> Holds:
        """Whether the backup holds one of ``documents`` (ids); unknown where it was moved away, is damaged or was cut short."""
        try:
            with open_archive(Path(self.path)) as archive:
                return "yes" if documents & archive.contents.documents.keys() else "no"
        except KnowledgeBaseError:
            return "unknown"


def made_backups(data: Path) -> tuple[MadeBackup, ...]:
    """All backups made of the data folder, oldest first. Raises VersionDamagedError when the list cannot be read."""
    return read_entries(data / MADE_NAME, MadeBackup, _ADVICE)


@contextmanager
def noted_backup(data: Path, backup: MadeBackup) -> Iterator[None]:
    """Has ``backup`` in the list while and after the block makes it: a copy that a crash cuts short holds documents too.

    It is taken off again if the block fails and leaves nothing of it. For the holder of the writer's lock.
    """
    before = made_backups(data)
    write_entries(data / MADE_NAME, [*(one for one in before if one.path != backup.path), backup])
    try:
        yield
    except BaseException:
        if not (backup.present or backup.unfinished):
            write_entries(data / MADE_NAME, before)
        raise
