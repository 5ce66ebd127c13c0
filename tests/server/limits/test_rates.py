"""Requests and tokens per minute: who is counted, what is said, and when it ends."""

import pytest
from limits.aio.storage import MemoryStorage

from server.errors import RequestRateError, TokenRateError, to_failure
from server.limits.rates import Quota, RateLimits
from server.state.user_hash import UserHasher


def limits(*quotas: Quota) -> RateLimits:
    return RateLimits(quotas, MemoryStorage(), UserHasher(b"secret"))


async def test_a_key_has_so_many_requests() -> None:
    rates = limits(Quota("requests", "key", 2))
    spender = rates.spender("k1", None)
    first, second = await rates.admit(spender), await rates.admit(spender)
    assert first == {"x-ratelimit-limit-requests": "2", "x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "60s"}
    assert second["x-ratelimit-remaining-requests"] == "0"
    with pytest.raises(RequestRateError, match="This API key has used up its 2 requests per minute. Try again in") as refused:
        await rates.admit(spender)
    await rates.admit(rates.spender("k2", None))
    failure = to_failure(refused.value)
    assert (failure.status, failure.type, failure.code) == (429, "requests", "rate_limit_exceeded")
    assert 1 <= int(failure.headers["Retry-After"]) <= 60
    assert failure.headers["x-ratelimit-remaining-requests"] == "0"


async def test_one_shopper_cannot_use_up_what_others_have() -> None:
    """One key, as of a public bot, and a thousand shoppers behind it (OWASP API6)."""
    rates = limits(Quota("requests", "user", 3))
    for _ in range(3):
        await rates.admit(rates.spender("k", "shopper 0"))
    with pytest.raises(RequestRateError, match="This end user"):
        await rates.admit(rates.spender("k", "shopper 0"))
    for number in range(1, 1000):
        await rates.admit(rates.spender("k", f"shopper {number}"))
    await rates.admit(rates.spender("another key", "shopper 0"))


async def test_who_names_no_end_user_is_counted_by_the_key_alone() -> None:
    rates = limits(Quota("requests", "user", 1))
    assert [await rates.admit(rates.spender("k", None)) for _ in range(3)] == [{}, {}, {}]


async def test_tokens_are_counted_afterwards() -> None:
    rates = limits(Quota("tokens", "key", 100), Quota("requests", "key", 0))
    spender = rates.spender("k", "somebody")
    assert (await rates.admit(spender))["x-ratelimit-remaining-tokens"] == "100"
    await rates.spend(spender, 99)
    assert (await rates.admit(spender))["x-ratelimit-remaining-tokens"] == "1"
    await rates.spend(spender, 500)
    with pytest.raises(TokenRateError, match="100 tokens per minute") as refused:
        await rates.admit(spender)
    assert to_failure(refused.value).type == "tokens"


async def test_the_tightest_limit_is_told() -> None:
    rates = limits(Quota("requests", "key", 1000), Quota("requests", "user", 2))
    told = await rates.admit(rates.spender("k", "somebody"))
    assert (told["x-ratelimit-limit-requests"], told["x-ratelimit-remaining-requests"]) == ("2", "1")


def test_an_end_user_is_a_keyed_hash() -> None:
    elsewhere = RateLimits((), MemoryStorage(), UserHasher(b"another"))
    one, other = limits().spender("k", "ann@example.com"), elsewhere.spender("k", "ann@example.com")
    assert one.user is not None and other.user is not None
    assert len(one.user) == 64 and "ann" not in one.user and one.user != other.user
    assert limits().spender("k2", "ann@example.com").of("user") != one.of("user"), "each key has end users of its own"
    assert limits().spender("k", "").user is None
