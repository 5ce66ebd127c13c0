"""How soon a server that died may be started again."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """At most ``most`` restarts within ``window`` seconds; before each a pause that doubles from ``first_pause`` to ``longest_pause``.

    ``grace`` is how many seconds a server gets to end after SIGTERM, ``start_limit`` how many it may take until it is ready.
    """

    most: int = 5
    window: float = 600.0
    first_pause: float = 1.0
    longest_pause: float = 60.0
    grace: float = 15.0
    start_limit: float = 1800.0


class RestartBudget:
    """Counts restarts against a `RestartPolicy`. It never gives up for good: used up, it waits until the window has moved on."""

    def __init__(self, policy: RestartPolicy) -> None:
        self._policy = policy
        self._restarts: deque[float] = deque()

    def take(self, now: float) -> float:
        """Use one restart: the seconds to wait from ``now`` (seconds of any steady clock) until it may happen."""
        policy = self._policy
        while self._restarts and self._restarts[0] <= now - policy.window:
            self._restarts.popleft()
        pause = min(policy.first_pause * 2.0 ** len(self._restarts), policy.longest_pause)
        if len(self._restarts) >= policy.most:
            pause = max(pause, self._restarts[-policy.most] + policy.window - now)
        self._restarts.append(now + pause)
        return pause
