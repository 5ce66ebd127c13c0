"""The events of a streamed chat completion, as vLLM writes them."""

import json
import re
from typing import Any

DONE = b"data: [DONE]\n\n"


def event(body: Any) -> bytes:
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


def chunk(model: str, delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_795_600_000, "model": model, "choices": [choice]}


def role(model: str) -> bytes:
    return event(chunk(model, {"role": "assistant", "content": ""}))


def token(model: str, text: str) -> bytes:
    return event(chunk(model, {"content": text}))


def finish(model: str, reason: str = "stop") -> bytes:
    return event(chunk(model, {"content": ""}, reason))


def usage(model: str, prompt: int, completion: int) -> bytes:
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return event({**chunk(model, {}), "choices": [], "usage": counts})


def tokens_of(text: str) -> list[str]:
    """``text`` in pieces of about the size of a model's tokens: words with the space before them, single Han characters."""
    return re.findall(r"\s*[一-鿿]|\s*[^\s一-鿿]{1,6}|\s+", text)
