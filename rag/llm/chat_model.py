"""Asks the language model, once more where that can help, and not at all while it is down."""

import asyncio
import hashlib
import hmac
import random
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk

from kb.scope import Audience
from kb.tally import count, note
from rag.answer import Usage
from rag.llm.breaker import PROBE_SECONDS, Breaker
from rag.llm.completion import Completion, Piece
from rag.llm.prompt import Prompt
from rag.llm.timeouts import Timeouts
from rag.llm.upstream_error import UpstreamError
from rag.privacy.found import kind_of_placeholder
from rag.writing import Writing

RETRY_SECONDS = 0.4


class ChatModel:
    """One model of one OpenAI-compatible server. Safe for concurrent use within one event loop."""

    def __init__(
        self,
        client: BaseChatModel,
        probe: Prompt,
        secret: bytes,
        timeouts: Timeouts,
        cache_salt: bool = True,
        longest: int | None = None,
    ) -> None:
        """``probe`` is asked, for one token, to learn whether the model is back. ``longest`` is ``client``'s own limit, in tokens.

        ``secret`` keys the ``cache_salt`` of each audience: without it, one audience could tell from the speed of an answer what
        the prompts of another one begin with. ``cache_salt=False`` is for servers that refuse fields they do not know.
        """
        self._client = client
        self._probe_prompt = probe
        self._secret = secret
        self._timeouts = timeouts
        self._cache_salt = cache_salt
        self._longest = longest
        self.breaker = Breaker(self._probe)

    async def stream(
        self,
        prompt: Prompt,
        audience: Audience,
        deadline: float | None,
        grammar: str | None = None,
        *,
        max_tokens: int | None = None,
        retry: bool = True,
        writing: Writing | None = None,
        first: str = "first_token",
    ) -> AsyncGenerator[Piece]:
        """The answer's text in pieces, then `Finish`, then `Usage`. ``grammar`` is what it may be (`rag.llm.grammar`), or None.

        With ``retry``, asked once more when the connection fails before any text, or the server is not ready (503), and there is
        time. ``deadline`` is a reading of `time.monotonic`, or None; ``max_tokens`` stands in for the client's own limit. Of
        ``writing`` the sampling is passed on, and the length where it is below ours; not where to stop, for a sentence must be
        whole to be verified (`rag.delivery` stops). ``first`` is the stage as which the wait for the first text is noted.

        Raises:
            GenerationError: the model is known to be down, failed, was silent for too long, or ended without saying that it was
                done. What was yielded before stands.
        """
        started = self.breaker.admit()
        fields = self._fields(audience, max_tokens, writing or Writing(), grammar)
        for placeholder in prompt.originals:
            count("masked", kind_of_placeholder(placeholder))
        result = "stopped"  # by whoever reads, unless it ends otherwise
        began, silent = time.perf_counter(), True
        try:
            async with aclosing(self._attempts(prompt, deadline, fields, retry)) as pieces:
                async for piece in pieces:
                    if silent:
                        note(first, began)
                        silent = False
                    if isinstance(piece, Usage):  # the last one: whoever reads need not come back after it
                        self.breaker.succeeded()
                        result = "ok"
                    yield piece
        except UpstreamError as error:
            self.breaker.failed(started, error.meaning)
            result = error.meaning
            raise
        finally:
            count("llm_call", result)

    async def _attempts(self, prompt: Prompt, deadline: float | None, fields: dict[str, object], retry: bool) -> AsyncGenerator[Piece]:
        """The pieces of the first attempt, or of a second one. Raises UpstreamError."""
        for is_last in (False, True) if retry else (True,):
            begun = False
            try:
                async with aclosing(self._complete(prompt, deadline, fields)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                return
            except UpstreamError as error:
                if begun or is_last or not error.retryable or not await _pause(deadline):
                    raise
                count("llm_retry")

    async def aclose(self) -> None:
        """Stop probing."""
        await self.breaker.aclose()

    async def _probe(self) -> None:
        """A real completion, of one token. vLLM's ``/health`` is good while the engine hangs."""
        deadline = time.monotonic() + PROBE_SECONDS
        fields = self._fields("internal", 1, Writing(), None)
        async with aclosing(self._complete(self._probe_prompt, deadline, fields)) as pieces:
            async for _ in pieces:
                continue

    def _fields(self, audience: Audience, max_tokens: int | None, writing: Writing, grammar: str | None) -> dict[str, object]:
        """What is sent besides the prompt, and nothing else."""
        fields: dict[str, object] = dict(writing.sampling)
        limits = [limit for limit in (max_tokens or self._longest, writing.max_tokens) if limit is not None]
        if limits:
            fields["max_tokens"] = min(limits)
        body: dict[str, object] = {"cache_salt": self._salt(audience)} if self._cache_salt else {}
        if grammar is not None:
            body["structured_outputs"] = {"grammar": grammar}
        if body:
            fields["extra_body"] = body
        return fields

    def _complete(self, prompt: Prompt, deadline: float | None, fields: dict[str, object]) -> AsyncGenerator[Piece]:
        """One attempt."""
        chunks = self._client.astream(prompt.messages, **fields)  # type: ignore[arg-type]  # its fields are the client's **kwargs
        closable = cast("AsyncGenerator[AIMessageChunk]", chunks)
        return Completion(closable, self._timeouts, deadline).pieces(prompt, self.breaker.progressed)

    def _salt(self, audience: Audience) -> str:
        return hmac.digest(self._secret, b"cache:" + audience.encode(), hashlib.sha256).hex()


async def _pause(deadline: float | None) -> bool:
    """Wait for up to 0.4 s, at random so that many requests do not come back at once. False, without waiting, if there is no time."""
    if deadline is not None and time.monotonic() + RETRY_SECONDS >= deadline:
        return False
    await asyncio.sleep(random.uniform(0.25, 1.0) * RETRY_SECONDS)
    return True
