"""A circuit breaker: when the language model fails again and again, nobody waits for it until a probe has succeeded."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import Context

from kb.errors import GenerationError
from kb.tally import count
from rag.llm.upstream_error import Meaning

MAX_FAILURES = 3
MAX_FAILING_SECONDS = 15.0
PROBE_SECONDS = 5.0
PROGRESS_SECONDS = 5.0
"""A server that refuses requests while others progress is busy, not broken."""


class Breaker:
    """Opens after 3 failures in a row, or when nothing has succeeded for 15 s while requests failed.

    While it is open, ``probe`` is tried every 5 s in a task of its own; its first success closes the breaker. The probe must be a
    real completion: vLLM's ``/health`` does not see a hung engine. Belongs to one event loop.
    """

    def __init__(
        self,
        probe: Callable[[], Awaitable[None]],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """``probe`` raises GenerationError as long as the model is down. ``clock`` counts seconds."""
        self._probe = probe
        self._clock = clock
        self._sleep = sleep
        self._failures = 0
        self._failing_since: float | None = None
        self._progress = float("-inf")
        self._open = False
        self._task: asyncio.Task[None] | None = None
        self._openings = 0

    @property
    def is_open(self) -> bool:
        """Whether requests are turned away."""
        return self._open

    @property
    def openings(self) -> int:
        """How often it has opened."""
        return self._openings

    def admit(self) -> float:
        """The time now, to be handed to `failed`. Raises GenerationError at once while the breaker is open."""
        if self._open:
            count("llm_call", "turned_away")
            raise GenerationError(f"The language model is down. It is tried again every {PROBE_SECONDS:.0f} seconds.")
        return self._clock()

    def progressed(self) -> None:
        """A request got a piece of its answer."""
        self._progress = self._clock()

    def succeeded(self) -> None:
        """A request got its whole answer."""
        self._failures = 0
        self._failing_since = None
        self._open = False

    def failed(self, started: float, meaning: Meaning) -> None:
        """A request that `admit` let in at ``started`` failed. One that was refused for what it asked says nothing about the server."""
        now = self._clock()
        if meaning == "refused" or (meaning == "busy" and now - self._progress < PROGRESS_SECONDS):
            return
        self._failures += 1
        if self._failing_since is None:
            # A request that hung has failed from its start, unless another one was served meanwhile.
            self._failing_since = max(started, self._progress)
        if self._failures >= MAX_FAILURES or now - self._failing_since >= MAX_FAILING_SECONDS:
            self._open_up()

    async def aclose(self) -> None:
        """Stop probing."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _open_up(self) -> None:
        self._openings += not self._open
        self._open = True
        if self._task is None or self._task.done():
            # With a context of its own: the probes are not part of the request that happened to fail last.
            self._task = asyncio.get_running_loop().create_task(self._probe_until_closed(), context=Context())

    async def _probe_until_closed(self) -> None:
        """A probe starts every `PROBE_SECONDS`, the time that the one before took included."""
        took = 0.0
        while self._open:
            await self._sleep(max(0.0, PROBE_SECONDS - took))
            started = self._clock()
            try:
                await self._probe()
            except GenerationError:
                took = self._clock() - started
            else:
                self.succeeded()
