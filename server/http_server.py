"""The HTTP server around the application: uvicorn, with patience for the head of a request and OpenAI's shape for what is no HTTP."""

import asyncio
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

import h11
import orjson
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from server.blas import single_threaded_products
from server.errors import RequestError, to_failure
from server.garbage import settled_garbage
from server.gathered_transport import GatheredTransport

HEAD_SECONDS = 10.0
"""How long the request line and the headers may take: a process has few connections (1,024 files by default); who never asks holds one."""
SWITCH_SECONDS = 0.001
"""How long a computing thread may keep the interpreter from the event loop; at Python's 5 ms each, a few make every refusal late."""
LAST_WORDS_SECONDS = 2.0
"""How long a cancelled request may take to say so; its client may not be reading."""
KEEP_ALIVE_SECONDS = 20
"""How long an idle connection stays: longer than clients keep theirs (httpx: 5 s), or they would send on one that is just being closed."""


def http_server(app: ASGIApp, drain_seconds: int) -> uvicorn.Server:
    """A server for ``app``. When it is told to stop it finishes what is under way for ``drain_seconds``, and cancels the rest.

    Heads longer than 16 kB are refused (h11's own limit).
    """
    config = uvicorn.Config(
        app,
        http=HttpProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=drain_seconds,
    )
    return Server(config)


def run_http_server(app: ASGIApp, listener: socket.socket, drain_seconds: int) -> None:
    """Serve ``app`` until told to stop, in a process that does nothing else."""
    with single_threaded_products(), settled_garbage():
        http_server(app, drain_seconds).run(sockets=[listener])


class Server(uvicorn.Server):
    """uvicorn's, which cancels what is not finished in time and then ends at once, so that nobody hears of it."""

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to stop.

        Answers are computed by as many threads as there are processors: more only take the interpreter from each other, and each time
        that the event loop has let go of it, for every byte that it sends, it waits for all of them.
        """
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(len(os.sched_getaffinity(0)), "computing"))
        before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        try:
            await super().serve(sockets)
        finally:
            sys.setswitchinterval(before)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, finish what is under way or cancel it, and let the cancelled requests tell their clients."""
        await super().shutdown(sockets)
        cancelled = set(self.server_state.tasks)
        if cancelled:
            await asyncio.wait(cancelled, timeout=LAST_WORDS_SECONDS)


class HttpProtocol(H11Protocol):
    """uvicorn's, which waits for ever for a head that never ends and answers in plain text what it cannot read."""

    head_seconds = HEAD_SECONDS
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own signature
        """A client has connected. What is written leaves at once.

        asyncio sees to that only for sockets made with their protocol named, which `socket.create_server` does not: the second piece of
        every response then waited for the client to confirm the first, 40 ms on Linux.
        """
        super().connection_made(GatheredTransport(transport, self.loop))
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Something has come."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """``msg`` is uvicorn's; h11 may have found the head too long, or not HTTP at all."""
        failure = to_failure(RequestError("This is not a valid HTTP request, or its headers are longer than 16 kB.", code="invalid_http"))
        body = orjson.dumps(failure.body())
        headers = [("content-type", "application/json"), ("content-length", str(len(body))), ("connection", "close")]
        for event in (h11.Response(status_code=400, headers=headers, reason=b"Bad Request"), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self) -> None:
        """Give a head that has not ended its time, once; stop counting when it has."""
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._stop_waiting()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(self.head_seconds, self._hang_up)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _hang_up(self) -> None:
        if self.conn.their_state is h11.IDLE:
            self.timeout_keep_alive_handler()
