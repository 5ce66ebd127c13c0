"""A language model's server of known speed: so many answers at once, all equally long, and a queue without end before it, as vLLM has."""

import asyncio
from types import TracebackType
from typing import Self

from tests.fake_llm import sse
from tests.fake_llm.connection import Connection, Request

ANSWER = "You can return any lamp within 30 days of delivery. [1] Keep the receipt. [1]"
FIRST = "You can return any lamp within 30 days of delivery. [1] Keep"
"""What it writes at once: a sentence can be verified, and sent on, when the next has begun."""


class PacedLlm:
    """Serves in the running loop. ``places`` answers at once, ``seconds`` each: a capacity of ``places / seconds`` in a second."""

    def __init__(self, places: int, seconds: float) -> None:
        self.seconds = seconds
        self.silent = False
        """Whether even the first word takes the time of an answer."""
        self.hurry = asyncio.Event()
        """Ends every answer at once."""
        self.answered = 0
        self.connections = 0
        self.running = 0
        self._places = asyncio.Semaphore(places)
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._port = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=1024)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server is not None
        self._server.close()
        for task in (tasks := list(self._tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer)
        self.connections += 1
        try:
            while (request := await connection.request()) is not None:
                await self._respond(connection, request)
        except (ConnectionError, asyncio.IncompleteReadError):  # gone, perhaps in the middle of a request
            return
        finally:
            self.connections -= 1
            writer.close()

    async def _respond(self, connection: Connection, request: Request) -> None:
        if request.path == "/v1/chat/completions":
            async with self._places:
                self.running += 1
                try:
                    await self._write(connection, request)
                finally:
                    self.running -= 1
        elif request.path == "/tokenize":
            await connection.respond_json({"count": 500, "max_model_len": 4096, "tokens": []})
        else:
            await connection.respond_json({"object": "list", "data": [{"id": "fake", "object": "model", "owned_by": "fake"}]})

    async def _write(self, connection: Connection, request: Request) -> None:
        """A sentence first, the rest at the end of the time."""
        if self.silent:
            await self._work(connection)
        await connection.begin_stream()
        await connection.send(sse.role(request.model) + sse.token(request.model, FIRST))
        await self._work(connection)
        written = sse.token(request.model, ANSWER.removeprefix(FIRST)) + sse.finish(request.model)
        await connection.send(written + sse.usage(request.model, 500, 20) + sse.DONE)
        await connection.end_stream()
        self.answered += 1

    async def _work(self, connection: Connection) -> None:
        """Take the time of an answer. Raises ConnectionError at once when the client leaves, as a real server stops computing."""
        gone, hurried = asyncio.ensure_future(connection.silence()), asyncio.ensure_future(self.hurry.wait())
        try:
            await asyncio.wait((gone, hurried), timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                raise ConnectionError("the client has left")
        finally:
            gone.cancel()
            hurried.cancel()
            await asyncio.gather(gone, hurried, return_exceptions=True)
