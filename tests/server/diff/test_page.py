"""The page that shows what changed: what it tells, how it looks in a real browser, and that no document can make it run anything."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from server.diff.page import render_page
from server.diff.report import ALL, DiffReport, Limits
from tests.server.diff.changed_shop import NEW, OLD, QUESTIONS, File, report_on

pytestmark = pytest.mark.slow  # whole versions: they run in the integration stage

PAYLOADS = [
    "<script>ran()</script>",
    "<img src=x onerror=ran()>",
    "<svg onload=ran()>",
    "<svg><script>ran()</script></svg>",
    "<body onload=ran()>",
    "<iframe srcdoc='<script>parent.ran()</script>'></iframe>",
    "<iframe src=javascript:parent.ran()></iframe>",
    "<details open ontoggle=ran()>x</details>",
    "<input autofocus onfocus=ran()>",
    "<video><source onerror=ran()></video>",
    "<audio src=x onerror=ran()>",
    "<object data=javascript:ran()></object>",
    "<embed src=javascript:ran()>",
    "<math><mtext><table><mglyph><style><img src=x onerror=ran()>",
    "</title><script>ran()</script>",
    "</style><script>ran()</script>",
    "</textarea><script>ran()</script>",
    "--><script>ran()</script>",
    "]]><script>ran()</script>",
    "\" onmouseover=ran() autofocus onfocus=ran() x=\"",
    "' onfocus=ran() autofocus tabindex=1 x='",
    "\"><script>ran()</script>",
    "'><img src=x onerror=ran()>",
    "<meta http-equiv=refresh content='0;url=javascript:ran()'>",
    "<base href='javascript:ran()//'>",
    "<link rel=stylesheet href=x onerror=ran()>",
    "<style onload=ran()></style>",
    "{{ ''.__class__ }}<script>ran()</script>",
    "{% raw %}<script>ran()</script>{% endraw %}",
    "＜script＞ran()＜/script＞<scr\x00ipt>ran()</script>",
    "<marquee onstart=ran()>x</marquee>",
    "\u202e<script>ran()</script>",
]
"""Each calls ``ran``, which the test defines, if it comes to run."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DiffReport]:
    with report_on(tmp_path_factory.mktemp("shop"), OLD, NEW, QUESTIONS) as gathered:
        yield gathered


