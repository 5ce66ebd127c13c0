"""Check 40: the same ten requests through every client."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conformance.answers import CHINESE, RETURNS, SHIPPING, UNANSWERED
from tests.conformance.target import MODEL, Target
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
SERVERS = ("picked", "written")
REQUESTS = [
    (messages, streamed, SERVERS[(number + streamed) % 2]) for number, messages in enumerate(CONVERSATIONS) for streamed in (False, True)
]
"""Each conversation whole and streamed, once with a language model and once without."""
AS_VLLM = {"provider": "hosted_vllm"}
Expect = Callable[[list[dict[str, Any]], str], dict[str, Any]]


@pytest.fixture(scope="module")
def expected(servers: dict[str, Target]) -> Expect:
    """What a socket gets for the same messages, unstreamed: asked once for all clients."""
    messages: dict[str, dict[str, Any]] = {}

    def message(asked: list[dict[str, Any]], server: str) -> dict[str, Any]:
        name = f"{server}: {asked}"
        if name not in messages:
            messages[name] = servers[server].post({"model": MODEL, "messages": asked}).json["choices"][0]["message"]
        return messages[name]

    return message


@pytest.mark.parametrize(("name", "options"), [*((name, {}) for name in CLIENTS), ("LiteLLM", AS_VLLM)], ids=str)
def test_40_the_same_ten_requests(
    name: str, options: dict[str, str], client: Callable[[str], Worker], servers: dict[str, Target], expected: Expect
) -> None:
    """No exception, the same text, the same end; and the same links wherever the client keeps annotations."""
    worker = client(name)
    for messages, streamed, server in REQUESTS:
        given = {"model": MODEL, "messages": messages, "streamed": streamed}
        told = worker.call("ask", servers[server].base_url, servers[server].keys.public, **given, **options)
        message = expected(messages, server)
        assert (told["text"], told["finish"]) == (message["content"], "stop"), (messages, streamed)
        if told["cited"] is not None:
            cited = [one["url_citation"]["url"] for one in message["annotations"]]
            assert [unsigned(url) for url in told["cited"]] == [unsigned(url) for url in cited]


def test_40_there_are_ten() -> None:
    assert len(REQUESTS) == 10


def unsigned(url: str) -> str:
    """A link without its signature, which changes with the second in which it was made."""
    return urlsplit(url)._replace(query="").geturl()
