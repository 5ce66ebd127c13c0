"""Stands between Citedesk and a server it started, so that the server never outlives Citedesk, however Citedesk ends.

    python -I -S guardian.py PARENT GRACE COMMAND…

Runs COMMAND as the leader of a process group, writes its process id to standard output, and ends with its exit code. When standard
input closes, the process PARENT is gone, or SIGTERM comes, it sends SIGTERM to the group, waits GRACE seconds, and sends SIGKILL.
Whatever of the group is left after the command has ended is killed as well. The command writes to standard error.

Why a process of its own, and not PR_SET_PDEATHSIG: that would have to be set between fork and exec, where a process with threads may
not run Python; it fires when the *thread* that started the child ends; and it reaches the child alone. vLLM's engine and workers are
children of that child, and they live on, with all of their memory, when it is killed. A closed pipe has none of these faults.
This file starts afresh, with one thread, and imports next to nothing.
"""

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

LOOK_SECONDS = 0.2
STDIN, STDOUT, STDERR = 0, 1, 2


def watch(parent: int, grace: float, command: list[str]) -> int:
    """Run ``command`` until it ends or nobody wants it any more; its exit code, negative when a signal ended it."""
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=STDERR, start_new_session=True)
    try:
        os.write(STDOUT, f"{server.pid}\n".encode())
        while not _ended(server.pid):
            if _unwanted(parent) or told:
                _stop(server.pid, grace)
    finally:
        _signal_group(server.pid, signal.SIGKILL)
    return server.wait()


def _ended(pid: int) -> bool:
    """Whether the process has ended. It is not reaped yet, so that its id, and its group's, cannot be another's."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _unwanted(parent: int) -> bool:
    """Waits a moment; whether standard input has closed or ``parent`` is gone. A child of the parent's may hold the pipe open."""
    readable, _, _ = select.select([STDIN], [], [], LOOK_SECONDS)
    return bool(readable) or os.getppid() != parent


def _stop(pid: int, grace: float) -> None:
    _signal_group(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while not _ended(pid) and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS / 4)
    _signal_group(pid, signal.SIGKILL)
    while not _ended(pid):
        time.sleep(LOOK_SECONDS / 4)


def _signal_group(group: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


if __name__ == "__main__":
    code = watch(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
    sys.exit(code if code >= 0 else 128 - code)
