"""What fetching web pages may use: which hosts, how much, and through what."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ingest.parse.limits import MEBIBYTE
from ingest.web.public_address import is_public

if TYPE_CHECKING:
    import httpx

Resolver: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to IP addresses, the preferred one first. Raises OSError or UnicodeError if there are none."""


@dataclass(frozen=True, slots=True)
class WebLimits:
    """Bounds on fetching. Times are in seconds, sizes in bytes. ``total_seconds`` is for one page, redirects included."""

    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 60.0
    largest_page: int = 32 * MEBIBYTE
    largest_source: int = 2048 * MEBIBYTE
    pages: int = 5000
    redirects: int = 3
    at_once: int = 4


async def resolve_host(host: str, port: int) -> list[str]:
    """The IP addresses of ``host``, as the operating system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class WebAccess:
    """``hosts`` are those that may be read, as `AllowList` takes them; none means that web addresses are off.

    ``resolve`` is asked once for each request, ``is_public`` about every IP address that it gives, and ``connect`` makes what opens the
    connections (`httpx.AsyncHTTPTransport` by default, without any proxy). Tests put their own in the place of these.
    """

    hosts: tuple[str, ...] = ()
    limits: WebLimits = WebLimits()
    resolve: Resolver = resolve_host
    is_public: Callable[[str], bool] = is_public
    connect: "Callable[[], httpx.AsyncBaseTransport] | None" = None
