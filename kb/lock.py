"""The writer's lock: held by at most one process, and let go by the kernel when that process dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import StoreBusyError
from kb.files import disk_errors


@contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Holds the lock of the file ``path`` for the block. Raises StoreBusyError at once if another holds it.

    A child process made by a bare fork shares the lock until it ends; children that are started afresh do not.
    """
    with disk_errors(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(descriptor, 32, 0).decode("ascii", errors="replace").strip()
        who = f"process {holder}" if holder else "another process"
        raise StoreBusyError(f"The knowledge base in {path.parent} is being written by {who}. Try again when it is done.") from error
    with disk_errors(path):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)  # for the message above only; the lock is the kernel's
