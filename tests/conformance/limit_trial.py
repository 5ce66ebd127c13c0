"""One client's run into a limit on a shopper's requests per minute (check 34)."""

import time
from dataclasses import dataclass
from typing import Any

from tests.conformance.answers import RETURNS
from tests.conformance.target import Target, chat
from tests.conformance.worker import ClientError, Worker


@dataclass(frozen=True)
class LimitTrial:
    """What the client saw: how many requests passed, the refusal, and what it got after it had waited as told."""

    passed: int
    refusal: ClientError
    afterwards: dict[str, Any]
    waited: float
    """Seconds."""


def try_limit(worker: Worker, server: Target) -> LimitTrial:
    """Ask as one shopper until that is refused, then once more with the client's own repeats."""
    body = chat(RETURNS, user=f"shopper of {worker.name}")
    for passed in range(60):
        try:
            worker.call("complete", server.base_url, server.keys.public, body=body)
        except ClientError as refusal:
            assert refusal.status == 429, refusal
            began = time.monotonic()
            afterwards = worker.call("complete", server.base_url, server.keys.public, body=body, retries=2)
            return LimitTrial(passed, refusal, afterwards, time.monotonic() - began)
    raise AssertionError("sixty requests of one shopper passed")