@pytest.fixture(scope="module")
def browser(chromium: Path, report: DiffReport, hostile_page: bytes) -> Iterator[Browser]:
    """Opened after both reports: while it is open, its event loop runs in this thread, and answering needs one of its own."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield opened
        opened.close()


def plain(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def test_it_tells_every_kind_of_change(report: DiffReport) -> None:
    html = render_page(report)
    text = plain(html)
    for told in (
        "What changed: 000001 → 000002",
        "Now visible to the public (2)",
        "The document was internal and is public now (1 of its former passages).",
        "1 internal passage is public now.",
        "Changed documents (4)",
        "Added documents (2)",
        "Renamed documents (2)",
        "Removed documents (1)",
        "Expire within 30 days (1)",
        "Take effect within 30 days (1)",
        "answered differently",
        "Asked of both versions: 2 golden, 2 recent questions.",
    ):
        assert told in text, told
    assert b"<del>30</del>" in html and b"<ins>14</ins>" in html
    assert b"Documents that contradict each other" in html and b"80 EUR" in html
    assert 'lang="zh"' in html.decode() and "自签收次日起" in html.decode()


def test_it_is_self_contained(report: DiffReport) -> None:
    html = render_page(report).decode()
    assert not re.search(r"<script|<link|<iframe|<img|\bsrc=|@import|url\(|style=|\son\w+=", html)
    assert re.findall(r'href="([^#][^"]*)"', html) == []
    assert "default-src 'none'; style-src &#39;sha256-" in html or "default-src &#39;none&#39;; style-src &#39;sha256-" in html


def test_anchors_lead_somewhere(report: DiffReport) -> None:
    html = render_page(report).decode()
    targets = re.findall(r'href="#([^"]+)"', html)
    assert len(targets) > 8 and {f'id="{target}"' in html for target in targets} == {True}
    assert len(re.findall(r'\bid="', html)) == len(set(re.findall(r'\bid="([^"]+)"', html)))


def test_long_lists_are_cut_and_say_so(report: DiffReport) -> None:
    html = plain(render_page(report, Limits(1, 1, 20)))
    assert "Changed documents (4)" in html and "… and 3 more." in html and "more passages" in html
    assert "… and" not in plain(render_page(report, ALL))


def open_page(browser: Browser, path: Path, width: int, scheme: Any = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(path.as_uri())
    return page


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_without_scrolling_sideways(
    report: DiffReport, browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    file = tmp_path / "diff.html"
    file.write_bytes(render_page(report))
    page = open_page(browser, file, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("getComputedStyle(document.querySelector('del')).backgroundColor") != "rgba(0, 0, 0, 0)"  # the style is admitted
    left, right = page.locator(".sides:not(.one)").first.locator(".side").all()
    one, other = left.bounding_box(), right.bounding_box()
    assert one is not None and other is not None
    assert (one["y"] == other["y"]) == (width == 1280)  # beside each other where there is room, else one below the other
    shot = page.screenshot(path=tmp_path / f"diff-{scheme}-{width}.png", full_page=True)
    assert len(shot) > 20_000
    page.close()


def hostile(said: str) -> dict[str, File]:
    """Payloads wherever a document can put text: title, file name, heading, body, channel, region, product, superseded path."""
    from kb.scope import Scope

    files = {}
    for number, payload in enumerate(PAYLOADS):
        scope = Scope(channels=(payload, said), products=(payload,), supersedes=(payload,))
        sections = [(payload, f"{said} {payload} {said} words that stay the same {payload}"), ("", payload)]
        files[f"{number}-{payload}.md"] = File(f"{said} {payload}", sections, scope)
    files[f"only-{said}-{PAYLOADS[0]}"] = File(PAYLOADS[1], [("", PAYLOADS[2])])
    return files


@pytest.fixture(scope="module")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    questions = [QUESTIONS[0].__class__("recent", f"r{n}", payload, "public") for n, payload in enumerate(PAYLOADS)]
    with report_on(tmp_path_factory.mktemp("hostile"), hostile("before"), hostile("after"), questions) as gathered:
        assert gathered.answers is not None and gathered.answers.changes
        yield render_page(gathered)


def runs(browser: Browser, html: bytes, path: Path) -> list[str]:
    """What called ``ran`` when the page was opened, its elements touched."""
    path.write_bytes(html)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    calls: list[str] = []
    page.on("dialog", lambda dialog: calls.append("dialog"))
    page.expose_function("ran", lambda *_: calls.append("ran"))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('*').forEach(one => one.dispatchEvent(new Event('mouseover')))")
    page.wait_for_timeout(300)
    page.close()
    return calls


@pytest.mark.browser
def test_no_document_can_make_it_run_anything(hostile_page: bytes, browser: Browser, tmp_path: Path) -> None:
    assert len(PAYLOADS) >= 30
    bare = re.sub(rb"<meta http-equiv[^>]*>", b"", hostile_page, count=1)
    assert len(bare) < len(hostile_page)
    assert runs(browser, bare, tmp_path / "bare.html") == []  # the escaping alone holds
    assert runs(browser, hostile_page, tmp_path / "whole.html") == []


@pytest.mark.browser
def test_the_payloads_would_run_and_the_policy_alone_stops_them(browser: Browser, hostile_page: bytes, tmp_path: Path) -> None:
    loose = "<!DOCTYPE html><title>x</title>" + "".join(f"<div>{payload}</div>" for payload in PAYLOADS[:5])
    assert runs(browser, loose.encode(), tmp_path / "loose.html")
    policy = re.search(rb"<meta http-equiv[^>]*>", hostile_page)
    assert policy is not None
    assert runs(browser, policy.group() + loose.encode(), tmp_path / "policed.html") == []


def test_steering_characters_are_written_out(hostile_page: bytes) -> None:
    assert "\u202e" not in hostile_page.decode() and b"\x00" not in hostile_page and b"\\u202e" in hostile_page
