"""What a language model's server does wrong, or unusually, by name."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum

from tests.fake_llm import sse
from tests.fake_llm.connection import Connection, Request


class Fault(StrEnum):
    """Sixteen faults, and below them five streams that are odd but valid."""

    REFUSE = "refuse"
    ACCEPT_AND_SILENT = "accept-and-silent"
    HEADERS_THEN_SILENT = "headers-then-silent"
    TOKEN_THEN_SILENT = "one-token-then-silent"
    SLOW = "one-token-in-five-seconds"
    RESET = "reset-in-mid-stream"
    NO_FINISH = "clean-end-without-finish"
    ERROR_IN_STREAM = "error-in-stream"
    ERROR_FIRST = "error-before-first-token"
    HTML = "html-with-200"
    UNAUTHORIZED = "401"
    TOO_MANY = "429"
    UNAVAILABLE = "503"
    FAILED = "500-text"
    INVALID_JSON = "invalid-json-line"
    HUGE_LINE = "ten-megabyte-line"

    NO_DONE = "finish-without-done"
    SPLIT_UTF8 = "split-utf-8"
    EMPTY_CHOICES = "empty-choices-first"
    NO_USAGE = "no-usage"
    LENGTH = "finish-by-length"


VALID: tuple[Fault, ...] = (Fault.NO_DONE, Fault.SPLIT_UTF8, Fault.EMPTY_CHOICES, Fault.NO_USAGE, Fault.LENGTH)
REAL: tuple[Fault, ...] = tuple(fault for fault in Fault if fault not in VALID)
SECRET = "sk-upstream-0123456789"
"""Stands in every error body: it must not come out at the other end."""
_ERROR = {"error": {"message": f"EngineDeadError: {SECRET}", "type": "InternalServerError", "param": None, "code": 500}}
_HUGE = 10 * (1 << 20)
_SLOW_SECONDS = 5.0


async def silent(connection: Connection, request: Request, text: str) -> None:
    await connection.silence()


async def headers_then_silent(connection: Connection, request: Request, text: str) -> None:
    await connection.begin_stream()
    await connection.silence()


async def token_then_silent(connection: Connection, request: Request, text: str) -> None:
    await begin(connection, request, text)
    await connection.silence()


async def slow(connection: Connection, request: Request, text: str) -> None:
    await connection.begin_stream()
    for word in sse.tokens_of(text):
        await connection.send(sse.token(request.model, word))
        try:
            await asyncio.wait_for(connection.silence(), _SLOW_SECONDS)
            return
        except TimeoutError:
            continue


async def reset(connection: Connection, request: Request, text: str) -> None:
    await begin(connection, request, text)
    await asyncio.sleep(0.02)  # a reset overtakes what has not been read
    connection.reset()


async def no_finish(connection: Connection, request: Request, text: str) -> None:
    await begin(connection, request, text)
    await connection.send(sse.DONE)
    await connection.end_stream()


async def error_in_stream(connection: Connection, request: Request, text: str) -> None:
    await begin(connection, request, text)
    await _error(connection)


async def error_first(connection: Connection, request: Request, text: str) -> None:
    await connection.begin_stream()
    await _error(connection)


async def _error(connection: Connection) -> None:
    await connection.send(sse.event(_ERROR) + sse.DONE)
    await connection.end_stream()


async def html(connection: Connection, request: Request, text: str) -> None:
    await connection.respond("200 OK", f"<!doctype html>\n<title>Sign in {SECRET}</title>\n".encode(), "text/html")


async def unauthorized(connection: Connection, request: Request, text: str) -> None:
    await connection.respond_json({"error": "Unauthorized"}, "401 Unauthorized", f"x-secret: {SECRET}\r\n")


async def too_many(connection: Connection, request: Request, text: str) -> None:
    await connection.respond_json(_ERROR, "429 Too Many Requests", "retry-after: 1\r\n")


async def unavailable(connection: Connection, request: Request, text: str) -> None:
    await connection.respond_json(_ERROR, "503 Service Unavailable")


async def failed(connection: Connection, request: Request, text: str) -> None:
    await connection.respond("500 Internal Server Error", f"Traceback {SECRET}".encode(), "text/plain")


async def invalid_json(connection: Connection, request: Request, text: str) -> None:
    await begin(connection, request, text)
    await connection.send(f'data: {{"choices": [{SECRET}\n\n'.encode())
    await connection.end_stream()


async def huge_line(connection: Connection, request: Request, text: str) -> None:
    await connection.begin_stream()
    await connection.send(b'data: {"choices": [{"index": 0, "delta": {"content": "')
    for _ in range(_HUGE // 65536):
        await connection.send(b"a" * 65536)
    await connection.send(b'"}}]}\n\n' + sse.finish(request.model) + sse.DONE)
    await connection.end_stream()


async def no_done(connection: Connection, request: Request, text: str) -> None:
    await whole(connection, request, text, done=b"")


async def split_utf8(connection: Connection, request: Request, text: str) -> None:
    await connection.begin_stream()
    stream = b"".join(sse.token(request.model, word) for word in sse.tokens_of(text)) + sse.finish(request.model) + sse.DONE
    for byte in stream:
        await connection.send(bytes([byte]))
    await connection.end_stream()


async def empty_choices(connection: Connection, request: Request, text: str) -> None:
    await whole(connection, request, text, first=sse.event({**sse.chunk(request.model, {}), "choices": []}))


async def no_usage(connection: Connection, request: Request, text: str) -> None:
    await whole(connection, request, text, usage=False)


async def length(connection: Connection, request: Request, text: str) -> None:
    await whole(connection, request, text, reason="length")


async def begin(connection: Connection, request: Request, text: str) -> None:
    """The head of the stream and its first token."""
    await connection.begin_stream()
    await connection.send(sse.role(request.model))
    await connection.send(sse.token(request.model, sse.tokens_of(text)[0]))


async def whole(
    connection: Connection,
    request: Request,
    text: str,
    *,
    first: bytes = b"",
    reason: str = "stop",
    usage: bool = True,
    done: bytes = sse.DONE,
    pause: float = 0.0,
) -> None:
    """A whole stream, one token after the other, ``pause`` seconds between them."""
    words = sse.tokens_of(text)
    await connection.begin_stream()
    await connection.send(first + sse.role(request.model))
    for word in words:
        await connection.send(sse.token(request.model, word))
        await asyncio.sleep(pause)
    wanted = usage and (request.body.get("stream_options") or {}).get("include_usage")
    counted = sse.usage(request.model, 100, len(words)) if wanted else b""
    await connection.send(sse.finish(request.model, reason) + counted + done)
    await connection.end_stream()


Behaviour = Callable[[Connection, Request, str], Awaitable[None]]
BEHAVIOURS: dict[Fault, Behaviour] = {
    Fault.ACCEPT_AND_SILENT: silent,
    Fault.HEADERS_THEN_SILENT: headers_then_silent,
    Fault.TOKEN_THEN_SILENT: token_then_silent,
    Fault.SLOW: slow,
    Fault.RESET: reset,
    Fault.NO_FINISH: no_finish,
    Fault.ERROR_IN_STREAM: error_in_stream,
    Fault.ERROR_FIRST: error_first,
    Fault.HTML: html,
    Fault.UNAUTHORIZED: unauthorized,
    Fault.TOO_MANY: too_many,
    Fault.UNAVAILABLE: unavailable,
    Fault.FAILED: failed,
    Fault.INVALID_JSON: invalid_json,
    Fault.HUGE_LINE: huge_line,
    Fault.NO_DONE: no_done,
    Fault.SPLIT_UTF8: split_utf8,
    Fault.EMPTY_CHOICES: empty_choices,
    Fault.NO_USAGE: no_usage,
    Fault.LENGTH: length,
}
"""All but `Fault.REFUSE`, for which nothing listens."""
