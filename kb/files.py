"""Every byte that the knowledge base writes goes through here, and so does every translation of a disk's errors.

A write counts only when it is on the disk and reads back as it was meant: short writes are continued, the file is
fsynced, dropped from the page cache where the system allows it, and compared by size and SHA-256 with what was to be
written. A full disk can report success to a writer that looks at less than that. Tests put faults into this module's ``os``.
"""

import errno
import hashlib
import os
import shutil
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from kb.errors import KnowledgeBaseError, StorageDeniedError, StorageFullError

Bytes: TypeAlias = "bytes | memoryview"

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
READ_SIZE = 1 << 20


@dataclass(frozen=True, slots=True)
class FileDigest:
    """What identifies a file's content: SHA-256 in hexadecimal, and size in bytes."""

    sha256: str
    size: int


@contextmanager
def disk_errors(path: Path, needed: int | None = None) -> Iterator[None]:
    """Translates the errors of a disk into sentences. ``needed``: about how many bytes were to be written at ``path``.

    Raises StorageFullError when there is no room, StorageDeniedError when the process may not, KnowledgeBaseError when the
    disk itself fails. Other errors pass.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageFullError(full_message(path, needed)) from error
        if error.errno in DENIED:
            raise StorageDeniedError(denied_message(path, error)) from error
        if error.errno == errno.EIO:
            raise KnowledgeBaseError(f"The disk failed while {path} was read or written ({error.strerror}). Check the disk.") from error
        raise


def full_message(path: Path, needed: int | None = None) -> str:
    """The sentence for a full disk: what is free and, as far as they are known, what is needed and what is missing."""
    free = free_bytes(path)
    room = f"{human_size(free)} are free."
    if needed is not None:
        missing = f": {human_size(needed - free)} are missing." if needed > free else "."
        room = f"About {human_size(needed)} are needed, {human_size(free)} are free{missing}"
    return f"No space left to write {path}. {room} Free some space and run the command again; nothing else has to be cleaned up."


def denied_message(path: Path, error: OSError) -> str:
    """The sentence for a file that this process may not read or write."""
    where = error.filename or path
    return f"{where} cannot be read or written ({error.strerror}). Check the owner and permissions of the data folder."


def free_bytes(path: Path) -> int:
    """The bytes that this process may still write on the file system of ``path`` (or of its nearest existing parent)."""
    existing = next((folder for folder in (path, *path.parents) if folder.exists()), Path("/"))
    return shutil.disk_usage(existing).free


def human_size(size: int) -> str:
    """A size for reading: ``1.5 MB``."""
    if size < 1000:
        return f"{size} bytes"
    units = ("kB", "MB", "GB", "TB")
    power = min((len(str(size)) - 1) // 3, len(units))
    return f"{size / 1000**power:.1f} {units[power - 1]}"


def digest_file(path: Path) -> FileDigest:
    """The digest of the file at ``path``, read in pieces."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb", buffering=0) as file:
        while piece := file.read(READ_SIZE):
            digest.update(piece)
            size += len(piece)
    return FileDigest(digest.hexdigest(), size)


def sha256_file(path: Path) -> str:
    """The SHA-256 (hexadecimal) of the file at ``path``."""
    return digest_file(path).sha256


def write_file(path: Path, chunks: Iterable[Bytes]) -> FileDigest:
    """Writes ``chunks`` as the file ``path``, fsynced and read back. The folder's entry is not fsynced: see `fsync_directory`.

    Raises OSError as the system does, and KnowledgeBaseError when the file reads back differently.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        written = _write_chunks(descriptor, chunks)
        os.fsync(descriptor)
        _drop_from_cache(descriptor)
    finally:
        os.close(descriptor)
    _check_read_back(path, written)
    return written


def write_atomic(path: Path, data: bytes) -> None:
    """Replaces the file ``path`` by ``data``: after a crash at any instruction it is the old file or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    with disk_errors(path, len(data)):
        try:
            write_file(temporary, (data,))
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):  # the first error is the one to report
                os.unlink(temporary)
            raise
        fsync_directory(path.parent)


def replace(source: Path, target: Path) -> None:
    """Renames ``source`` to ``target``, over it if it exists, and makes the rename durable."""
    os.replace(source, target)
    fsync_directory(target.parent)
    if source.parent != target.parent:
        fsync_directory(source.parent)


def fsync_file(path: Path) -> None:
    """Forces the content of the file ``path`` onto the disk."""
    _fsync_path(path, os.O_RDONLY | os.O_CLOEXEC)


def fsync_directory(path: Path) -> None:
    """Forces the entries of the folder ``path`` onto the disk."""
    _fsync_path(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def fsync_tree(folder: Path) -> None:
    """Forces ``folder`` with all files and folders in it onto the disk, the innermost first."""
    for parent, _, names in os.walk(folder, topdown=False):
        for name in names:
            fsync_file(Path(parent, name))
        fsync_directory(Path(parent))


def make_folder(folder: Path) -> None:
    """Makes ``folder`` and the folders above it where they are missing, durably."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):  # another process may have made it meanwhile
        os.mkdir(folder)
    fsync_directory(folder.parent)


def remove(path: Path) -> None:
    """Removes the file ``path``, or the folder ``path`` with everything in it. It need not exist."""
    with suppress(FileNotFoundError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            os.unlink(path)


def _write_chunks(descriptor: int, chunks: Iterable[Bytes]) -> FileDigest:
    digest = hashlib.sha256()
    size = 0
    for chunk in chunks:
        digest.update(chunk)
        size += _write_all(descriptor, chunk)
    return FileDigest(digest.hexdigest(), size)


def _write_all(descriptor: int, data: Bytes) -> int:
    view = memoryview(data)
    written = 0
    while written < len(view):
        written += os.write(descriptor, view[written:])
    return written


def _drop_from_cache(descriptor: int) -> None:
    # Reading back from the page cache would only prove that the memory is sound.
    if sys.platform == "linux":
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _check_read_back(path: Path, written: FileDigest) -> None:
    found = digest_file(path)
    if found != written:
        raise KnowledgeBaseError(
            f"{path} reads back differently from what was written ({found.size} of {written.size} bytes). "
            "The disk may be full or failing; check it and run the command again."
        )


def _fsync_path(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
