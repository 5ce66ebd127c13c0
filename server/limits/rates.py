"""Requests and tokens in a minute, per key and per end user, counted by `limits`.

A window is a minute that begins with its first request (`limits`' fixed window): in any 60 seconds at most twice the limit passes.
Tokens are counted when an answer has ended, so that the one that crosses the limit is still given, and the next one refused.
"""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter

from server.errors import RefusedError, RequestRateError, TokenRateError
from server.settings import Settings
from server.state.user_hash import UserHasher

Unit: TypeAlias = Literal["requests", "tokens"]
Owner: TypeAlias = Literal["key", "user"]
_ERRORS: dict[Unit, type[RefusedError]] = {"requests": RequestRateError, "tokens": TokenRateError}
_WHOSE: dict[Owner, str] = {"key": "This API key", "user": "This end user"}


@dataclass(frozen=True, slots=True)
class Spender:
    """Who is counted: a key, and the end user whom its request names, by a hash."""

    key: str
    user: str | None

    def of(self, owner: Owner) -> tuple[str, ...] | None:
        """What identifies the ``owner``; None where the request names no end user."""
        if owner == "key":
            return (self.key,)
        return None if self.user is None else (self.key, self.user)


@dataclass(frozen=True, slots=True)
class Quota:
    """``amount`` of a unit in each minute, for each key or each end user of a key."""

    unit: Unit
    owner: Owner
    amount: int

    @property
    def item(self) -> RateLimitItem:
        """The same for `limits`."""
        return RateLimitItemPerMinute(self.amount, namespace=f"{self.unit}/{self.owner}")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a spender stands with one quota. ``reset`` is in seconds from now."""

    quota: Quota
    remaining: int
    reset: float
    exceeded: bool

    def headers(self) -> dict[str, str]:
        """As OpenAI's API names them."""
        unit = self.quota.unit
        return {
            f"x-ratelimit-limit-{unit}": str(self.quota.amount),
            f"x-ratelimit-remaining-{unit}": str(self.remaining),
            f"x-ratelimit-reset-{unit}": f"{math.ceil(self.reset)}s",
        }

    def error(self, headers: dict[str, str]) -> RefusedError:
        """The refusal, with ``headers`` beside its own."""
        seconds = max(1, math.ceil(self.reset))
        whose, amount, unit = _WHOSE[self.quota.owner], self.quota.amount, self.quota.unit
        sentence = f"{whose} has used up its {amount} {unit} per minute. Try again in {seconds} seconds."
        return _ERRORS[unit](sentence, headers | {"Retry-After": str(seconds)})


class RateLimits:
    """The ``quotas`` over the counts in ``storage``. ``users`` hashes end users: their names may be e-mail addresses."""

    def __init__(self, quotas: Iterable[Quota], storage: Storage, users: UserHasher) -> None:
        self._quotas = [quota for quota in quotas if quota.amount > 0]
        self._limiter = FixedWindowRateLimiter(storage)
        self._users = users

    @classmethod
    def of(cls, settings: Settings, storage: Storage, users: UserHasher) -> "RateLimits":
        """The quotas that ``settings`` name."""
        quotas = (
            Quota("requests", "key", settings.key_requests_per_minute),
            Quota("requests", "user", settings.user_requests_per_minute),
            Quota("tokens", "key", settings.key_tokens_per_minute),
            Quota("tokens", "user", settings.user_tokens_per_minute),
        )
        return cls(quotas, storage, users)

    def spender(self, key: str, user: str | None) -> Spender:
        """The key with this id, asking for ``user`` (any string that the caller uses for one end user)."""
        return Spender(key, self._users.hash(user))

    async def admit(self, spender: Spender) -> dict[str, str]:
        """Count one request. Returns headers that say what is left. Raises RequestRateError or TokenRateError with the same."""
        standings = [await self._stand(quota, parts) for quota in self._quotas if (parts := spender.of(quota.owner)) is not None]
        headers = _tightest(standings)
        exceeded = max((standing for standing in standings if standing.exceeded), key=lambda standing: standing.reset, default=None)
        if exceeded is not None:
            raise exceeded.error(headers | exceeded.headers())
        return headers

    async def spend(self, spender: Spender, tokens: int) -> None:
        """Count the ``tokens`` of an answer, whether or not they were left."""
        for quota in self._quotas:
            parts = spender.of(quota.owner)
            if quota.unit == "tokens" and parts is not None and tokens > 0:
                await self._limiter.hit(quota.item, *parts, cost=tokens)

    async def _stand(self, quota: Quota, parts: tuple[str, ...]) -> Standing:
        counted = self._limiter.hit if quota.unit == "requests" else self._limiter.test
        allowed = await counted(quota.item, *parts)
        stats = await self._limiter.get_window_stats(quota.item, *parts)
        return Standing(quota, stats.remaining, max(0.0, stats.reset_time - time.time()), exceeded=not allowed)


def _tightest(standings: list[Standing]) -> dict[str, str]:
    """The headers of the quota of each unit of which the smallest share is left."""
    headers: dict[str, str] = {}
    for standing in sorted(standings, key=lambda one: one.remaining / one.quota.amount, reverse=True):
        headers |= standing.headers()
    return headers
