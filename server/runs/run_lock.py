"""The lock of one run: held by its process, and let go by the kernel when that process ends, however it ends."""

import fcntl
import os
from pathlib import Path

from kb.files import disk_errors, make_folder, remove


class RunLock:
    """A locked file in ``<data>/runs/``, held by this process or handed to a child that it starts."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, data: Path, run: str) -> "RunLock":
        """Locks the file of a run that is about to begin. Raises StorageFullError, StorageDeniedError."""
        path = lock_path(data, run)
        with disk_errors(path):
            make_folder(path.parent)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # at most a look of `is_held` has to be waited for
        return cls(path, descriptor)

    @classmethod
    def inherited(cls, data: Path, run: str) -> "RunLock":
        """The lock that the process which started this one took for it: it is held until this process ends."""
        return cls(lock_path(data, run), None)

    @property
    def descriptor(self) -> int:
        """What a child must be given to hold the lock from its first instruction on."""
        assert self._descriptor is not None
        return self._descriptor

    def hand_over(self) -> None:
        """Lets go of the lock without removing its file: a child holds it now."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def release(self) -> None:
        """Removes the file and lets go of it. Called when the run's row has its ending."""
        with disk_errors(self._path):
            remove(self._path)
        self.hand_over()


def lock_path(data: Path, run: str) -> Path:
    """The file whose lock the process of the run ``run`` holds."""
    return data / "runs" / f"{run}.lock"


def is_held(data: Path, run: str) -> bool:
    """Whether the process of the run lives."""
    try:
        descriptor = os.open(lock_path(data, run), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
