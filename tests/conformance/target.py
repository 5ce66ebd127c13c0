"""The server that the checks are tried on, as whoever asks it sees it."""

from dataclasses import dataclass, field
from typing import Any

from tests.conformance import raw

MODEL = "citedesk"
"""What is asked for; another one where a server in use is tried (tests/conformance/conftest.py)."""


@dataclass(frozen=True)
class Keys:
    """Secrets of API keys by what they may do."""

    public: str = field(repr=False)
    internal: str = field(repr=False)
    searching: str = field(repr=False)
    """May search, and not chat."""


class Target:
    """A server at ``url``."""

    def __init__(self, keys: Keys, url: str) -> None:
        self.keys = keys
        self._url = url

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._url

    @property
    def base_url(self) -> str:
        """What an OpenAI client is given."""
        return f"{self.url}/v1"

    def post(self, body: Any, path: str = "/v1/chat/completions", **options: Any) -> raw.RawResponse:
        """Send ``body`` (bytes as they are, all else as JSON) with the public key over a socket."""
        headers = {"Authorization": f"Bearer {self.keys.public}", "Content-Type": "application/json"} | options.pop("headers", {})
        return raw.send(f"{self.url}{path}", raw.encoded(body), headers, **options)

    def get(self, path: str, key: str | None = None) -> raw.RawResponse:
        return raw.send(f"{self.url}{path}", b"", {"Authorization": f"Bearer {key or self.keys.public}"}, "GET")


def chat(question: str, **fields: Any) -> dict[str, Any]:
    """The body of a request for an answer to ``question``."""
    return {"model": MODEL, "messages": [{"role": "user", "content": question}]} | fields
