"""Who may work now, who waits, and who is told at once to come back later.

Work beyond what a machine can do must be refused early and cheaply, or all of it becomes late and none of it is of use: what was
accepted then finishes in time, whatever is offered. Three bounds do that: how many run, how many wait, and how long one waits. A request
whose wait would surely be longer (turns before it times their mean length of late) is refused when it comes, not after waiting in vain.
"""

import asyncio
import math
import random
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from kb.tally import timed
from server.errors import OverloadedError

_WEIGHT = 0.1
"""Of the newest turn in the running mean of their lengths."""
_LONGEST_RETRY = 30
"""Seconds. OpenAI's clients wait as told up to a minute."""


class Admission:
    """``places`` run at once and ``length`` wait, none longer than ``patience`` seconds. Belongs to one event loop.

    Freed places go round among the keys that wait, and one key may fill half of the queue: who asks much waits for himself.
    """

    def __init__(self, places: int, length: int, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._places = places
        self._length = length
        self._share = math.ceil(length / 2)
        self._patience = patience
        self._clock = clock
        self._lines: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._mean = 0.0
        self.running = 0
        self.waiting = 0
        self.refused = 0
        """Since the start, in the queue or at the door."""

    @asynccontextmanager
    async def turn(self, who: str) -> AsyncIterator[None]:
        """A place for the key ``who``, as soon as it is free, given back at the end. Raises OverloadedError."""
        with timed("queue"):
            await self._enter(who)
        began = self._clock()
        try:
            yield
        finally:
            self._learn(self._clock() - began)
            self._hand_over()

    def check(self, who: str) -> None:
        """Raise OverloadedError if ``who`` would get no turn now. Costs next to nothing: ask before anything dear is done."""
        if not self._has_room_for(who):
            raise self._overloaded()

    def _has_room_for(self, who: str) -> bool:
        if self._is_free():
            return True
        own = len(self._lines.get(who, ()))
        if self.waiting >= self._length or own >= self._share:
            return False
        return self._wait_after(min(self.waiting, (own + 1) * len(self._lines))) <= self._patience  # every key once, then again

    def _is_free(self) -> bool:
        return self.running < self._places and not self._lines

    def _wait_after(self, before: int) -> float:
        """Seconds that one is expected to wait with ``before`` others in front."""
        return (before + 1) * self._mean / self._places

    def _learn(self, seconds: float) -> None:
        self._mean = seconds if self._mean == 0.0 else self._mean + _WEIGHT * (seconds - self._mean)

    async def _enter(self, who: str) -> None:
        if self._is_free():
            self.running += 1
            return
        self.check(who)
        turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(who, deque()).append(turn)
        self.waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except BaseException as error:
            self._give_up(who, turn)
            if isinstance(error, TimeoutError):
                raise self._overloaded() from None
            raise

    def _give_up(self, who: str, turn: asyncio.Future[None]) -> None:
        """Leave the line; or, where the turn came at the very moment, pass it on."""
        if turn.done() and not turn.cancelled():
            self._hand_over()
            return
        line = self._lines.get(who)
        if line is not None and turn in line:
            line.remove(turn)
            self.waiting -= 1
            if not line:
                del self._lines[who]

    def _hand_over(self) -> None:
        """A place has become free: the next in line has it."""
        while self._lines:
            who, line = next(iter(self._lines.items()))
            turn = line.popleft()
            self.waiting -= 1
            self._lines.move_to_end(who)
            if not line:
                del self._lines[who]
            if not turn.done():
                turn.set_result(None)
                return
        self.running -= 1

    def _overloaded(self) -> OverloadedError:
        """The refusal. Those refused together are told different times, so that they do not come back together."""
        self.refused += 1
        least = min(_LONGEST_RETRY, max(1, math.ceil(self._wait_after(self.waiting))))
        return OverloadedError(random.randint(least, 2 * least))
