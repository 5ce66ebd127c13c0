import gzip
import zlib
from pathlib import Path

import pytest

from ingest.source import SourceSpec
from ingest.web.access import WebAccess, WebLimits
from kb.errors import SourceError
from tests.ingest.builders import write_files
from tests.ingest.web.fake_web import PUBLIC, FakeNames, FakeWeb, Page, access, listed, moved

SHOP = "https://shop.example"
SECOND = "93.184.215.15"


def paths(folder: Path, pages: dict[str, Page], *addresses: str) -> list[str]:
    return [file.path for file in listed(folder, access(FakeWeb(pages)), *(addresses or pages)).files]


def reason(folder: Path, page: Page, limits: WebLimits | None = None) -> str:
    """Why the only page of a source is refused."""
    listing = listed(folder, access(FakeWeb({f"{SHOP}/a": page}), limits=limits), f"{SHOP}/a")
    assert not listing.files and len(listing.refused) == 1
    return listing.refused[0].reason


def test_one_page(tmp_path: Path) -> None:
    web, names = FakeWeb({f"{SHOP}/returns": Page()}), FakeNames()
    listing = listed(tmp_path, access(web, names), f"{SHOP}/returns#costs")
    (file,) = listing.files
    assert (file.path, file.file.read_bytes()) == ("shop.example/returns.html", Page().body)
    assert listing.scopes.metadata(file.path).public_url == f"{SHOP}/returns"
    (request,) = web.requests
    assert (request.url.host, request.url.scheme, request.extensions["sni_hostname"]) == (PUBLIC, "https", "shop.example")
    assert sorted(request.headers) == ["accept", "accept-encoding", "host", "user-agent"] and request.headers["host"] == "shop.example"
    assert names.questions == [("shop.example", 443)]


@pytest.mark.parametrize(
    ("address", "kind", "path"),
    [
        ("/", "text/html; charset=utf-8", "shop.example/index.html"),
        ("", "text/html", "shop.example/index.html"),
        ("/help/", "text/html", "shop.example/help/index.html"),
        ("/help", "text/html", "shop.example/help.html"),
        ("/help.html", "text/html", "shop.example/help.html"),
        ("/help.htm", "text/html", "shop.example/help.htm"),
        ("/help.php", "text/html", "shop.example/help.php.html"),
        ("/page?id=3", "text/html", "shop.example/page?id=3.html"),
        ("/page.html?id=3", "TEXT/HTML", "shop.example/page.html?id=3.html"),
        ("/manual", "application/pdf", "shop.example/manual.pdf"),
        ("/manual.html", "application/pdf", "shop.example/manual.html.pdf"),
        ("/notes.md", "text/plain", "shop.example/notes.md"),
        ("/notes.md", "application/octet-stream", "shop.example/notes.md"),
        ("/faq.csv", None, "shop.example/faq.csv"),
        ("/%E9%80%80%E8%B4%A7.html", "text/html", "shop.example/退货.html"),
        ("/退货", "text/html", "shop.example/退货.html"),
        ("/a%2e%2e%2fb", "text/html", "shop.example/a../b.html"),
        ("/%2e%2e%2fb%0a", "text/html", "shop.example/%2e%2e%2fb%0a.html"),
        ("/%FF", "text/html", "shop.example/%FF.html"),
    ],
)
def test_what_a_page_is_called(tmp_path: Path, address: str, kind: str | None, path: str) -> None:
    pages = {f"{SHOP}{address or '/'}": Page(kind=kind)}
    if address == "/退货":
        pages = {f"{SHOP}/%E9%80%80%E8%B4%A7": Page(kind=kind)}
    assert paths(tmp_path, pages, f"{SHOP}{address}") == [path]


def test_a_host_with_a_chinese_name(tmp_path: Path) -> None:
    web = FakeWeb({"https://xn--fsqu00a.example/": Page()})
    listing = listed(tmp_path, access(web), "https://例子.example/")
    assert [file.path for file in listing.files] == ["例子.example/index.html"]
    assert web.requests[0].extensions["sni_hostname"] == "xn--fsqu00a.example"


