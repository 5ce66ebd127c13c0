"""By which headers a request to the language model's server can be found again: in its log, and in a trace."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count

REQUEST_ID = "x-request-id"
_RUNNING: ContextVar["Correlation | None"] = ContextVar("citedesk_correlation", default=None)


class Correlation:
    """The headers of the requests that one question leads to.

    Each has an id of its own, ``<request id>-1``, ``-2`` and so on: vLLM takes ``X-Request-Id`` for the name of the work in its engine, in
    which two of one name would be mistaken for each other (a retry starts before the first attempt is known to have ended).
    """

    def __init__(self, request_id: str, trace: Mapping[str, str] | None = None) -> None:
        """``trace`` are the headers of W3C's Trace Context, where the question is traced."""
        self._request_id = request_id
        self._trace = dict(trace or {})
        self._numbers = count(1)

    @contextmanager
    def running(self) -> Iterator[None]:
        """What is sent within the block, and by tasks that are started there, carries these headers. Not for generators."""
        token = _RUNNING.set(self)
        try:
            yield
        finally:
            _RUNNING.reset(token)

    def headers(self) -> dict[str, str]:
        """Those of the next request."""
        return {REQUEST_ID: f"{self._request_id}-{next(self._numbers)}", **self._trace}


def correlation_headers() -> dict[str, str]:
    """The headers of the next request that is sent from here; none where no question is being answered, as by a probe."""
    correlation = _RUNNING.get()
    return {} if correlation is None else correlation.headers()
