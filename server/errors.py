"""From exceptions to OpenAI's error shape: one table, used by every route and by streams that have begun.

    {"error": {"message": …, "type": …, "param": …, "code": …}}

Whether a caller should try again is said by the status: the OpenAI clients repeat 408, 409, 429 and 5xx by themselves, and leave it
where ``x-should-retry: false`` says that the same request would fail again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from starlette.exceptions import HTTPException

from kb import errors
from server.watching.exchange import note_failure

_LOG = structlog.get_logger(__name__)


class RequestError(errors.CitedeskError):
    """The request itself is wrong. ``param`` names the field, ``code`` is for programs."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str = "invalid_value",
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.headers = headers or {}
        self.status = status
        self.code = code
        self.param = param


class OriginalGoneError(errors.AccessError):
    """The link to an original has expired, or its version is no longer kept."""


class BadLinkError(errors.AccessError):
    """The link to an original was not made by this service, or was changed."""


class NotFoundError(errors.CitedeskError):
    """There is no such thing, or this key may not know that there is."""


class RefusedError(errors.CitedeskError):
    """Nothing is wrong with the request, only with its moment. ``headers`` say when to try again."""

    def __init__(self, message: str, headers: Mapping[str, str]) -> None:
        super().__init__(message)
        self.headers = headers


class OverloadedError(RefusedError):
    """All places are taken and the queue is full, or the wait in it was too long. ``seconds`` is when to try again."""

    def __init__(self, seconds: int) -> None:
        sentence = f"The service is at its limit and cannot take this request now. Try again in {seconds} seconds."
        super().__init__(sentence, {"Retry-After": str(seconds)})


class StoppingError(RefusedError):
    """The server stops, and could not finish this request in the time it had left."""

    def __init__(self) -> None:
        super().__init__("The server is stopping and could not finish this request. Try again.", {"Retry-After": "1"})


class RequestRateError(RefusedError):
    """The key or the end user has sent as many requests as are allowed in a minute."""


class TokenRateError(RefusedError):
    """The key or the end user has used as many tokens as are allowed in a minute."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as it is sent. ``headers`` go with a response, not with a stream that has begun."""

    status: int
    message: str
    type: str = "invalid_request_error"
    code: str | None = None
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """OpenAI's error object."""
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


@dataclass(frozen=True, slots=True)
class _Rule:
    status: int
    type: str
    code: str
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


_RETRY = {"Retry-After": "5"}
_LEAVE = {"x-should-retry": "false"}
_REQUEST, _ACCESS, _SERVER = "invalid_request_error", "permission_error", "server_error"

