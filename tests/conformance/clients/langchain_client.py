"""LangChain's ``ChatOpenAI``."""

from importlib.metadata import version
from typing import Any

from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.conformance.clients.loop import serve


def ask(base_url: str, key: str, model: str, messages: list[dict[str, Any]], streamed: bool) -> Any:
    chat = ChatOpenAI(base_url=base_url, api_key=SecretStr(key), model=model, max_retries=0, timeout=180)
    said = [(message["role"], message["content"]) for message in messages]
    parts = list(chat.stream(said)) if streamed else [chat.invoke(said)]
    finish = next(part.response_metadata["finish_reason"] for part in reversed(parts) if part.response_metadata.get("finish_reason"))
    return {"text": "".join(str(part.content) for part in parts), "finish": finish, "cited": None}


if __name__ == "__main__":
    serve({"ask": ask}, {"langchain-openai": version("langchain-openai")})
