"""Check 40: the same ten requests through every client."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conformance.answers import CHINESE, RETURNS, SHIPPING, UNANSWERED
from tests.conformance.serving import MODEL, Served
from tests.conformance.worker import CLIENTS, Worker


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


CONVERSATIONS: tuple[list[dict[str, Any]], ...] = (
    [user(RETURNS)],
    [user(CHINESE)],
    [user(UNANSWERED)],
    [{"role": "system", "content": "Answer briefly."}, user([{"type": "text", "text": SHIPPING}])],
    [user(RETURNS), {"role": "assistant", "content": "Within 30 days."}, user(SHIPPING)],
)
REQUESTS = [(messages, streamed) for messages in CONVERSATIONS for streamed in (False, True)]
AS_VLLM = {"provider": "hosted_vllm"}


@pytest.mark.parametrize(("name", "options"), [*((name, {}) for name in CLIENTS), ("LiteLLM", AS_VLLM)], ids=lambda value: str(value))
def test_40_the_same_ten_requests(
    name: str, options: dict[str, str], client: Callable[[str], Worker], server: Served
) -> None:
    """No exception, the same text, the same end; and the same links wherever the client keeps annotations."""
    worker = client(name)
    for messages, streamed in REQUESTS:
        given = {"model": MODEL, "messages": messages, "streamed": streamed}
        told = worker.call("ask", server.base_url, server.keys.public, **given, **options)
        expected = server.post({"model": MODEL, "messages": messages}).json
        assert told["text"] == expected["choices"][0]["message"]["content"], (messages, streamed)
        assert told["finish"] == "stop"
        if told["cited"] is not None:
            cited = [one["url_citation"]["url"] for one in expected["choices"][0]["message"]["annotations"]]
            assert [unsigned(url) for url in told["cited"]] == [unsigned(url) for url in cited]


def test_40_there_are_ten() -> None:
    assert len(REQUESTS) == 10


def unsigned(url: str) -> str:
    """A link without its signature, which changes with the second in which it was made."""
    return urlsplit(url)._replace(query="").geturl()
