"""What is written in one turn of the loop leaves in one piece, and nothing of it is lost or late."""

import asyncio

from server.gathered_transport import MOST, GatheredTransport


class Wire(asyncio.Transport):
    """Notes what is sent."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.sent: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.sent.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


def gathered() -> tuple[Wire, GatheredTransport]:
    wire = Wire()
    return wire, GatheredTransport(wire, asyncio.get_running_loop())


async def test_head_and_body_leave_together_before_the_next_turn() -> None:
    wire, transport = gathered()
    transport.write(b"head ")
    transport.write(b"")
    transport.write(memoryview(b"body"))
    assert wire.sent == []
    await asyncio.sleep(0)
    assert wire.sent == [b"head body"]
    transport.write(b"more")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert wire.sent == [b"head body", b"more"]


async def test_what_waits_leaves_before_the_connection_is_closed() -> None:
    wire, transport = gathered()
    transport.write(b"last words")
    transport.close()
    assert wire.sent == [b"last words"] and transport.is_closing()
    await asyncio.sleep(0)
    assert wire.sent == [b"last words"]


async def test_nothing_is_sent_to_one_that_has_gone() -> None:
    wire, transport = gathered()
    transport.write(b"to nobody")
    wire.closed = True
    await asyncio.sleep(0)
    transport.write(b"nor this")
    transport.abort()
    await asyncio.sleep(0)
    assert wire.sent == []


async def test_much_leaves_at_once_so_that_flow_control_sees_it() -> None:
    wire, transport = gathered()
    transport.write(b"a" * MOST)
    assert wire.sent == []
    transport.write(b"b")
    assert [len(piece) for piece in wire.sent] == [MOST + 1]
    await asyncio.sleep(0)
    assert len(wire.sent) == 1


async def test_the_rest_is_the_connections_own() -> None:
    _, transport = gathered()
    assert transport.get_extra_info("peername") == ("127.0.0.1", 1)
    assert transport.get_extra_info("nothing", 3) == 3
