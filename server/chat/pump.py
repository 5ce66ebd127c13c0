"""Runs the answering beside the sending: events wait in a queue, silence is noticed, and leaving cancels the work."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import Any, TypeVar

from starlette.types import Receive

from rag.answer import AnswerEvent, EndEvent

Result = TypeVar("Result")
_QUEUE = 64


class ClientGoneError(Exception):
    """The client closed the connection; there is nobody to answer."""


class UnfinishedAnswerError(Exception):
    """The events stopped without an end. A stream that just stops would look like a finished answer."""


class EventPump:
    """Pulls ``events`` in a task of its own. Close it always; closing cancels what is still running."""

    def __init__(self, events: AsyncGenerator[AnswerEvent, None]) -> None:
        self._queue: asyncio.Queue[AnswerEvent | Exception] = asyncio.Queue(_QUEUE)
        self._waiting: asyncio.Task[AnswerEvent | Exception] | None = None
        self._task = asyncio.create_task(self._pull(events))

    async def _pull(self, events: AsyncGenerator[AnswerEvent, None]) -> None:
        try:
            async with aclosing(events) as pulled:
                async for event in pulled:
                    await self._queue.put(event)
                    if isinstance(event, EndEvent):
                        return
            await self._queue.put(UnfinishedAnswerError("the answer's events stopped without an end"))
        except Exception as error:  # noqa: BLE001 - handed over, and raised by `take` where it can be answered
            await self._queue.put(error)

    async def ready(self, seconds: float) -> bool:
        """Whether an event (or an error) arrives within ``seconds``."""
        if self._waiting is None:
            self._waiting = asyncio.create_task(self._queue.get())
        done, _ = await asyncio.wait({self._waiting}, timeout=seconds)
        return bool(done)

    async def take(self) -> AnswerEvent:
        """The next event. Raises what the answering raised, or UnfinishedAnswerError."""
        waiting, self._waiting = self._waiting, None
        event = await (waiting or self._queue.get())
        if isinstance(event, Exception):
            raise event
        return event

    def failure(self) -> Exception | None:
        """The error that `ready` found, if that is what came."""
        found = self._waiting.result() if self._waiting is not None and self._waiting.done() else None
        return found if isinstance(found, Exception) else None

    async def close(self) -> None:
        """Stop the answering and wait until it has stopped."""
        tasks = [task for task in (self._waiting, self._task) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def unless_client_leaves(work: Coroutine[Any, Any, Result], receive: Receive) -> Result:
    """The result of ``work``, which is cancelled when the client goes. The request's body must have been read.

    Raises ClientGoneError. (The framework cancels streams only; an unstreamed answer would be computed to its end.)
    """
    task = asyncio.create_task(work)
    watch = asyncio.create_task(_disconnect(receive))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise ClientGoneError
    finally:
        await _cancelled(task, watch)


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _cancelled(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
