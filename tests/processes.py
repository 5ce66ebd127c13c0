"""Starts processes that heed signals, and looks at them through /proc."""

import signal
import time
from collections.abc import Callable
from pathlib import Path


def heed_signals() -> None:
    """For ``preexec_fn``: in the background of a script, or behind ``nohup``, children ignore an interrupt or a hang-up from birth."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def group_members(group: int) -> list[int]:
    """The processes of a process group that still run; ended ones whose parent has not asked after them do not count."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, member_of = stat.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(member_of) == group and state not in "ZX":
            found.append(int(stat.parent.name))
    return found


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether ``condition`` came true within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
