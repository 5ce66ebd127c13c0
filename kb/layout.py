"""Where things lie in a data folder, and how its one pointer is read.

A version lies in ``versions/000042``. When documents were forgotten, what is left of it lies in ``versions/000042.1``, then
``.2``: the highest revision is the version, and a lower one beside it is what a killed writer had no time to remove.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from kb.errors import VersionDamagedError
from kb.files import disk_errors

VERSION_ID = re.compile(r"\d{6,}")
_FOLDER = re.compile(r"(\d{6,})(?:\.([1-9]\d*))?")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one data folder. Nothing is made or opened by naming it."""

    data: Path

    @property
    def root(self) -> Path:
        """The folder of the knowledge base."""
        return self.data / "kb"

    @property
    def current(self) -> Path:
        """The file that names the current version in its one line."""
        return self.root / "CURRENT"

    @property
    def versions(self) -> Path:
        """The folder of published versions."""
        return self.root / "versions"

    @property
    def staging(self) -> Path:
        """The folder of builds in progress; all in it is rubbish once its writer is gone."""
        return self.root / "staging"

    @property
    def lock(self) -> Path:
        """The file whose lock makes a process the only writer."""
        return self.root / "LOCK"

    @property
    def hold(self) -> Path:
        """The file that keeps the next ingest from publishing over a rollback."""
        return self.root / "HOLD"

    @property
    def forgotten(self) -> Path:
        """The file that lists, as hashes, the documents that may not come back."""
        return self.root / "FORGOTTEN"

    @property
    def objects(self) -> Path:
        """The folder of originals."""
        return self.data / "objects"

    def read_current(self) -> str | None:
        """The id in CURRENT, or None if nothing was published. Raises VersionDamagedError if it is not an id."""
        try:
            with disk_errors(self.current):
                line = self.current.read_bytes().strip()
        except FileNotFoundError:
            return None
        text = line.decode("ascii", errors="replace")
        if not VERSION_ID.fullmatch(text):
            raise VersionDamagedError(f"{self.current} does not name a version. Choose one with `citedesk rollback N`.")
        return text

    def version_ids(self) -> list[str]:
        """The ids of all version folders, newest first, current or not, sound or not."""
        return sorted({version_id for version_id, _, _ in self._folders()}, key=int, reverse=True)

    def folder(self, version_id: str) -> Path | None:
        """The folder of the version ``version_id``, which is its highest revision, or None if it is not kept."""
        folders = self.folders(version_id)
        return folders[-1] if folders else None

    def folders(self, version_id: str) -> list[Path]:
        """All revisions of one version, the highest last."""
        return [path for identifier, _, path in sorted(self._folders()) if identifier == version_id]

    def next_revision(self, version_id: str) -> Path:
        """Where the next revision of ``version_id`` will lie."""
        revisions = [revision for identifier, revision, _ in self._folders() if identifier == version_id]
        return self.versions / f"{version_id}.{max(revisions, default=0) + 1}"

    def _folders(self) -> list[tuple[str, int, Path]]:
        """Id, revision and path of every version folder."""
        try:
            with disk_errors(self.versions):
                paths = list(self.versions.iterdir())
        except FileNotFoundError:
            return []
        matches = [(_FOLDER.fullmatch(path.name), path) for path in paths]
        return [(match[1], int(match[2] or 0), path) for match, path in matches if match]


def version_id(number: int) -> str:
    """The id of version ``number``: at least six digits."""
    return f"{number:06d}"
