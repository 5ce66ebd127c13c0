"""Small lists on disk, such as the holds: one JSON file each, read and replaced as a whole."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kb.errors import VersionDamagedError
from kb.files import disk_errors, fsync_directory, make_folder, remove, write_atomic

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Entry = TypeVar("Entry", bound=DataclassInstance)
else:
    Entry = TypeVar("Entry")


def read_entries(path: Path, kind: type[Entry], advice: str) -> tuple[Entry, ...]:
    """The entries in ``path``, dataclasses of plain JSON values; none if there is no file.

    Raises VersionDamagedError, ending in ``advice``, when the file is no such list: it is never taken for an empty one.
    """
    try:
        with disk_errors(path):
            values: Any = json.loads(path.read_bytes())
        return tuple(kind(**value) for value in values)
    except FileNotFoundError:
        return ()
    except (ValueError, TypeError) as error:
        raise VersionDamagedError(f"{path} cannot be read ({error}). {advice}") from error


def write_entries(path: Path, entries: "Sequence[DataclassInstance]") -> None:
    """Replaces the list in ``path``; an empty one is no file. After a crash it is the old list or the new one."""
    with disk_errors(path):
        if entries:
            make_folder(path.parent)
            text = json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, indent=2)
            write_atomic(path, f"{text}\n".encode())
        elif path.exists():
            remove(path)
            fsync_directory(path.parent)
