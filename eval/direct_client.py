"""Asks a language model's server without Citedesk in between: an HTTP client, and nothing else."""

from dataclasses import dataclass
from typing import Any

import httpx

from eval.exchange_tap import Exchange
from eval.reception import Reception

READ_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """The body of a request that Citedesk made, and after how many characters it stopped reading; None when it read to the end.

    ``prompt`` is the body as text, without what does not decide the answer.
    """

    body: dict[str, Any]
    prompt: str
    stopped_after: int | None

    @classmethod
    def of(cls, exchange: Exchange) -> "RecordedRequest":
        """The request of ``exchange``."""
        reception = exchange.reception
        return cls(exchange.body, exchange.prompt, None if reception.finished else reception.characters)

    def salted(self, salt: str) -> dict[str, Any]:
        """The body with another ``cache_salt``, if it has one."""
        return {**self.body, "cache_salt": salt} if "cache_salt" in self.body else self.body


class DirectClient:
    """Repeats recorded requests at ``url`` (ends in ``/v1``), with the same body but for the ``cache_salt``."""

    def __init__(self, url: str, key: str | None) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        limits = httpx.Limits(max_connections=None)
        self._http = httpx.AsyncClient(headers=headers, timeout=READ_SECONDS, limits=limits, trust_env=False)
        self._url = f"{url}/chat/completions"

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def repeat(self, request: RecordedRequest, salt: str) -> Reception:
        """Ask the same, and read as far as was read then.

        An answer that was broken off (Citedesk stops a model that only repeats itself) is broken off after as many characters, so that
        both have the model do the same work. Raises httpx.HTTPError.
        """
        reception = Reception()
        async with self._http.stream("POST", self._url, json=request.salted(salt)) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                reception.feed(line)
                if request.stopped_after is not None and reception.characters >= request.stopped_after:
                    break
        return reception

    async def warm(self, request: RecordedRequest, salt: str) -> None:
        """Have the server compute what all prompts begin with: everything before the last message. Raises httpx.HTTPError."""
        messages = [*request.body["messages"][:-1], {"role": "user", "content": "Say OK."}]
        kept = {name: value for name, value in request.salted(salt).items() if name in ("model", "cache_salt")}
        (await self._http.post(self._url, json={**kept, "messages": messages, "max_tokens": 1})).raise_for_status()
