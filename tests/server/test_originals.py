"""Signed links and what they open."""

import re
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from kb.document import document_id
from kb.scope import Audience
from server.errors import BadLinkError, OriginalGoneError
from server.links import LinkSigner, fragment_for, text_fragment
from tests.server import shop
from tests.server.browser_watch import shows_red, whole_browser
from tests.server.conftest import Running, Start

pytestmark = pytest.mark.slow  # they start real servers: they run in the integration stage

SIGNER = LinkSigner(b"s" * 32, "http://shop.example", 30)
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def parts(url: str) -> tuple[str, str, str, str, str | None, str]:
    split = urlsplit(url)
    version, document = split.path.split("/")[-2:]
    query = dict(parse_qsl(split.query))
    return version, document, query["a"], query["e"], query.get("p"), query["s"]


def link(running: Running, path: str, audience: Audience = "public", passage: str | None = None, version: str = "000001") -> str:
    return running.services.signer.url(version, document_id(shop.SOURCE, path), audience, passage)


def with_query(url: str, **changes: str) -> str:
    split = urlsplit(url)
    return split._replace(query=urlencode(dict(parse_qsl(split.query)) | changes)).geturl()


def test_a_link_is_stable_for_a_day_and_checks() -> None:
    url = SIGNER.url("000001", "abc", "public", "p1")
    assert url == SIGNER.url("000001", "abc", "public", "p1")
    got = SIGNER.check(*parts(url))
    assert (got.version, got.document_id, got.audience, got.passage_id) == ("000001", "abc", "public", "p1")
    assert got.expires - datetime.now(UTC).date() in (timedelta(29), timedelta(30))


@pytest.mark.parametrize("place", range(6))
def test_no_part_of_a_link_can_be_changed(place: int) -> None:
    changed = list(parts(SIGNER.url("000001", "abc", "public", "p1")))
    changed[place] = ["000002", "abd", "internal", "2099-01-01", "p2", "0" * 64][place]
    with pytest.raises(BadLinkError):
        SIGNER.check(*changed)  # type: ignore[arg-type]


def test_parts_cannot_flow_into_each_other() -> None:
    version, document, audience, expires, _, signature = parts(SIGNER.url("1", "2a", "public"))
    with pytest.raises(BadLinkError):
        SIGNER.check(version + "2", "a", audience, expires, None, signature)
    for nonsense in ("", "soon", "é"):
        with pytest.raises(BadLinkError):
            SIGNER.check(version, document, audience, nonsense, None, nonsense)


def test_an_expired_link() -> None:
    old = LinkSigner(b"s" * 32, "http://shop.example", -1)
    with pytest.raises(OriginalGoneError, match="expired"):
        SIGNER.check(*parts(old.url("1", "2", "public")))


@pytest.mark.parametrize(
    ("page", "text", "expected"),
    [
        (4, "x", "#page=4"),
        (None, "a-b, c & d", "#:~:text=a%2Db%2C%20c%20%26%20d"),
        (None, "first line\nsecond", "#:~:text=first%20line"),
        (None, " ".join(f"w{n}" for n in range(40)), "#:~:text=w0%20w1%20w2%20w3,w36%20w37%20w38%20w39"),
        (None, " \n", ""),
    ],
)
def test_fragments(page: int | None, text: str, expected: str) -> None:
    assert fragment_for(page, text) == expected


def test_a_long_chinese_fragment_is_its_edges() -> None:
    assert len(re.findall("%", text_fragment("退货" * 100))) == 24 * 3 * 2


@pytest.mark.parametrize(
    ("path", "kind", "content"),
    [
        ("returns.md", "text/plain; charset=utf-8", shop.RETURNS.encode()),
        ("zh.txt", "text/plain; charset=utf-8", shop.CHINESE.encode()),
        ("kettle.pdf", "application/pdf", b"%PDF"),
        ("shipping.html", "text/html; charset=utf-8", shop.POLICY.encode()),
    ],
)
def test_an_original_of_which_all_is_visible_is_sent_as_it_is(shared: Running, path: str, kind: str, content: bytes) -> None:
    response = httpx.get(link(shared, path))
    assert response.status_code == 200 and content in response.content
    assert response.headers["content-type"] == kind and response.headers["content-disposition"] == "inline"
    assert response.headers["x-content-type-options"] == "nosniff"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and policy.endswith("sandbox") and "frame-ancestors 'none'" in policy
    assert httpx.head(link(shared, path)).headers["content-length"] == str(len(response.content))


def test_tables_and_mixed_documents_become_a_page_of_visible_passages(shared: Running) -> None:
    for path, shown, hidden in (("faq.csv", "dims in three steps", shop.FAQ_SECRET), ("mixed.md", "Gift wrap is free.", shop.SECRET)):
        page = httpx.get(link(shared, path))
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert shown in page.text and hidden not in page.text
        inside = httpx.get(link(shared, path, "internal"))
        assert shown in inside.text and hidden in inside.text


def test_the_cited_passage_is_marked(shared: Running) -> None:
    with shared.services.live.lease() as version:
        passage = version.passages_of(document_id(shop.SOURCE, "faq.csv"))[0]
    page = httpx.get(link(shared, "faq.csv", passage=passage.id)).text
    assert f'class="passage cited" id="p-{passage.id}"' in page
    assert httpx.get(with_query(link(shared, "faq.csv", passage=passage.id), p="other")).status_code == 403


def test_a_page_escapes_everything(data: Path, start: Start) -> None:
    running = start(data)
    url = link(running, "<b>odd</b> & name.md", "internal")
    page = httpx.get(url)
    assert page.headers["content-type"] == "text/plain; charset=utf-8"  # all of it visible: the file itself
    forged = httpx.get(with_query(url, a="<script>x</script>"), headers=BROWSER)
    assert forged.status_code == 403 and "<script>" not in forged.text


@pytest.mark.slow
def test_links_that_do_not_work(shared: Running) -> None:
    good = link(shared, "returns.md")
    for url, status in (
        (with_query(good, a="internal"), 403),
        (with_query(good, s="0" * 64), 403),
        (good.split("?")[0], 403),
        (with_query(link(shared, "returns.md"), e=(date.today() + timedelta(90)).isoformat()), 403),
        (link(shared, "internal/agents.md"), 410),
        (link(shared, "never.md"), 410),
        (link(shared, "returns.md", version="000099"), 410),
    ):
        page = httpx.get(url, headers=BROWSER)
        assert page.status_code == status, url
        assert page.headers["content-type"].startswith("text/html") and "Ask the question again" in page.text
        error = httpx.get(url).json()["error"]
        assert error["code"] in ("invalid_link", "link_expired") and shop.SECRET not in page.text


def test_a_link_into_an_older_version_still_opens(data: Path, start: Start) -> None:
    running = start(data)
    url = link(running, "mixed.md")
    shop.publish(data, 1)
    while running.services.live.id != "000002":
        time.sleep(0.02)
    for _ in range(2):
        assert "Gift wrap is free." in httpx.get(url).text
    assert httpx.get(link(running, "mixed.md", version="000002")).status_code == 200


@pytest.mark.browser
def test_a_browser_shows_the_cited_page_of_a_pdf_and_runs_no_script(chromium: Path, shared: Running) -> None:
    with whole_browser(chromium) as browser:
        page = browser.new_page(viewport={"width": 800, "height": 600})
        page.goto(link(shared, "kettle.pdf") + "#page=2")
        assert shows_red(page), "the PDF's second page, which is red, does not show"
        page.goto(link(shared, "shipping.html"))
        assert page.title() != "ran" and shop.POLICY in page.content()
