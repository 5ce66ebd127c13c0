"""Request bodies, read strictly: the cap comes before the parser, and what is wrong is said without repeating it."""

import asyncio
import re
from typing import TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from server.errors import RequestError
from server.services import services_of

Model = TypeVar("Model", bound=BaseModel)
MAX_NAMED = 20
"""Ignored fields that are named in a response."""
_OBJECT = "it must be an object with named fields"
"""In the place of Pydantic's sentence, which names classes of ours."""
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


async def read_model(request: Request, model: type[Model], limit: int) -> Model:
    """The JSON body as a ``model``. Fields that it does not have are ignored and named in the response (`ignored_fields`).

    Raises RequestError: 415 for another content type or a compressed body, 413 for more than ``limit`` bytes, 408 when it is too slow, 400
    for anything that is not JSON (NaN, lone surrogates and absurd depth included), not a ``model``, or has fields that nobody knows where
    the settings say so. A model's ``without_effect`` names fields that are known and do nothing.
    """
    _check_content_type(request)
    content = _parse(await _read(request, limit))
    try:
        body = model.model_validate(content)
    except ValidationError as error:
        raise _as_request_error(error.errors(include_url=False, include_input=False)[0]) from error
    ignored = [name for name in content if name not in model.model_fields] if isinstance(content, dict) else []
    if services_of(request).settings.unknown_fields == "refuse":
        _refuse_unknown(ignored, getattr(model, "without_effect", frozenset()))
    request.state.ignored_fields = ignored
    return body


def ignored_fields(names: list[str]) -> str:
    """``names`` for a header: only those that look like names, and not endlessly many."""
    plain = [name for name in names if _NAME.fullmatch(name)]
    return ",".join([*plain[:MAX_NAMED], *(["..."] if len(names) > len(plain[:MAX_NAMED]) else [])])


def _refuse_unknown(names: list[str], known: frozenset[str]) -> None:
    for name in names:
        if name not in known:
            shown = name[:64]
            raise RequestError(f"Unknown field '{shown}'. Remove it or correct its name.", code="unknown_field", param=shown)


def _check_content_type(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RequestError("Send the body as `Content-Type: application/json`.", status=415, code="unsupported_media_type")
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
        message = "Send the body as it is, without `Content-Encoding`: compressed ones are not read."
        raise RequestError(message, status=415, code="unsupported_media_type", headers={"Accept-Encoding": "identity"})


async def _read(request: Request, limit: int) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    seconds = services_of(request).settings.body_seconds
    try:
        async with asyncio.timeout(seconds):
            return await _collect(request, limit)
    except TimeoutError:
        message = f"The body did not come within {seconds:g} seconds. Send it faster."
        raise RequestError(message, status=408, code="request_timeout", headers={"Connection": "close"}) from None


async def _collect(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> RequestError:
    return RequestError(f"The request is larger than {limit} bytes. Send less.", status=413, code="request_too_large")


def _parse(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise RequestError(f"The body is not valid JSON (near {where}).", code="invalid_json") from error


def _as_request_error(detail: ErrorDetails) -> RequestError:
    """Pydantic's first complaint. Its messages name rules, never the value that broke them."""
    param = _field(detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        return RequestError(f"Unknown field '{param}'. Remove it or correct its name.", code="unknown_field", param=param)
    if kind == "missing":
        return RequestError(f"The field '{param}' is missing.", code="missing_field", param=param)
    code = kind if kind.startswith(("unsupported_", "invalid_")) else "invalid_value"
    message = _OBJECT if kind in ("model_type", "dict_type", "model_attributes_type") else str(detail["msg"]).rstrip(".")
    return RequestError(f"The field '{param}' is wrong: {message}." if param else f"The body is wrong: {message}.", code=code, param=param)


def _field(location: tuple[int | str, ...]) -> str | None:
    """``("messages", 0, "content")`` as ``messages[0].content``. A caller's own key is cut, not repeated at length."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part[:64]}" if path else part[:64]
    return path or None
