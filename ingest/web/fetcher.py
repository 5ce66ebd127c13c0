"""Fetches one web page, and reaches no address that was not checked."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import TracebackType

import httpx

from ingest.web.access import WebAccess
from ingest.web.allow_list import AllowList, parse_address
from kb.errors import ParseError

REDIRECTS = (301, 302, 303, 307, 308)
GONE = (404, 410)
HEADERS = (("User-Agent", "Citedesk"), ("Accept", "*/*"), ("Accept-Encoding", "gzip"))
MOST_TRIES = 3  # addresses of one host that are tried, one after the other


class PageGoneError(ParseError):
    """The server says that there is no such page, which is an answer and no failure."""


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What a server answered: the body unpacked, and its Content-Type as sent (empty if there was none)."""

    content: bytes
    content_type: str


class Fetcher:
    """Fetches pages from the hosts of an allow-list, over connections of its own. Use it as an asynchronous context manager.

    Every request, a redirect's too, is checked against the list, its host is resolved once, every IP address of it is checked, and the
    connection goes to one of those very addresses, under the host's name (Host and SNI). There are no cookies, no proxies, no keys,
    and no connection is used for a second request: what was proven about one host must not hold for another.
    """

    def __init__(self, access: WebAccess) -> None:
        self._access = access
        self._allowed = AllowList.from_entries(access.hosts)
        self._transport = _default_transport() if access.connect is None else access.connect()

    async def __aenter__(self) -> "Fetcher":
        await self._transport.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._transport.__aexit__(kind, error, trace)

    async def fetch(self, address: httpx.URL) -> FetchedPage:
        """What stands at ``address``. Raises PageGoneError, and ParseError with the reason for everything else that failed."""
        limits = self._access.limits
        try:
            async with asyncio.timeout(limits.total_seconds):
                return await self._follow(address)
        except TimeoutError as error:
            raise ParseError(f"it could not be fetched within {limits.total_seconds:g} s") from error
        except (httpx.TransportError, httpx.StreamError) as error:
            raise ParseError(f"it could not be fetched ({_describe(error)})") from error

    async def _follow(self, address: httpx.URL) -> FetchedPage:
        for _ in range(self._access.limits.redirects + 1):
            async with self._answer(address) as answer:
                if answer.status_code not in REDIRECTS:
                    return await self._read(answer)
                address = _target(address, answer)
        raise ParseError(f"it was redirected more than {self._access.limits.redirects} times")

    @asynccontextmanager
    async def _answer(self, address: httpx.URL) -> AsyncIterator[httpx.Response]:
        self._allowed.check(address)
        answer = await self._connect(address, await self._checked_ips(address))
        try:
            yield answer
        finally:
            await answer.aclose()

    async def _checked_ips(self, address: httpx.URL) -> Sequence[str]:
        host = address.raw_host.decode("ascii")
        port = address.port or (80 if address.scheme == "http" else 443)
        try:
            ips = list(await self._access.resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise ParseError(f"the host {host} cannot be found ({error})") from error
        if not ips:
            raise ParseError(f"the host {host} has no address")
        for ip in ips:
            if not self._access.is_public(ip):
                raise ParseError(f"the host {host} has the address {ip}, which is not of the public internet")
        return ips[:MOST_TRIES]

    async def _connect(self, address: httpx.URL, ips: Sequence[str]) -> httpx.Response:
        """The answer of the first of ``ips`` that can be connected to; the last one's error otherwise."""
        limits = self._access.limits
        seconds = {"connect": limits.connect_seconds, "read": limits.read_seconds, "write": limits.read_seconds, "pool": None}
        for ip in ips:
            request = httpx.Request(
                "GET",
                address.copy_with(host=ip),
                headers=[("Host", address.netloc.decode("ascii")), *HEADERS],
                extensions={"sni_hostname": address.raw_host.decode("ascii"), "timeout": seconds},
            )
            try:
                return await self._transport.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if ip == ips[-1]:
                    raise
        raise ParseError("its host has no address")

    async def _read(self, answer: httpx.Response) -> FetchedPage:
        if answer.status_code in GONE:
            raise PageGoneError(f"its server says that it is gone ({answer.status_code})")
        if answer.status_code != 200:
            raise ParseError(f"its server answered with status {answer.status_code}")
        content = await self._body(answer)
        return FetchedPage(content, answer.headers.get("content-type", ""))

    async def _body(self, answer: httpx.Response) -> bytes:
        """The body, unpacked and counted piece by piece: the length in the headers is the server's claim."""
        unpack = _unpacker(answer.headers.get("content-encoding", ""))
        largest = self._access.limits.largest_page
        body = bytearray()
        async for piece in answer.aiter_raw():
            body += piece if unpack is None else _inflate(unpack, piece, largest - len(body) + 1)
            if len(body) > largest:
                raise ParseError(f"it is larger than {largest >> 20} MiB; fetch it yourself and ingest the file")
        if unpack is not None and (not unpack.eof or unpack.unused_data):
            raise ParseError("it came compressed and cannot be unpacked; it may be cut off")
        return bytes(body)


def _default_transport() -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=None, max_keepalive_connections=0))


def _target(address: httpx.URL, answer: httpx.Response) -> httpx.URL:
    location = answer.headers.get("location", "")
    if not location:
        raise ParseError("it was redirected to nowhere")
    try:
        joined = address.join(location)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise ParseError(f"it was redirected to what is not an address ({error})") from error
    return parse_address(str(joined))


def _unpacker(encoding: str) -> "zlib._Decompress | None":
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        case other:
            raise ParseError(f"it came compressed as {other}, which was not asked for")


def _inflate(unpack: "zlib._Decompress", piece: bytes, most: int) -> bytes:
    try:
        return unpack.decompress(piece, most)
    except zlib.error as error:
        raise ParseError(f"it came compressed and cannot be unpacked ({error})") from error


def _describe(error: Exception) -> str:
    return str(error) or type(error).__name__
