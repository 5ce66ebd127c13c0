"""LiteLLM, as a caller of an OpenAI server and of one that it takes for vLLM."""

from importlib.metadata import version
from typing import Any

import litellm

from tests.conformance.clients.loop import serve


def ask(base_url: str, key: str, model: str, messages: list[dict[str, Any]], streamed: bool, provider: str = "openai") -> Any:
    done = litellm.completion(
        model=f"{provider}/{model}", messages=messages, api_base=base_url, api_key=key, stream=streamed, num_retries=0, timeout=180
    )
    if streamed:
        done = litellm.stream_chunk_builder(list(done), messages=messages)
    message = done.choices[0].message
    cited = [one["url_citation"]["url"] for one in getattr(message, "annotations", None) or []]
    return {"text": message.content, "finish": done.choices[0].finish_reason, "cited": cited}


if __name__ == "__main__":
    serve({"ask": ask}, {"litellm": version("litellm")})
