"""Files of a source that are not read, for their kind or by wish: named and counted, so that nobody waits for what stands in them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

LINKED_FOLDER = "links to folders"
BY_WISH = "by wish"
"""What a `_scope.yaml` says is to be skipped. Such files are named in every report, however many: nobody else remembers them."""
_NAMED = 1_000
"""Files that a report in JSON names. The record keeps the reports of many nights, and a web site's export holds more pictures than that."""


@dataclass(frozen=True, slots=True, order=True)
class SkippedFile:
    """A file that lies beside documents and is none. ``kind`` is its ending in lower case, or `LINKED_FOLDER`, or `BY_WISH`."""

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
        """How many there are of each kind that is not read, the commonest first."""
        counted = Counter(file.kind for _, file in self._all() if file.kind != BY_WISH)
        return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Source and path of each whose kind is not read."""
        return [(source, file.path) for source, file in self._all() if file.kind != BY_WISH]

    @property
    def by_wish(self) -> list[tuple[str, str]]:
        """Source and path of each that a `_scope.yaml` says is to be skipped."""
        return [(source, file.path) for source, file in self._all() if file.kind == BY_WISH]

    def to_json(self) -> dict[str, Any]:
        """Of those whose kind is not read their number, the kinds and the first thousand; all of those skipped by wish."""
        return {"count": len(self.rows), "kinds": self.kinds, "files": _named(self.rows[:_NAMED]), "by_wish": _named(self.by_wish)}

    def _all(self) -> Iterator[tuple[str, SkippedFile]]:
        return ((source, file) for source, files in self.files.items() for file in files)


def _named(rows: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"source": source, "path": path} for source, path in rows]
