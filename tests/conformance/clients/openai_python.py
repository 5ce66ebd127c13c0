"""The OpenAI client for Python, either major version."""

from importlib.metadata import version
from typing import Any

from openai import OpenAI

from tests.conformance.clients.loop import serve

SECONDS = 180


def _client(base_url: str, key: str, retries: int = 0) -> OpenAI:
    return OpenAI(base_url=base_url, api_key=key, max_retries=retries, timeout=SECONDS)


def models(base_url: str, key: str) -> Any:
    with _client(base_url, key) as client:
        page = client.models.list()
        return {"object": page.object, "data": [model.model_dump() for model in page]}


def model(base_url: str, key: str, name: str) -> Any:
    with _client(base_url, key) as client:
        return client.models.retrieve(name).model_dump()


def complete(base_url: str, key: str, body: dict[str, Any], retries: int = 0) -> Any:
    """The response as the client reads it, the id it knows the request by, and the headers."""
    with _client(base_url, key, retries) as client:
        raw = client.chat.completions.with_raw_response.create(**body)
        parsed = raw.parse()
        headers = {name.lower(): value for name, value in raw.headers.items()}
        return {"response": parsed.model_dump(), "request_id": parsed._request_id, "headers": headers}


def stream(base_url: str, key: str, body: dict[str, Any], retries: int = 0) -> Any:
    with _client(base_url, key, retries) as client, client.chat.completions.create(**body, stream=True) as chunks:
        return [chunk.model_dump() for chunk in chunks]


def accumulate(base_url: str, key: str, body: dict[str, Any]) -> Any:
    """What ``.stream()`` makes of the chunks."""
    with _client(base_url, key) as client, client.chat.completions.stream(**body) as events:
        return events.get_final_completion().model_dump()


def embed(base_url: str, key: str, body: dict[str, Any]) -> Any:
    with _client(base_url, key) as client:
        return client.embeddings.create(**body).model_dump()


def ask(base_url: str, key: str, model: str, messages: list[dict[str, Any]], streamed: bool) -> Any:
    body = {"model": model, "messages": messages}
    done = accumulate(base_url, key, body) if streamed else complete(base_url, key, body)["response"]
    message = done["choices"][0]["message"]
    cited = [one["url_citation"]["url"] for one in message.get("annotations") or []]
    return {"text": message["content"], "finish": done["choices"][0]["finish_reason"], "cited": cited}


if __name__ == "__main__":
    serve(
        {one.__name__: one for one in (models, model, complete, stream, accumulate, embed, ask)},
        {"openai": version("openai")},
    )
