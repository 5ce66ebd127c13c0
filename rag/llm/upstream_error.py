"""What can go wrong at the language model's server, as sentences of our own.

What the server sent is never repeated: it may hold the prompt, a stack trace, or words that somebody planted.
"""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import httpx

from kb.errors import GenerationError
from rag.llm.bounded_transport import ResponseTooLargeError

Meaning: TypeAlias = Literal["down", "busy", "refused"]
"""Whether the server is broken, has too much to do, or only refuses this one request."""

_STATUSES: dict[int, tuple[str, Meaning]] = {
    400: ("refused the request", "refused"),
    401: ("refused our key", "down"),
    403: ("refused our key", "down"),
    404: ("does not know the model, or has no chat completions at this address", "down"),
    413: ("refused the request as too long", "refused"),
    422: ("refused the request", "refused"),
    429: ("has too many requests", "busy"),
    503: ("is overloaded or not ready", "busy"),
}


class UpstreamError(GenerationError):
    """One completion failed. ``retryable``: asking once more at once may help, if no text has come yet."""

    def __init__(self, sentence: str, meaning: Meaning = "down", retryable: bool = False) -> None:
        super().__init__(sentence)
        self.meaning = meaning
        self.retryable = retryable


def upstream_error(error: Exception) -> UpstreamError:
    """The sentence for whatever LangChain's client raised."""
    for cause in _chain(error):
        match cause:
            case ResponseTooLargeError():
                return UpstreamError("The language model's server sent more than an answer can be.")
            case httpx.ConnectError() | httpx.ConnectTimeout():
                return UpstreamError("The language model's server cannot be reached.", retryable=True)
            case httpx.TimeoutException():
                return UpstreamError("The language model's server did not take the request in time.")
            case httpx.NetworkError() | httpx.RemoteProtocolError():
                return UpstreamError("The connection to the language model broke off.", retryable=True)
    return _answered(error)


def _answered(error: Exception) -> UpstreamError:
    """For a server that did answer. The client's errors are told apart by their documented attributes."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        what, meaning = _STATUSES.get(status, ("failed", "down"))
        return UpstreamError(f"The language model's server {what} (HTTP {status}).", meaning, retryable=status == 503)
    if getattr(error, "body", None) is not None:
        return UpstreamError("The language model's server reported an error instead of an answer.")
    return UpstreamError("The language model's server sent something that is not a chat completion.")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """``error``, and what caused it, down to the first cause."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