def test_plain_http_where_the_list_says_so(tmp_path: Path) -> None:
    names = FakeNames()
    web = FakeWeb({"http://plain.example/": Page(), "https://plain.example/a": Page()})
    listing = listed(tmp_path, access(web, names), "http://plain.example/", "https://plain.example/a")
    assert len(listing.files) == 2 and sorted(names.questions) == [("plain.example", 80), ("plain.example", 443)]


def test_a_list_of_addresses(tmp_path: Path) -> None:
    pages = {f"{SHOP}/a": Page(b"A"), f"{SHOP}/b": Page(b"B"), f"{SHOP}/c": Page(b"", status=500)}
    lines = ("\ufeff# 退货页面", f"{SHOP}/a", "", f"  {SHOP}/b  ", f"{SHOP}/a#top", "not an address", f"{SHOP}/c", f"{SHOP}/d")
    listing = listed(tmp_path, access(FakeWeb(pages)), *lines)
    assert listing.source == "web"
    assert {file.path: file.file.read_bytes() for file in listing.files} == {"shop.example/a.html": b"A", "shop.example/b.html": b"B"}
    assert [(file.path, "500" in file.reason) for file in listing.refused] == [("line 6", False), ("shop.example/c.html", True)]
    assert listing.notes == (f"{SHOP}/d: its server says that it is gone (404); its document is taken out",)


def test_a_page_that_fails_is_reported_under_the_name_of_its_live_document(tmp_path: Path) -> None:
    web = FakeWeb({f"{SHOP}/manual": Page(status=503)})
    listing = listed(tmp_path, access(web), f"{SHOP}/manual", known=["shop.example/manual.pdf", "shop.example/other.html"])
    assert [file.path for file in listing.refused] == ["shop.example/manual.pdf"]


def test_rules_beside_the_list_rule_over_its_pages(tmp_path: Path) -> None:
    files = "  web.urls: {regions: [DE]}\n  shop.example/a.html: {products: [A], public_url: 'https://other.example'}\n"
    write_files(tmp_path, {"_scope.yaml": f"audience: internal\nfiles:\n{files}"})
    pages = {f"{SHOP}/a": Page(), f"{SHOP}/b": Page()}
    scopes = listed(tmp_path, access(FakeWeb(pages)), *pages).scopes
    a, b = scopes.metadata("shop.example/a.html"), scopes.metadata("shop.example/b.html")
    assert (a.audience, a.regions, a.products, a.public_url) == ("internal", ("DE",), ("A",), "https://other.example")
    assert (b.audience, b.regions, b.products, b.public_url) == ("internal", ("DE",), None, f"{SHOP}/b")


def test_two_addresses_of_one_name(tmp_path: Path) -> None:
    pages = {f"{SHOP}/help/": Page(), f"{SHOP}/help/index": Page()}
    listing = listed(tmp_path, access(FakeWeb(pages)), *pages)
    assert len(listing.files) == len(listing.refused) == 1 and "same name" in listing.refused[0].reason


def test_redirects(tmp_path: Path) -> None:
    chain = {f"{SHOP}/{hop}": moved(f"/{hop + 1}", status) for hop, status in enumerate((301, 302, 307))}
    web = FakeWeb({**chain, f"{SHOP}/3": Page(b"end")})
    (file,) = listed(tmp_path, access(web), f"{SHOP}/0").files
    assert (file.path, file.file.read_bytes(), len(web.requests)) == ("shop.example/0.html", b"end", 4)
    web = FakeWeb({**chain, f"{SHOP}/3": moved("/4", 308), f"{SHOP}/4": Page()})
    listing = listed(tmp_path, access(web), f"{SHOP}/0")
    assert "more than 3 times" in listing.refused[0].reason and len(web.requests) == 4
    assert "nowhere" in reason(tmp_path, Page(b"", None, 302))


def test_cookies_are_not_sent_back(tmp_path: Path) -> None:
    pages = {f"{SHOP}/a": Page(b"", None, 302, {"Location": "/b", "Set-Cookie": "session=1"}), f"{SHOP}/b": Page()}
    web = FakeWeb(pages)
    listed(tmp_path, access(web), f"{SHOP}/a")
    assert len(web.requests) == 2 and "cookie" not in web.requests[1].headers


