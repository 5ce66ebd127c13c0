"""Kills a writer again and again at random moments, and has the oracle look at what is left each time."""

import multiprocessing
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.oracle import Violation
from tests.reliability.victim import Act, run

FIRST_GUESS = 0.02
AT_FIRST, SOONER, LATER = 0.8, 0.65, 1.01
"""What the expected length of an act is multiplied by when it was measured, when a kill came after its end, and when it came
before: the last two balance where 2 or 3 of 100 acts come to their end, however busy the machine is. Some must: they alone are
acknowledged."""

@dataclass
class Tally:
    """What happened: cycles, kills, kills between the first write and the last fsync, cycles that ended by themselves, violations."""

    cycles: int = 0
    killed: int = 0
    in_the_middle: int = 0
    finished: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    acts_in_the_middle: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)

    @property
    def share_in_the_middle(self) -> float:
        return self.in_the_middle / self.cycles

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(one.kind for one in self.violations).items()) or "no violation"
        middle = f"{self.in_the_middle} of them between the first write and the last fsync"
        acts = ", ".join(f"{name} {self.acts_in_the_middle[name]} of {count}" for name, count in sorted(self.acts.items()))
        return f"{self.cycles} cycles, {self.killed} killed, {middle} ({acts}), {self.finished} ended by themselves: {kinds}"


class KillLoop:
    """Performs acts on the data folder ``data`` in forked children with everything imported, most of which it kills."""

    def __init__(self, data: Path, seed: int = 0) -> None:
        self.tally = Tally()
        self._data = data
        self._chance = random.Random(seed)
        self._expected: dict[str, float] = {}
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.reliability.victim", "tests.reliability.warmed"])

    def cycle(
        self, act: Act, what: str, examine: Callable[[bool], list[Violation]], kill: bool = True, size: int = 1, first: int = 0
    ) -> list[Violation]:
        """Performs ``act`` on ``what`` and kills it on the way. Returns the violations that ``examine`` finds afterwards.

        ``examine`` is told whether success was acknowledged. ``size`` is how much there is to do, in units of the act's own, and
        ``first`` how much of a forgetting that was cut short has to be finished before.
        An act that is not to be killed counts for its violations only, and must succeed.
        """
        child = _Child(self._context, act, self._data, what)
        child.listen_for("w")
        timed, like = (f"finish and {act.__name__}", "forget_document") if first else (act.__name__, act.__name__)
        expected = self._expected.setdefault(timed, self._expected.get(like, FIRST_GUESS)) if kill else 0.0
        if kill and "w" in child.told:
            child.listen(self._chance.uniform(0, expected * (first or size)))
            child.kill()
        exit_code = child.end()
        assert exit_code in (0, -signal.SIGKILL), f"{timed} on {what} ended by itself with exit code {exit_code}"
        if kill:
            self._count(act.__name__, timed, exit_code, child.told)
        elif "c" in child.told:
            self._expected.setdefault(timed, AT_FIRST * child.committed_after / (first or size))
        found = examine("!" in child.told)
        self.tally.violations += found
        return found

    def _count(self, name: str, timed: str, exit_code: int, told: str) -> None:
        killed, committed = exit_code == -signal.SIGKILL, "c" in told or "!" in told
        middle = killed and "w" in told and not committed
        self.tally.cycles += 1
        self.tally.acts[name] += 1
        self.tally.killed += killed
        self.tally.finished += not killed
        self.tally.in_the_middle += middle
        self.tally.acts_in_the_middle[name] += middle
        if "w" in told:
            self._expected[timed] *= SOONER if committed else LATER


class _Child:
    """A forked child, what it has told so far, and how many seconds after its first write it told of its commit."""

    def __init__(self, context: multiprocessing.context.ForkServerContext, act: Act, data: Path, what: str) -> None:
        self.told = ""
        self.committed_after = FIRST_GUESS
        self._began = 0.0
        self._pipe, its = context.Pipe(duplex=False)
        self._process = context.Process(target=run, args=(act, data, what, its))
        self._process.start()
        its.close()

    def listen_for(self, word: str) -> None:
        """Listens until it tells ``word``, or has ended."""
        while word not in self.told and self._hear(None):
            continue

    def listen(self, seconds: float) -> None:
        """Listens for so long at most."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0 and self._hear(left):
            continue

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> int:
        """Waits until it has ended; its exit code."""
        while self._hear(None):
            continue
        self._process.join()
        exit_code = self._process.exitcode
        assert exit_code is not None
        self._process.close()
        self._pipe.close()
        return exit_code

    def _hear(self, seconds: float | None) -> bool:
        """The next word; False if there is none within ``seconds``, or none will come."""
        try:
            if seconds is not None and not self._pipe.poll(seconds):
                return False
            word = self._pipe.recv_bytes().decode()
        except EOFError:
            return False
        if not self.told:
            self._began = time.perf_counter()
        if word == "c":
            self.committed_after = time.perf_counter() - self._began
        self.told += word
        return True
