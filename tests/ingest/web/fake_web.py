"""A web without a network: pages by address, and a record of every connection that would have been made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from ingest.listing import list_source
from ingest.source import Listing, SourceSpec
from ingest.source_area import SourceArea
from ingest.web.access import WebAccess, WebLimits

PUBLIC = "93.184.215.14"
HOSTS = ("shop.example", "http://plain.example", "例子.example")


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answers."""

    body: bytes = b"<h1>Returns</h1><p>You may return goods within 30 days.</p>"
    kind: str | None = "text/html"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def moved(target: str, status: int = 302) -> Page:
    """A redirect."""
    return Page(b"", None, status, {"Location": target})


class FakeWeb(httpx.AsyncBaseTransport):
    """Answers from ``pages``, and remembers each request with the IP address to which it would have gone."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.pages = pages
        self.requests: list[httpx.Request] = []
        self.ips: list[str] = []
        self.unreachable: frozenset[str] = frozenset()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.ips.append(request.url.host)
        if request.url.host in self.unreachable:
            raise httpx.ConnectError("All connection attempts failed")
        address = f"{request.url.scheme}://{request.headers['host']}{request.url.raw_path.decode()}"
        page = self.pages.get(address, Page(b"", "text/html", 404))
        headers = dict(page.headers) if page.kind is None else {"Content-Type": page.kind, **page.headers}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        return httpx.Response(page.status, headers=raw, stream=httpx.ByteStream(page.body))


class FakeNames:
    """A resolver that gives, for each question in turn, the next of ``answers`` (the last one again and again)."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers) or [[PUBLIC]]
        self.questions: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.questions.append((host, port))
        return self.answers[min(len(self.questions), len(self.answers)) - 1]


def access(web: httpx.AsyncBaseTransport, names: FakeNames | None = None, limits: WebLimits | None = None) -> WebAccess:
    """Access to HOSTS through ``web``, with the real check of IP addresses."""
    return WebAccess(HOSTS, limits or WebLimits(), names or FakeNames(), connect=lambda: web)


def listed(folder: Path, web_access: WebAccess, *addresses: str, known: Sequence[str] = ()) -> Listing:
    """What listing one address, or a file with several, gives."""
    area = SourceArea(folder / "area", web_access, frozenset(known))
    if len(addresses) == 1:
        return list_source(SourceSpec.from_argument(addresses[0], "web"), area)
    file = folder / "web.urls"
    file.write_text("\n".join(addresses), encoding="utf-8")
    return list_source(SourceSpec.from_argument(str(file)), area)
