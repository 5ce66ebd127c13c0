"""Kills a writer again and again at random moments, and has the oracle look at what is left each time."""

import multiprocessing
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from kb.store import VersionStore
from tests.reliability.oracle import Contents, Violation, contents_of, examine
from tests.reliability.victim import Act, run

LATE = 1.06
"""How far past the expected end of the writing a kill may come, as a share of it: some writers must be allowed to finish."""


@dataclass
class Tally:
    """What happened: cycles, kills, kills between the first write and the last fsync, cycles that ended by themselves, violations."""

    cycles: int = 0
    killed: int = 0
    in_the_middle: int = 0
    finished: int = 0
    violations: list[Violation] = field(default_factory=list)

    @property
    def share_in_the_middle(self) -> float:
        return self.in_the_middle / self.cycles

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(one.kind for one in self.violations).items()) or "no violation"
        middle = f"{self.in_the_middle} of them between the first write and the last fsync"
        return f"{self.cycles} cycles, {self.killed} killed, {middle}, {self.finished} ended by themselves: {kinds}"


class KillLoop:
    """Performs acts on the data folder ``data`` in forked children with everything imported, most of which it kills."""

    def __init__(self, data: Path, seed: int = 0) -> None:
        self.store = VersionStore(data)
        self.tally = Tally()
        self._data = data
        self._chance = random.Random(seed)
        self._writing: dict[str, float] = {}
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.reliability.victim"])

    def contents(self) -> dict[str, str]:
        """What the current version holds."""
        version = self.store.open_current()
        try:
            return contents_of(version)
        finally:
            version.close()

    def cycle(self, act: Act, folder: Path, after: Contents, kill: bool = True) -> list[Violation]:
        """Performs ``act``, which would make ``after`` of what there is, and kills it on the way. Returns the violations found."""
        before = self.contents() if self.store.current_id() is not None else {}
        told = self._perform(act, folder, kill)
        found = examine(self.store, before, after, acknowledged="!" in told)
        self.tally.violations += found
        return found

    def _perform(self, act: Act, folder: Path, kill: bool) -> str:
        ours, its = self._context.Pipe(duplex=False)
        child = self._context.Process(target=run, args=(act, self._data, folder, its))
        child.start()
        its.close()
        told = _first_write(ours)
        began = time.perf_counter()
        if kill and "w" in told:
            expected = self._writing.get(act.__name__, 0.05)
            told += _listen(ours, began + self._chance.uniform(0, LATE * expected))
            child.kill()
        told += _listen(ours, None)
        child.join()
        self._count(act, child.exitcode, told, time.perf_counter() - began)
        child.close()
        return told

    def _count(self, act: Act, exit_code: int | None, told: str, seconds: float) -> None:
        self.tally.cycles += 1
        self.tally.killed += exit_code == -signal.SIGKILL
        self.tally.finished += exit_code == 0
        self.tally.in_the_middle += exit_code == -signal.SIGKILL and "w" in told and "c" not in told
        assert exit_code in (0, -signal.SIGKILL), f"the child ended by itself with exit code {exit_code}"
        known = self._writing.get(act.__name__)
        if "c" not in told:  # it was killed too early to learn how long it takes: look a little further next time
            self._writing[act.__name__] = (known or 0.05) * 1.01
        else:
            self._writing[act.__name__] = seconds if known is None else min(known, seconds) * 0.93


def _first_write(pipe: Connection) -> str:
    told = ""
    while "w" not in told and "!" not in told:
        try:
            told += pipe.recv_bytes().decode()
        except EOFError:
            break
    return told


def _listen(pipe: Connection, until: float | None) -> str:
    """What is told until then, or until the other side is gone."""
    told = ""
    while until is None or (left := until - time.perf_counter()) > 0:
        try:
            if until is not None and not pipe.poll(max(0.0, left)):
                break
            told += pipe.recv_bytes().decode()
        except EOFError:
            break
    return told
