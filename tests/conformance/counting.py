"""A door before a server that counts the requests which pass it: a refusal at once need not leave a line in the server's log."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_PIECE = 65536


class CountingDoor:
    """Passes bytes on between clients and the server at ``url``. ``count`` is how many POST requests went in."""

    def __init__(self, url: str) -> None:
        self.count = 0
        parts = urlsplit(url)
        self._server = (str(parts.hostname), int(parts.port or 80))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._sockets = [self._listener]
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}{parts.path}"

    def _accept(self) -> None:
        while True:
            try:
                inside, _ = self._listener.accept()
            except OSError:  # closed at the end
                return
            outside = socket.create_connection(self._server)
            self._sockets += [inside, outside]
            self._begin(lambda inside=inside, outside=outside: _pump(inside, outside, self._note))
            self._begin(lambda inside=inside, outside=outside: _pump(outside, inside, lambda _: None))

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        self._threads.append(thread)
        thread.start()

    def _note(self, content: bytes) -> None:
        self.count += content.startswith(b"POST ")

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for one in self._sockets:
            _shut(one)
        for thread in self._threads:
            thread.join(20)
        for one in self._sockets:
            one.close()


def _pump(source: socket.socket, target: socket.socket, note: Callable[[bytes], None]) -> None:
    """Until either side has ended. Each request of the clients under test begins a piece of its own: they wait for the response first."""
    with suppress(OSError):
        while content := source.recv(_PIECE):
            note(content)
            target.sendall(content)
    _shut(source)
    _shut(target)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):  # the other direction has done it
        one.shutdown(socket.SHUT_RDWR)
