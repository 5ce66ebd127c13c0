"""The originals, each kept under the SHA-256 of its content, so that a citation can show the page itself."""

import hashlib
import os
import re
import threading
from collections.abc import Set as AbstractSet
from pathlib import Path

from kb.errors import VersionDamagedError
from kb.files import disk_errors, make_folder, remove, replace, write_file

CONTENT_HASH = re.compile("[0-9a-f]{64}")


class ObjectStore:
    """Files under ``root`` by content hash: ``root/ab/cdef…``. What is being written stands in ``root/tmp``.

    `put`, `retain` and `sweep` are for the holder of the writer's lock; reading is for everybody.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._temporary = root / "tmp"

    def path(self, content_hash: str) -> Path:
        """Where the original with ``content_hash`` is kept, whether or not it is there. ValueError if it is no SHA-256."""
        if not CONTENT_HASH.fullmatch(content_hash):
            raise ValueError(f"not a SHA-256 in lower-case hexadecimal: {content_hash!r}")
        return self.root / content_hash[:2] / content_hash[2:]

    def put(self, data: bytes) -> str:
        """Keeps ``data`` and returns its hash. Twice the same data is one file; a file cut short is mended."""
        content_hash = hashlib.sha256(data).hexdigest()
        target = self.path(content_hash)
        with disk_errors(target, len(data)):
            if not (target.is_file() and target.stat().st_size == len(data)):
                self._write(target, data)
        return content_hash

    def read(self, content_hash: str) -> bytes:
        """The original with ``content_hash``. Raises VersionDamagedError if it is missing or no longer what it was."""
        path = self.path(content_hash)
        with disk_errors(path):
            try:
                data = path.read_bytes()
            except FileNotFoundError as error:
                raise VersionDamagedError(f"The original {path} is missing. Run `citedesk ingest` again to restore it.") from error
        if hashlib.sha256(data).hexdigest() != content_hash:
            raise VersionDamagedError(f"The original {path} is damaged. Remove it and run `citedesk ingest` again to restore it.")
        return data

    def has(self, content_hash: str) -> bool:
        """Whether the original is there at all; `read` tells whether it is sound."""
        return self.path(content_hash).is_file()

    def retain(self, used: AbstractSet[str]) -> int:
        """Removes all originals but those whose content hash is in ``used``; returns how many.

        Each goes in one step. One that comes back after a power cut is removed next time.
        """
        removed = 0
        with disk_errors(self.root):
            for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/*")):
                content_hash = path.parent.name + path.name
                if CONTENT_HASH.fullmatch(content_hash) and content_hash not in used:
                    remove(path)
                    removed += 1
        return removed

    def sweep(self) -> None:
        """Removes what a killed writer left half written."""
        remove(self._temporary)

    def _write(self, target: Path, data: bytes) -> None:
        make_folder(self._temporary)
        make_folder(target.parent)
        temporary = self._temporary / f"{target.parent.name}{target.name}.{os.getpid()}-{threading.get_ident()}"
        write_file(temporary, (data,))
        replace(temporary, target)