def test_the_next_address_of_a_host_is_tried(tmp_path: Path) -> None:
    web = FakeWeb({f"{SHOP}/a": Page()})
    web.unreachable = frozenset({PUBLIC})
    assert len(listed(tmp_path, access(web, FakeNames([PUBLIC, SECOND])), f"{SHOP}/a").files) == 1
    assert web.ips == [PUBLIC, SECOND]
    assert "connection attempts failed" in listed(tmp_path, access(web), f"{SHOP}/a").refused[0].reason


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (Page(status=403), "status 403"),
        (Page(status=204), "status 204"),
        (Page(kind="image/png"), "image/png, which is not read"),
        (Page(kind=None), "type unknown"),
        (Page(kind="application/zip"), "application/zip, which is not read"),
        (Page(b"x" * 2000), "larger than"),
        (Page(gzip.compress(b"0" * 2_000_000), headers={"Content-Encoding": "gzip"}), "larger than"),
        (Page(gzip.compress(b"abc" * 99)[:-9], headers={"Content-Encoding": "gzip"}), "cut off"),
        (Page(b"not gzip", headers={"Content-Encoding": "gzip"}), "cannot be unpacked"),
        (Page(zlib.compress(b"abc"), headers={"Content-Encoding": "br"}), "compressed as br"),
    ],
)
def test_pages_that_are_not_taken(tmp_path: Path, page: Page, sentence: str) -> None:
    assert sentence in reason(tmp_path, page, WebLimits(largest_page=1000))


def test_a_compressed_page(tmp_path: Path) -> None:
    page = Page(gzip.compress("退货".encode() * 100), headers={"Content-Encoding": "gzip"})
    (file,) = listed(tmp_path, access(FakeWeb({f"{SHOP}/a": page})), f"{SHOP}/a").files
    assert file.file.read_text(encoding="utf-8") == "退货" * 100


@pytest.mark.parametrize(("charset", "written"), [("shift_jis", "shift_jis"), ("gbk", "gbk"), ("utf-8", "utf-8"), ("no-such", "utf-8")])
def test_only_the_header_tells_the_charset(tmp_path: Path, charset: str, written: str) -> None:
    page = Page("返品".encode(written), f'text/html; charset="{charset}"')
    (file,) = listed(tmp_path, access(FakeWeb({f"{SHOP}/a": page})), f"{SHOP}/a").files
    assert file.file.read_bytes().decode("utf-8-sig") == "返品"


def test_pages_are_bounded_together(tmp_path: Path) -> None:
    pages = {f"{SHOP}/{number}": Page(b"x" * 400) for number in range(4)}
    listing = listed(tmp_path, access(FakeWeb(pages), limits=WebLimits(largest_source=1000, at_once=1)), *pages)
    assert (len(listing.files), len(listing.refused)) == (2, 2)
    with pytest.raises(SourceError, match="4 addresses, more than 3"):
        listed(tmp_path, access(FakeWeb(pages), limits=WebLimits(pages=3)), *pages)


def test_web_addresses_are_off_by_default(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="CITEDESK_WEB_HOSTS"):
        listed(tmp_path, WebAccess(), f"{SHOP}/a")


def test_a_list_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "web.urls").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match="web.urls cannot be read"):
        listed(tmp_path, access(FakeWeb({})), str(tmp_path / "web.urls"))


def test_names_of_sources() -> None:
    assert SourceSpec.from_argument("https://shop.example/en/returns.html#top").name == "shop.example:en:returns.html"
    assert SourceSpec.from_argument("https://user:secret@shop.example/").name == "shop.example"
    assert SourceSpec.from_argument("https://shop.example/", "pages").name == "pages"
    assert SourceSpec.from_argument("退货.urls").name == "退货"
    assert SourceSpec.from_argument("shop.ZIP").name == "shop"


@pytest.mark.parametrize("text", ["https://shop.example/en/", "退货.urls", "shop.zip", "."])
def test_a_source_can_be_handed_on_as_text(text: str) -> None:
    spec = SourceSpec.from_argument(text, "other")
    assert SourceSpec.from_argument(spec.argument, spec.name) == spec