# The nearest class along the exception's own bases decides; CitedeskError at the end catches what has no row.
_TABLE: dict[type[errors.CitedeskError], _Rule] = {
    errors.EmptyQuestionError: _Rule(400, _REQUEST, "empty_question", "messages"),
    errors.QuestionTooLongError: _Rule(400, _REQUEST, "context_length_exceeded", "messages"),
    errors.QuestionError: _Rule(400, _REQUEST, "invalid_question", "messages"),
    errors.UnknownRegionError: _Rule(400, _REQUEST, "invalid_region", "citedesk.region"),
    errors.InvalidKeyError: _Rule(401, _REQUEST, "invalid_api_key", headers={"WWW-Authenticate": 'Bearer realm="citedesk"'}),
    errors.ScopeDeniedError: _Rule(403, _ACCESS, "insufficient_scope"),
    BadLinkError: _Rule(403, _ACCESS, "invalid_link"),
    OriginalGoneError: _Rule(410, _REQUEST, "link_expired"),
    errors.AccessError: _Rule(403, _ACCESS, "access_denied"),
    NotFoundError: _Rule(404, _REQUEST, "not_found"),
    errors.NoVersionError: _Rule(503, _SERVER, "no_version", headers=_RETRY | _LEAVE),
    errors.VersionNotFoundError: _Rule(404, _REQUEST, "version_not_found"),
    errors.EncoderMismatchError: _Rule(503, _SERVER, "encoder_mismatch", headers=_LEAVE),
    errors.EncoderError: _Rule(503, _SERVER, "encoder_unavailable", headers=_RETRY),
    errors.StoreBusyError: _Rule(409, _SERVER, "store_busy", headers=_RETRY),
    errors.KnowledgeBaseError: _Rule(503, _SERVER, "knowledge_base_unavailable", headers=_RETRY),
    errors.PromptTooLongError: _Rule(400, _REQUEST, "context_length_exceeded", "messages"),
    errors.StateUnavailableError: _Rule(503, _SERVER, "state_unavailable", headers=_RETRY),
    errors.GenerationError: _Rule(503, _SERVER, "llm_unavailable", headers=_RETRY),
    RequestRateError: _Rule(429, "requests", "rate_limit_exceeded"),
    TokenRateError: _Rule(429, "tokens", "rate_limit_exceeded"),
    OverloadedError: _Rule(503, _SERVER, "overloaded"),
    StoppingError: _Rule(503, _SERVER, "server_stopping"),
    RefusedError: _Rule(503, _SERVER, "unavailable", headers=_RETRY),
    errors.DeadlineError: _Rule(504, _SERVER, "deadline_exceeded", headers=_LEAVE),
    errors.IngestError: _Rule(500, _SERVER, "ingest_failed", headers=_LEAVE),
    errors.ConfigurationError: _Rule(500, _SERVER, "configuration_error", headers=_LEAVE),
    errors.CitedeskError: _Rule(500, _SERVER, "internal_error"),
}
# Sentences of these name files and commands of the machine: for its owner's logs, not for callers.
_PUBLIC = (errors.PromptTooLongError,)
_PRIVATE = (
    errors.KnowledgeBaseError, errors.EncoderError, errors.GenerationError, errors.ConfigurationError, errors.IngestError,
    errors.StateUnavailableError,
)  # fmt: skip
_PRIVATE_MESSAGES = {
    "no_version": "The knowledge base is empty: nothing has been published yet. Run `citedesk ingest PATH` on the server, then try again.",
    "encoder_mismatch": "The knowledge base was built with another encoder than the one configured. Its owner must ingest again.",
}
_UNAVAILABLE = "The service cannot answer at the moment. Try again later; its logs say more under this request's id."
_UNEXPECTED = "An error on the server's side stopped this request. Its logs say more under this request's id."
_HTTP_CODES = {404: "unknown_url", 405: "method_not_allowed", 413: "request_too_large", 415: "unsupported_media_type"}


def to_failure(error: Exception) -> Failure:
    """What is sent for ``error``, which is noted in the record of the request.

    An exception that nobody raised on purpose is logged, and sent without any detail.
    """
    failure = _failure(error)
    note_failure(failure.code)
    return failure


def about_field(error: errors.QuestionError, param: str) -> RequestError:
    """The same error where the question does not stand in ``messages`` but in the field ``param``."""
    rule = _rule_of(error)
    return RequestError(str(error), status=rule.status, code=str(rule.code), param=param)


def _rule_of(error: errors.CitedeskError) -> _Rule:
    return next(_TABLE[kind] for kind in type(error).__mro__ if kind in _TABLE)


def _failure(error: Exception) -> Failure:
    if isinstance(error, RequestError):
        return Failure(error.status, str(error), code=error.code, param=error.param, headers=error.headers)
    if isinstance(error, errors.CitedeskError):
        return _from_table(error)
    if isinstance(error, HTTPException):
        return _from_http(error)
    _LOG.error("unexpected_error", error_type=type(error).__name__, exc_info=error)
    return Failure(500, _UNEXPECTED, _SERVER, "internal_error")


def _from_table(error: errors.CitedeskError) -> Failure:
    rule = _rule_of(error)
    message = str(error)
    if isinstance(error, _PRIVATE) and not isinstance(error, _PUBLIC):
        _LOG.error("request_failed", code=rule.code, reason=message)
        message = _PRIVATE_MESSAGES.get(rule.code, _UNAVAILABLE)
    headers = {**rule.headers, **(error.headers if isinstance(error, RefusedError) else {})}
    return Failure(rule.status, message, rule.type, rule.code, rule.param, headers)


def _from_http(error: HTTPException) -> Failure:
    """Errors of the routing itself."""
    message = {
        404: "There is no such address here. The API is under /v1; GET / lists its routes.",
        405: f"This address does not take this HTTP method. It takes {(error.headers or {}).get('Allow', 'others')}.",
    }.get(error.status_code, "The request cannot be handled.")
    return Failure(error.status_code, message, code=_HTTP_CODES.get(error.status_code), headers=error.headers or {})
