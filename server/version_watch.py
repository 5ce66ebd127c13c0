"""Follows CURRENT while the server runs, and says in the log what is served in its place."""

import asyncio

import structlog
from anyio import CapacityLimiter, to_thread

from kb.errors import CitedeskError
from kb.live import LiveVersion
from server.originals.shelf import Shelf

_LOG = structlog.get_logger(__name__)


async def watch_versions(live: LiveVersion, shelf: Shelf, seconds: float) -> None:
    """Look for a new version every ``seconds``, in a thread of its own so that busy requests cannot delay it.

    A version that is not served, and its coming back, are told once each: a fallback that stood at the start too.
    """
    limiter = CapacityLimiter(1)
    told: str | None = None
    while True:
        try:
            if await to_thread.run_sync(live.refresh, limiter=limiter):
                _LOG.info("version_switched", version=live.id, problem=live.problem)
            await to_thread.run_sync(shelf.tidy, limiter=limiter)
        except (CitedeskError, OSError) as error:
            _LOG.error("version_refresh_failed", reason=str(error))
        told = _tell(live, told)
        await asyncio.sleep(seconds)


def _tell(live: LiveVersion, told: str | None) -> str | None:
    problem = live.problem
    if problem != told and problem is not None:
        _LOG.error("version_not_served", served=live.id, reason=problem)
    elif problem != told:
        _LOG.info("version_served_again", served=live.id)
    return problem
