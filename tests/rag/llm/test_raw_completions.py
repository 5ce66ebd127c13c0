"""The client without the SDK's look through every field sends and reads what the SDK does."""

from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_openai import ChatOpenAI

from rag.llm.client import open_client
from rag.llm.raw_completions import RawCompletions
from rag.llm.timeouts import Timeouts
from tests.fake_llm.server import FakeLlm

MESSAGES = [{"role": "system", "content": "Say “où”, 运费, 🙂."}, {"role": "user", "content": "Why?"}]
FIELDS: list[dict[str, Any]] = [{}, {"max_tokens": 7, "seed": 3, "extra_body": {"cache_salt": "s", "structured_outputs": {"grammar": "g"}}}]


@pytest.fixture
def llm() -> Iterator[FakeLlm]:
    with FakeLlm("You can return it within 30 days. [1]") as fake:
        yield fake


async def _told(chat: ChatOpenAI, fields: dict[str, Any]) -> list[dict[str, Any]]:
    chunks = [chunk async for chunk in chat.astream(MESSAGES, **fields)]
    assert all(isinstance(chunk, AIMessageChunk) for chunk in chunks)
    return [chunk.model_dump(exclude={"id"}) for chunk in chunks]


@pytest.mark.parametrize("fields", FIELDS)
async def test_it_is_as_the_sdk_does_it(llm: FakeLlm, fields: dict[str, Any]) -> None:
    opened = open_client(llm.base_url, "fake", "a key", Timeouts(), 64)
    chat = opened.chat
    assert isinstance(chat, ChatOpenAI) and isinstance(chat.async_client, RawCompletions)
    raw = await _told(chat, fields)
    chat.async_client = chat.root_async_client.chat.completions
    assert raw == await _told(chat, fields)
    await opened.aclose()
    ours, theirs = llm.completions()
    assert ours.body == theirs.body
    assert ours.headers.keys() == theirs.headers.keys()
