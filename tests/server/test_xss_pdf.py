"""PDF files that try to act, through the real ingest and opened by their signed links: nothing runs in a browser."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser

from ingest.options import IngestOptions
from ingest.report import IngestReport
from ingest.run import ingest
from ingest.source import SourceSpec
from kb.document import document_id
from kb.encoders.hashing import HashingEncoder
from kb.store import VersionStore
from server.originals.serve import PDF, RAW, Original, headers
from tests.attacks.hostile_pdf import ACTING, MARKUP, PAGE_SCRIPT, POLYGLOT, QUIET, RUNNING, TEXT
from tests.server.browser_watch import Watch, eventually, shows_red, whole_browser
from tests.server.conftest import Running, Start

pytestmark = pytest.mark.browser

MIDDLE = (400.0, 300.0)
WINDOW = {"width": 800, "height": 600}
CALLS = "/heard"


@dataclass
class CarelessSite:
    """Sends files with their type, whatever they are. ``heard`` are the calls that came of them."""

    url: str
    heard: list[str] = field(default_factory=list)


@contextmanager
def careless_site(files: Mapping[str, tuple[str, bytes]], sent_with: Mapping[str, str] | None = None) -> Iterator[CarelessSite]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = files.get(self.path, ("text/plain", b""))
            if self.path.startswith(CALLS):
                site.heard.append(self.path)
            self.send_response(200)
            for name, value in {**(sent_with or {}), "content-type": kind}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = CarelessSite(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    with whole_browser(chromium) as opened:
        yield opened


def click(watch: Watch) -> None:
    """Where a link or a field stands in the files; then a while for what comes of it."""
    watch.page.mouse.click(*MIDDLE)
    watch.page.wait_for_timeout(500)


@pytest.mark.parametrize("name", RUNNING)
def test_the_scripts_do_run_where_nobody_takes_care(browser: Browser, name: str) -> None:
    """Or the tests below would prove nothing: the viewer heeds no policy, not even ours, so that a file must not come to it."""
    ours = headers(Original(b"", *RAW[PDF]))
    with careless_site({"/x": (PDF, RUNNING[name].content())}, ours) as site:
        watch = Watch(browser, viewport=WINDOW)
        watch.page.goto(f"{site.url}/x", wait_until="load")

        def ran() -> bool:
            watch.page.mouse.click(*MIDDLE)
            return bool(watch.calls)

        assert eventually(ran, watch.page), "it did not run"
        watch.context.close()


def test_the_web_page_around_a_pdf_runs_where_its_type_is_not_told(browser: Browser) -> None:
    site_files: dict[str, tuple[str, bytes]] = {}
    with careless_site(site_files) as site:
        site_files["/x"] = ("text/html", POLYGLOT.content(f"{site.url}{CALLS}"))
        watch = Watch(browser)
        watch.page.goto(f"{site.url}/x", wait_until="load")
        assert eventually(lambda: bool(watch.calls and site.heard), watch.page)
        watch.context.close()


@dataclass(frozen=True)
class Published:
    """The hostile files, ingested and served, and where their calls are heard."""

    running: Running
    report: IngestReport
    site: CarelessSite

    def link(self, path: str) -> str:
        return self.running.services.signer.url("000001", document_id("hostile", path), "public")


WEB_PAGE_AS_PDF, POLYGLOT_AS_PAGE = "a web page.pdf", "a web page with a PDF in it.html"


@pytest.fixture
def published(tmp_path: Path, start: Start) -> Iterator[Published]:
    folder, store = tmp_path / "hostile", VersionStore(tmp_path / "data")
    folder.mkdir()
    with careless_site({}) as site:
        for name, pdf in (ACTING | QUIET).items():
            (folder / f"{name}.pdf").write_bytes(pdf.content(f"{site.url}{CALLS}/{quote(name)}"))
        (folder / POLYGLOT_AS_PAGE).write_bytes(POLYGLOT.content(f"{site.url}{CALLS}"))
        (folder / WEB_PAGE_AS_PDF).write_text(f"<!DOCTYPE html><html><body><p>{TEXT}</p>{PAGE_SCRIPT}</body></html>")
        report = ingest(store, HashingEncoder(), [SourceSpec.from_path(folder)], IngestOptions(workers=1))
        yield Published(start(tmp_path / "data"), report, site)


def test_none_runs_as_a_served_original(browser: Browser, published: Published) -> None:
    (refused,) = published.report.failed
    assert refused.path == WEB_PAGE_AS_PDF and "holds a web page" in str(refused.reason)
    assert httpx.get(published.link(WEB_PAGE_AS_PDF)).status_code == 410
    for name in ACTING:
        opened = httpx.get(published.link(f"{name}.pdf"))
        assert opened.headers["content-type"] == "text/html; charset=utf-8" and "The file itself is not shown" in opened.text
        assert TEXT in opened.text and MARKUP not in opened.text
        watch = Watch(browser, viewport=WINDOW)
        watch.open(published.link(f"{name}.pdf"))
        click(watch)
        assert watch.settle() == [] and published.site.heard == [], name
        watch.context.close()
    for path in (*(f"{name}.pdf" for name in QUIET), POLYGLOT_AS_PAGE):
        sent = httpx.get(published.link(path)).headers
        assert sent["content-type"] == PDF and sent["x-content-type-options"] == "nosniff"
        assert sent["content-security-policy"].endswith("sandbox") and sent["content-disposition"] == "inline"
        watch = Watch(browser, viewport=WINDOW)
        watch.page.goto(published.link(path), wait_until="load")
        assert shows_red(watch.page), f"{path} does not show"
        click(watch)
        assert watch.settle() == [] and published.site.heard == [], path
        assert len(watch.context.pages) == 1 and watch.page.url == published.link(path), path
        watch.context.close()
