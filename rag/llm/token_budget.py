"""Which prompt fits into the model's context, by the server's own count."""

import asyncio
import time
from collections.abc import Callable, Iterable

import httpx
from pydantic import BaseModel, ValidationError

from kb.errors import PromptTooLongError
from rag.llm.prompt import Prompt

DEFAULT_CONTEXT = 4096
ESTIMATE_MARGIN = 1.5
"""Our estimate is for a multilingual tokenizer; an English one makes more tokens of other languages."""
RECHECK_SECONDS = 300.0
TEMPLATE_TOKENS = 64
"""More than a chat template puts around one message."""
_ABSENT = frozenset({404, 405, 501})


class _Counted(BaseModel):
    """The answer of vLLM's ``/tokenize``."""

    count: int
    max_model_len: int


class TokenBudget:
    """Counts prompts with vLLM's ``POST /tokenize``; estimates them where a server has none, or does not answer in time."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        model: str,
        api_key: str | None,
        max_tokens: int,
        timeout: float,
        context: int = DEFAULT_CONTEXT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``max_tokens`` are kept free for the answer; ``context`` (tokens) is what a server is taken for that does not say."""
        self._http = http
        # vLLM serves /tokenize beside /v1, not below it.
        self._url = f"{base_url.rstrip('/').removesuffix('/v1')}/tokenize"
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._model = model
        self._max_tokens = max_tokens
        self._timeout = timeout
        self._context = context
        self._clock = clock
        self._absent_until = float("-inf")
        self._told_context = 0
        self._told_until = float("-inf")

    async def fit(self, prompts: Iterable[Prompt], deadline: float | None = None) -> Prompt:
        """The first of ``prompts`` (ordered from long to short) that leaves room for the answer.

        One call to the server, or none where a prompt is too short to be too long, however it is cut into tokens. After one that was
        too long, those that are too long by the same measure are not asked for. Raises PromptTooLongError when not even the last one fits.
        ``deadline`` is a reading of `time.monotonic`.
        """
        tokens_per_estimate = 0.0
        room = self._context - self._max_tokens
        for prompt in prompts:
            estimate = prompt.estimated_tokens
            if tokens_per_estimate * estimate > room:
                continue
            if self._surely_fits(prompt):
                return prompt
            count, context = await self._count(prompt, deadline)
            room = context - self._max_tokens
            if count <= room:
                return prompt
            tokens_per_estimate = count / max(1, estimate)
        raise PromptTooLongError(
            f"The question and its best passage do not fit into the language model's context ({room + self._max_tokens} tokens, "
            f"of which {self._max_tokens} are kept for the answer). Shorten the question."
        )

    def _surely_fits(self, prompt: Prompt) -> bool:
        """Whether it fits even if every byte of it is a token: no tokenizer makes more."""
        if self._clock() >= self._told_until:
            return False
        most = sum(len(message["content"].encode()) + TEMPLATE_TOKENS for message in prompt.messages)
        return most <= self._told_context - self._max_tokens

    async def _count(self, prompt: Prompt, deadline: float | None) -> tuple[int, int]:
        """The prompt's tokens and the model's context."""
        counted = await self._ask(prompt, deadline) if self._clock() >= self._absent_until else None
        if counted is None:
            return round(prompt.estimated_tokens * ESTIMATE_MARGIN), self._context
        self._told_context, self._told_until = counted.max_model_len, self._clock() + RECHECK_SECONDS
        return counted.count, counted.max_model_len

    async def _ask(self, prompt: Prompt, deadline: float | None) -> _Counted | None:
        """None where the server cannot say: the completion that follows will tell what is wrong with it."""
        left = self._timeout if deadline is None else min(self._timeout, max(0.01, deadline - time.monotonic()))
        body = {"model": self._model, "messages": prompt.messages}
        try:
            async with asyncio.timeout(left):
                response = await self._http.post(self._url, json=body, headers=self._headers)
            if response.status_code in _ABSENT:
                self._absent_until = self._clock() + RECHECK_SECONDS
            return _Counted.model_validate_json(response.content) if response.status_code == 200 else None
        except (httpx.HTTPError, TimeoutError, ValidationError):
            return None
