"""Files of a source whose kind is not read: named and counted, so that nobody waits for what stands in them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

LINKED_FOLDER = "links to folders"
_NAMED = 1_000
"""Files that a report in JSON names. The record keeps the reports of many nights, and a web site's export holds more pictures than that."""


@dataclass(frozen=True, slots=True, order=True)
class SkippedFile:
    """A file that lies beside documents and is none. ``kind`` is its ending in lower case, or `LINKED_FOLDER`."""

    path: str
    kind: str

    @classmethod
    def at(cls, path: str) -> "SkippedFile":
        """The file at ``path``, of the kind that its ending tells."""
        return cls(path, PurePosixPath(path).suffix.lower())


@dataclass(frozen=True, slots=True)
class Skipped:
    """What one run passed over: the files by the name of their source. Hidden files and those of the system are never among them."""

    files: Mapping[str, Sequence[SkippedFile]]

    @property
    def kinds(self) -> dict[str, int]:
        """How many there are of each kind, the commonest first."""
        counted = Counter(file.kind for files in self.files.values() for file in files)
        return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Source and path of each."""
        return [(source, file.path) for source, files in self.files.items() for file in files]

    def to_json(self) -> dict[str, Any]:
        """Their number, the kinds, and the first thousand of them."""
        named = [{"source": source, "path": path} for source, path in self.rows[:_NAMED]]
        return {"count": len(self.rows), "kinds": self.kinds, "files": named}
