"""Keys looked up in the database: off the event loop, once for all requests that wait for the same one, wrong ones held apart."""

import asyncio
import hashlib

from anyio import CapacityLimiter, to_thread

from server.state.keys import ApiKey, KeyStore

_AT_ONCE = 4


class KeyLookup:
    """For one event loop. A flood of unknown keys waits for threads of its own, never before a key that was good a moment ago."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys
        self._under_way: dict[str, asyncio.Task[ApiKey]] = {}
        self._noting: set[asyncio.Task[None]] = set()
        self._known = CapacityLimiter(_AT_ONCE)
        self._unknown = CapacityLimiter(_AT_ONCE)

    async def find(self, secret: str) -> ApiKey:
        """The key that ``secret`` is, from memory without a pause where it was looked up lately.

        Raises InvalidKeyError, StateUnavailableError.
        """
        known = self._keys.recall(secret)
        if known is not None:
            return known
        name = hashlib.sha256(secret.encode()).hexdigest()
        task = self._under_way.get(name)
        if task is None:
            task = self._under_way[name] = asyncio.create_task(self._look(secret))
            task.add_done_callback(lambda done: self._ended(name, done))
        return await asyncio.shield(task)  # a client that leaves takes no other one's look with it

    async def aclose(self) -> None:
        """Wait for what is being looked up and written."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await asyncio.gather(*self._noting)

    async def _look(self, secret: str) -> ApiKey:
        limiter = self._known if self._keys.was_good(secret) else self._unknown
        key = await to_thread.run_sync(self._keys.authenticate, secret, limiter=limiter)
        if key.use_unnoted():
            noting = asyncio.create_task(self._note(key))
            self._noting.add(noting)
            noting.add_done_callback(self._noting.discard)
        return key

    async def _note(self, key: ApiKey) -> None:
        await to_thread.run_sync(self._keys.note_use, key, limiter=self._unknown)

    def _ended(self, name: str, task: asyncio.Task[ApiKey]) -> None:
        del self._under_way[name]
        if not task.cancelled():
            task.exception()  # when all who waited have left, nobody else asks for it
