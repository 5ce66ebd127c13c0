"""Asks a generator over the fake server, and counts what a question may leave behind."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from rag.answer import Usage
from rag.draft import Draft, Evidence
from rag.llm.factory import OpenedChat, open_chat_generator
from rag.llm.timeouts import Timeouts
from rag.query import Query
from tests.fake_llm.server import FakeLlm
from tests.rag.llm.shop import hits

SECRET = b"a secret of this installation"
PATIENT = Timeouts(connect=10, first_token=10, between_tokens=10, tokenize=10, finished=10)
"""No machine is so busy that a working server is late by these."""
QUICK = Timeouts(connect=0.5, first_token=0.6, between_tokens=0.4, tokenize=0.3, finished=0.2)
"""For the servers that keep silent: how long a test waits for nothing."""
EVIDENCE = Evidence("How long may I return it?", hits(), ())


@asynccontextmanager
async def chat(llm: FakeLlm, timeouts: Timeouts = PATIENT, **options: Any) -> AsyncIterator[OpenedChat]:
    """A generator over ``llm``, closed at the end."""
    opened = open_chat_generator(llm.base_url, "fake", None, SECRET, timeouts, **options)
    try:
        yield opened
    finally:
        await opened.aclose()


def query(seconds: float | None = 20.0, text: str = "How long may I return it?", **fields: Any) -> Query:
    """A question that must be answered within ``seconds``."""
    deadline = None if seconds is None else time.monotonic() + seconds
    return Query(text, date(2026, 11, 25), deadline=deadline, **fields)


async def drafts(opened: OpenedChat, asked: Query | None = None) -> list[Draft]:
    """The whole answer without its token counts."""
    return [piece async for piece in opened.generator.generate(asked or query(), EVIDENCE) if isinstance(piece, Draft)]


async def usage(opened: OpenedChat) -> Usage:
    """The token counts, which come last."""
    pieces = [piece async for piece in opened.generator.generate(query(), EVIDENCE)]
    last = pieces[-1]
    assert isinstance(last, Usage)
    return last


@dataclass(frozen=True)
class Holdings:
    """What this process holds at one moment: open files, and tasks of the running loop."""

    files: int
    tasks: int

    @classmethod
    def now(cls) -> "Holdings":
        return cls(len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks()))


async def settled(llm: FakeLlm, connections: int = 0, seconds: float = 5.0) -> bool:
    """Whether the server has at most ``connections`` within ``seconds``."""
    end = time.monotonic() + seconds
    while llm.connections > connections and time.monotonic() < end:
        await asyncio.sleep(0.01)
    return llm.connections <= connections
