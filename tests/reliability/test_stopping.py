"""SIGTERM while twenty answers are being streamed: each ends in form, whether or not its time suffices."""

import asyncio
import json
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.load import Wire, question
from tests.reliability.paced_llm import PacedLlm
from tests.reliability.serving import Served, eventually, served
from tests.server import shop

pytestmark = pytest.mark.slow
STREAMS = 20


class Stream:
    """One client's stream, read as it comes."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.events: list[str] = []
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        """Until the chunked body ends as it should; raises if it does not."""
        head = await self.wire.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        while size := int(await self.wire.reader.readline(), 16):
            frames = (await self.wire.reader.readexactly(size + 2)).decode().split("\n\n")
            self.events += [frame.removeprefix("data: ") for frame in frames if frame.startswith("data: ")]
        assert await self.wire.reader.readline() == b"\r\n"

    @property
    def has_told(self) -> bool:
        return any("30 days" in event for event in self.events)


async def stop_amid(server: Served, llm: PacedLlm, *, ends: bool) -> list[list[str]]:
    """The events that twenty clients read from a server that is told to stop while all of them are being answered.

    ``ends`` says whether the model goes on and finishes.
    """
    streams = []
    for number in range(STREAMS):
        wire = await Wire.open(server.port)
        wire.writer.write(question(server.keys[number % 2], number, stream=True))
        streams.append(Stream(wire))
    await eventually(lambda: all(stream.has_told for stream in streams))
    assert llm.running == STREAMS
    server.process.terminate()
    await eventually(lambda: not accepts(server.port))
    if ends:
        llm.hurry.set()
    await asyncio.gather(*(stream.reading for stream in streams))
    for stream in streams:
        await stream.wire.close()
    assert await asyncio.to_thread(server.process.wait, 60) in (0, -signal.SIGTERM), "it ends by itself"
    return [stream.events for stream in streams]


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def stopped(tmp_path: Path, drain: int, *, ends: bool) -> list[list[str]]:
    data = tmp_path / "data"
    shop.publish(data)
    settings: dict[str, Any] = {"llm_model": "fake", "max_answers": STREAMS, "drain_seconds": drain}
    async with PacedLlm(STREAMS, 3600) as llm:
        with served(data, llm_url=llm.base_url, **settings) as server:
            got = await stop_amid(server, llm, ends=ends)
        await eventually(lambda: llm.running == 0)
    return got


async def test_streams_that_have_the_time_end_as_ever(tmp_path: Path) -> None:
    for events in await stopped(tmp_path, drain=100, ends=True):
        assert events[-1] == "[DONE]"
        assert json.loads(events[-2])["choices"][0]["finish_reason"] == "stop"
        assert not any('"error"' in event for event in events)


async def test_streams_that_have_not_say_so(tmp_path: Path) -> None:
    for events in await stopped(tmp_path, drain=1, ends=False):
        assert events[-1] == "[DONE]"
        assert json.loads(events[-2])["error"]["code"] == "server_stopping"


async def test_an_answer_in_one_piece_that_has_not_is_a_503(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shop.publish(data)
    async with PacedLlm(1, 3600) as llm:
        with served(data, llm_url=llm.base_url, llm_model="fake", drain_seconds=1) as server:
            wire = await Wire.open(server.port)
            asked = asyncio.create_task(wire.exchange(question(server.keys[0], 1)))
            await eventually(lambda: llm.running == 1)
            server.process.terminate()
            response = await asked
            await wire.close()
    assert response.status == 503 and response.headers["retry-after"] == "1"
    assert json.loads(response.body)["error"]["code"] == "server_stopping"
