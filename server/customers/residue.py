"""What files still hold after a deletion: the database's own, those beside it, and backups."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kb.archive import open_archive
from kb.database import database_errors
from kb.errors import KnowledgeBaseError
from kb.files import READ_SIZE, disk_errors
from server.backup.made import Holds, MadeBackup, made_backups
from server.backup.make import GOLDEN
from server.backup.state import STATE

_BESIDE = (GOLDEN, "runs")


@dataclass(frozen=True, slots=True)
class SearchedFile:
    """A file of ``size`` bytes, in which ``found`` of the patterns occur."""

    path: str
    size: int
    found: int


def overwrite_deleted(file: Path) -> None:
    """Write the SQLite database ``file`` anew without what deleted rows left. Raises KnowledgeBaseError when it is in use too long."""
    with database_errors(file), closing(sqlite3.connect(file, timeout=10, isolation_level=None)) as connection:
        connection.execute("VACUUM")


def search_files(data: Path, database: Path | None, patterns: Sequence[bytes]) -> list[SearchedFile]:
    """Looks for ``patterns`` in all bytes of the file ``database`` and its journal, the golden questions and what runs said."""
    files = [] if database is None else [path for path in sorted(database.parent.glob(f"{database.name}*")) if path.is_file()]
    files += [path for folder in _BESIDE for path in sorted((data / folder).rglob("*")) if path.is_file()]
    return [_searched(path, data, patterns) for path in files]


def _searched(path: Path, data: Path, patterns: Sequence[bytes]) -> SearchedFile:
    name = path.relative_to(data).as_posix() if path.is_relative_to(data) else path.name
    with disk_errors(path), path.open("rb") as file:
        found = count_found(iter(lambda: file.read(READ_SIZE), b""), patterns)
        return SearchedFile(name, file.tell(), found)


def count_found(pieces: Iterable[bytes | memoryview], patterns: Sequence[bytes]) -> int:
    """How many of ``patterns`` (in lower case) occur in the bytes that come in ``pieces``, across their borders too, whatever the case."""
    overlap = max(map(len, patterns), default=1) - 1
    missing, end = set(patterns), b""
    for piece in pieces:
        window = end + bytes(piece).lower()
        missing -= {pattern for pattern in missing if pattern in window}
        end = window[-overlap:] if overlap else b""
    return len(patterns) - len(missing)


def backups_holding(data: Path, patterns: Sequence[bytes]) -> Iterator[tuple[MadeBackup, Holds]]:
    """The backups that were made, and whether their copy of the state holds one of ``patterns``."""
    for made in made_backups(data):
        yield made, _holds(Path(made.path), patterns)


def _holds(path: Path, patterns: Sequence[bytes]) -> Holds:
    try:
        with open_archive(path) as archive:
            if STATE not in archive.contents.files:
                return "no"
            return "yes" if count_found(archive.pieces(STATE), patterns) else "no"
    except KnowledgeBaseError:
        return "unknown"
