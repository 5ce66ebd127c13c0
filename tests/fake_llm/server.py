"""A language model's server that says what it is told to and misbehaves on command: a real one, on a loopback port.

    with FakeLlm("Returns are free. [1]") as llm:
        ask(llm.base_url)
        llm.fault = Fault.RESET           # from now on
        llm.once(Fault.UNAVAILABLE)       # for the next completion only
        llm.requests[0].body["messages"]  # what it was asked

It runs in a thread of its own, so that neither its tasks nor its waiting are mistaken for those of what is tested.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

from tests.fake_llm import faults, sse
from tests.fake_llm.connection import Connection, Request
from tests.fake_llm.faults import BEHAVIOURS, Behaviour, Fault

Script = str | Callable[[Request], str]


class FakeLlm:
    """Speaks ``/v1/chat/completions`` (streamed or not), ``/v1/models``, ``/tokenize`` and ``/health``."""

    def __init__(self, answer: Script = "OK.", model: str = "fake") -> None:
        self.answer = answer
        self.model = model
        self.max_model_len = 4096
        self.has_tokenize = True
        self.pause = 0.0
        self.requests: list[Request] = []
        self.connections = 0
        self._fault: Fault | None = None
        self._once: deque[Behaviour] = deque()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake-llm", daemon=True)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._port = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def fault(self) -> Fault | None:
        """What it does wrong from now on."""
        return self._fault

    @fault.setter
    def fault(self, fault: Fault | None) -> None:
        self._fault = fault
        self._run(self._stop() if fault is Fault.REFUSE else self._listen())

    def once(self, *queue: Fault | Behaviour) -> None:
        """What the next completions do wrong, one each: by name, or by a function of the test's own."""
        self._once.extend(BEHAVIOURS[one] if isinstance(one, Fault) else one for one in queue)

    def reset(self) -> None:
        """Do nothing wrong any more."""
        self._once.clear()
        self.fault = None

    def completions(self) -> list[Request]:
        return [request for request in self.requests if request.path == "/v1/chat/completions"]

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port, backlog=1024)
            self._port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = Connection(reader, writer)
        try:
            while (request := await connection.request()) is not None:
                self.requests.append(request)
                await self._respond(connection, request)
        except ConnectionError:
            return
        finally:
            self.connections -= 1
            writer.close()

    async def _respond(self, connection: Connection, request: Request) -> None:
        match request.path:
            case "/v1/chat/completions":
                await self._complete(connection, request)
            case "/v1/models":
                await connection.respond_json({"object": "list", "data": [{"id": self.model, "object": "model", "owned_by": "fake"}]})
            case "/tokenize" if self.has_tokenize:
                text = "".join(message["content"] for message in request.body["messages"])
                await connection.respond_json({"count": len(sse.tokens_of(text)), "max_model_len": self.max_model_len, "tokens": []})
            case "/health":
                await connection.respond("200 OK", b"")
            case _:
                await connection.respond_json({"detail": "Not Found"}, "404 Not Found")

    async def _complete(self, connection: Connection, request: Request) -> None:
        text = self.answer if isinstance(self.answer, str) else self.answer(request)
        if self._once:
            await self._once.popleft()(connection, request, text)
        elif self._fault is not None:
            await BEHAVIOURS[self._fault](connection, request, text)
        elif request.body.get("stream"):
            await faults.whole(connection, request, text, pause=self.pause)
        else:
            await self._complete_at_once(connection, request, text)

    async def _complete_at_once(self, connection: Connection, request: Request, text: str) -> None:
        message = {"role": "assistant", "content": text}
        count = len(sse.tokens_of(text))
        await connection.respond_json(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1_795_600_000,
                "model": request.model,
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 100, "completion_tokens": count, "total_tokens": 100 + count},
            }
        )
