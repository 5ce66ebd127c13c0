"""The operator's webhook: one POST about a run that has ended."""

import asyncio
import hashlib
import hmac
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from server.settings import Settings
from server.state.run import Run

SIGNATURE_HEADER = "X-Citedesk-Signature"
TIMEOUT_SECONDS = 10.0
ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 1.0
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where to post, and the secret that signs what is posted. ``pause`` sleeps for so many seconds."""

    url: str
    secret: bytes | None = None
    pause: Callable[[float], None] = time.sleep

    @classmethod
    def of(cls, settings: Settings) -> "Webhook | None":
        """The webhook that the settings name, if they do."""
        if settings.webhook_url is None:
            return None
        secret = settings.webhook_secret
        return cls(settings.webhook_url.get_secret_value(), None if secret is None else secret.get_secret_value().encode())

    def tell(self, run: Run) -> str | None:
        """Post the run. A sentence when that failed; the address's path is left out of it, as it often holds a secret."""
        body = orjson.dumps(payload(run))
        for attempt in range(1, ATTEMPTS + 1):
            reason, again = self._post(body)
            if reason is None:
                return None
            if not again or attempt == ATTEMPTS:
                break
            self.pause(_FIRST_PAUSE_SECONDS * 3 ** (attempt - 1) * random.uniform(0.5, 1.0))
        host = urlsplit(self.url).hostname
        return f"The webhook at {host} did not take the message ({reason}; tried {attempt} times). Check CITEDESK_WEBHOOK_URL."

    def _post(self, body: bytes) -> tuple[str | None, bool]:
        """What went wrong, and whether another try may help."""
        try:
            status = asyncio.run(_post(self.url, body, self._headers(body)))
        except TimeoutError:
            return f"no answer within {TIMEOUT_SECONDS:g} seconds", True
        except httpx.TransportError as error:
            return str(error) or type(error).__name__, True
        except httpx.InvalidURL as error:
            return str(error), False
        if 200 <= status < 300:
            return None, False
        return f"it answered {status}", status >= 500 or status in _WORTH_ANOTHER_TRY

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": "citedesk"}
        if self.secret is not None:
            headers[SIGNATURE_HEADER] = f"sha256={hmac.new(self.secret, body, hashlib.sha256).hexdigest()}"
        return headers


def payload(run: Run) -> dict[str, Any]:
    """What is posted: how the run went, in numbers and sentences about the run, without any text of documents or questions."""
    told = run.to_json()
    gate = told["gate"]
    names = ("outcome", "exit_code", "trigger", "who", "why", "started_at", "ended_at", "version_before", "version_after")
    return {
        "event": "ingest",
        "run": run.id,
        "text": summary(run),
        **{name: told[name] for name in names},
        "sources": [source.name for source in run.request.sources],
        "counts": told["counts"],
        "notes": told["notes"],
        "problem": told["problem"],
        "gate": None if gate is None else {"passed": gate.get("passed"), "summary": gate.get("summary")},
    }


def summary(run: Run) -> str:
    """The run in a sentence. Chat services show a message's ``text``."""
    if run.ending is None:
        return f"Citedesk: ingest run {run.id} goes on."
    live = run.ending.version_after or "none"
    failed = run.ending.counts.get("failed", 0)
    files = f" Failed files: {failed}." if failed else ""
    problem = f" {run.ending.problem}" if run.ending.problem else ""
    return f"Citedesk: ingest run {run.id}: {run.ending.outcome}. Live version: {live}.{files}{problem}"


async def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status. The time holds for all of it, also for a server that sends its headers byte by byte; the answer's body is not read."""
    encrypted = url.startswith("https://")  # the certificate authorities take a while to load
    async with (
        asyncio.timeout(TIMEOUT_SECONDS),
        httpx.AsyncClient(verify=encrypted, timeout=TIMEOUT_SECONDS, follow_redirects=False) as client,
        client.stream("POST", url, content=body, headers=headers) as answer,
    ):
        return answer.status_code
