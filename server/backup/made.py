"""The backups that were made, so that `citedesk forget` can name those that still hold a document."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from kb.archive import open_archive
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

    def holds(self, documents: frozenset[str]) -> Holds:
        """Whether the backup holds one of ``documents`` (ids); unknown where it was moved away or is damaged."""
        try:
            with open_archive(Path(self.path)) as archive:
                return "yes" if documents & archive.contents.documents.keys() else "no"
        except KnowledgeBaseError:
            return "unknown"


def made_backups(data: Path) -> tuple[MadeBackup, ...]:
    """All backups made of the data folder, oldest first. Raises VersionDamagedError when the list cannot be read."""
    return read_entries(data / MADE_NAME, MadeBackup, _ADVICE)


def note_backup(data: Path, backup: MadeBackup) -> None:
    """Adds a backup to the list. For the holder of the writer's lock."""
    others = [one for one in made_backups(data) if one.path != backup.path]
    write_entries(data / MADE_NAME, [*others, backup])
