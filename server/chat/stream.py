"""An answer as server-sent events: one ``data:`` line per chunk, nothing but comments besides, ``[DONE]`` at the end."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rag.answer import Answer, EndEvent, SentenceEvent
from server.chat.pump import ClientGoneError, EventPump, unless_client_leaves
from server.chat.rendering import render_footer, render_sentence
from server.chat.response import Reply, usage
from server.errors import StoppingError, to_failure

_DONE = b"data: [DONE]\n\n"
_KEEP_ALIVE = b": keep-alive\n\n"
_HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",  # or nginx gathers the whole answer before it sends any of it
    "x-content-type-options": "nosniff",
}


class AnswerStream(Response):
    """The streamed response. Errors from here on travel inside the stream: the status has been sent."""

    def __init__(self, pump: EventPump, reply: Reply, include_usage: bool, keep_alive: float) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._pump = pump
        self._reply = reply
        self._include_usage = include_usage
        self._keep_alive = keep_alive
        self._open = False
        """Whether it has begun and not ended: whatever happens now must be said in it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the whole stream; stop the answering when the client leaves."""
        try:
            await unless_client_leaves(self._send_all(send), receive)
        except ClientGoneError:
            return
        except asyncio.CancelledError:  # the server stops, and the client must hear of it
            if self._open:
                await self._break_off(StoppingError(), send)
            raise
        finally:
            await self._pump.close()
        if self.background is not None:
            await self.background()

    async def _send_all(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        self._open = True
        try:
            async for frame in self._frames():
                await send({"type": "http.response.body", "body": frame, "more_body": True})
        except Exception as error:  # noqa: BLE001 - told in the stream, and logged there if unexpected
            await self._break_off(error, send)
        else:
            self._open = False
            await send({"type": "http.response.body", "body": _DONE, "more_body": False})

    async def _break_off(self, error: Exception, send: Send) -> None:
        """A stream that just stops would look like a finished answer: say what happened, then end it in form."""
        self._open = False
        await send({"type": "http.response.body", "body": _frame(to_failure(error).body()) + _DONE, "more_body": False})

    async def _frames(self) -> AsyncIterator[bytes]:
        yield self._chunk({"role": "assistant", "content": ""})
        sent: list[str] = []
        while True:
            while not await self._pump.ready(self._keep_alive):
                yield _KEEP_ALIVE
            event = await self._pump.take()
            if isinstance(event, SentenceEvent):
                sent.append(render_sentence(event.sentence, self._reply.style))
                yield self._chunk({"content": sent[-1]})
            elif isinstance(event, EndEvent):
                _check_sum(sent, event.answer, self._reply)
                for frame in self._ending(event.answer):
                    yield frame
                return

    def _ending(self, answer: Answer) -> list[bytes]:
        """Footer if asked for, annotations if any, the finish chunk with the sources, usage if asked for."""
        listed = self._reply.sources(answer)
        footer = render_footer(listed, self._reply.style)
        annotations = self._reply.annotations(answer)
        frames = [self._chunk({"content": footer})] if footer else []
        if annotations:
            frames.append(self._chunk({"annotations": annotations}))
        frames.append(self._chunk({}, answer.finish, {"sources": listed, "citedesk": self._reply.extension(answer)}))
        if self._include_usage:
            frames.append(_frame(self._reply.head("chat.completion.chunk") | {"choices": [], "usage": usage(answer.usage)}))
        return frames

    def _chunk(self, delta: Mapping[str, Any], finish: str | None = None, extra: Mapping[str, Any] | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _frame(self._reply.head("chat.completion.chunk") | {"choices": [choice]} | dict(extra or {}))


def _check_sum(sent: list[str], answer: Answer, reply: Reply) -> None:
    """Annotations count characters of what was sent; they would point anywhere if the events were not the answer."""
    if sent != [render_sentence(sentence, reply.style) for sentence in answer.sentences]:
        raise AssertionError("the streamed sentences differ from the answer's")


def _frame(content: Mapping[str, Any]) -> bytes:
    """One event. JSON escapes line breaks, so the event is a single line."""
    return b"data: " + orjson.dumps(content) + b"\n\n"
