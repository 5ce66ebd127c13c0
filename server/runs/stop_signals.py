"""Signals that ask a run to stop: it unwinds, clears its staging away and says so in the record."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGTERM, signal.SIGHUP)


class StopSignal(KeyboardInterrupt):
    """One of `STOPPING` arrived. Treated by all code between like Ctrl-C, which nothing swallows."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def exit_code(self) -> int:
        """What a shell reports for a process that this signal ended: 143 for SIGTERM."""
        return 128 + self.number


@contextmanager
def stop_signals() -> Iterator[None]:
    """For the block SIGTERM and SIGHUP raise StopSignal in the main thread, once; those that somebody handles or ignores are left alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = [number for number in STOPPING if signal.getsignal(number) is signal.SIG_DFL]

    def stop(number: int, _frame: FrameType | None) -> None:
        for one in ours:
            signal.signal(one, signal.SIG_IGN)  # a second one must not break the clearing away
        raise StopSignal(number)

    for number in ours:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
