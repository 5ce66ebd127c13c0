"""Where things lie in a data folder, and how its one pointer is read."""

import re
from dataclasses import dataclass
from pathlib import Path

from kb.errors import VersionDamagedError
from kb.files import disk_errors

VERSION_ID = re.compile(r"\d{6,}")


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
            raise VersionDamagedError(f"{self.current} does not name a version. Choose one with `citedesk rollback`.")
        return text

    def version_ids(self) -> list[str]:
        """The ids of all version folders, newest first, current or not, sound or not."""
        try:
            with disk_errors(self.versions):
                names = [entry.name for entry in self.versions.iterdir()]
        except FileNotFoundError:
            return []
        return sorted((name for name in names if VERSION_ID.fullmatch(name)), key=int, reverse=True)


def version_id(number: int) -> str:
    """The id of version ``number``: at least six digits."""
    return f"{number:06d}"
