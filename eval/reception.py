"""What came back on one streamed chat completion, read from its server-sent events."""

import json


class Reception:
    """Counts while a completion comes in. Feed it the stream line by line."""

    def __init__(self) -> None:
        self.characters = 0
        self.finished = False
        """Whether the server said that the answer is complete; False when it broke off or was no longer read."""
        self._pieces = 0
        self._counted: int | None = None

    @property
    def tokens(self) -> int:
        """Completion tokens by the server's own count; where the stream was cut, the pieces of text, of which vLLM sends one a token."""
        return self._pieces if self._counted is None else self._counted

    def feed(self, line: str) -> None:
        """One line of the stream. Raises ValueError where a ``data`` line holds no JSON."""
        if not line.startswith("data:") or line.endswith("[DONE]"):
            return
        event = json.loads(line.removeprefix("data:"))
        if event.get("usage"):
            self._counted = event["usage"]["completion_tokens"]
        for choice in event.get("choices", ()):
            text = (choice.get("delta") or {}).get("content") or ""
            self.characters += len(text)
            self._pieces += bool(text)
            self.finished |= choice.get("finish_reason") is not None
