"""A hundred and sixty payloads wherever a document or an answer can put text: none runs in a browser."""

import html
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, sync_playwright

from kb.document import document_id
from kb.encoders.hashing import HashingEncoder
from kb.manifest import ManifestFields
from kb.scope import Scope
from kb.store import VersionStore
from rag.answer import AnswerSentence
from rag.output_check import OutputCheck
from server.diff.page import render_page
from tests.attacks.xss import FAMILIES, PAYLOADS, careless_page
from tests.server import shop
from tests.server.browser_watch import Watch
from tests.server.conftest import Running, Start
from tests.server.diff.changed_shop import QUESTIONS, File, report_on

AT_ONCE = 5
GROUPS = [PAYLOADS[start : start + AT_ONCE] for start in range(0, len(PAYLOADS), AT_ONCE)]
CLOSED = "\n-->'\"></title></textarea></style></script></xmp></noembed></iframe></noscript></template></select></table></math></svg>\n"
"""Ends whatever a payload left open, so that the next one is read as HTML."""


@pytest.fixture(scope="module")
def diff_page(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    questions = [replace(QUESTIONS[0], id=f"r{number}", text="".join(group)) for number, group in enumerate(GROUPS[::4])]
    with report_on(tmp_path_factory.mktemp("hostile"), hostile("before"), hostile("after"), questions) as gathered:
        return render_page(gathered)


@pytest.fixture(scope="module")
def browser(chromium: Path, diff_page: bytes) -> Iterator[Browser]:
    """Opened after the report: while it is open, its event loop runs in this thread, and answering needs one of its own."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield opened
        opened.close()


def hostile(said: str) -> dict[str, File]:
    """Payloads in titles, headings, bodies, paths and scopes."""
    files = {}
    for number, group in enumerate(GROUPS):
        sections = [(payload, f"{said} {payload} {said} words that stay the same {payload}") for payload in group]
        scope = Scope(channels=(*group[:2], said), products=group[2:4], supersedes=group[4:])
        files[f"{number}-{group[0]}{group[-1]}.md"] = File(f"{said} {' '.join(group)}", sections, scope)
    return files


def frames(pages: Sequence[str]) -> str:
    return "<!DOCTYPE html><title>x</title>" + "".join(f'<iframe srcdoc="{html.escape(page)}"></iframe>' for page in pages)


@pytest.mark.browser
def test_the_payloads_do_run_where_nobody_takes_care(browser: Browser) -> None:
    """Or the tests below would prove nothing: every family but the inert one runs, and most of its payloads do."""
    watch = Watch(browser)
    assert len(set(PAYLOADS)) >= 150
    for family, payloads in FAMILIES.items():
        numbered = [payload.replace("ran()", f"ran({number})") for number, payload in enumerate(payloads)]
        del watch.calls[:]
        watch.show(frames([careless_page(family, payload) for payload in numbered]))
        ran = {said[0] for said in watch.settle() if said}
        least = 0 if family == "inert" else 0.5
        assert len(ran) >= least * len(payloads), (family, [payload for number, payload in enumerate(payloads) if number not in ran])


@pytest.mark.browser
def test_none_runs_on_the_page_that_shows_what_changed(browser: Browser, diff_page: bytes, tmp_path: Path) -> None:
    policy = diff_page.index(b"<meta http-equiv")
    bare = diff_page[:policy] + diff_page[diff_page.index(b">", policy) + 1 :]
    for name, page in (("whole", diff_page), ("without its policy", bare)):
        file = tmp_path / f"{name}.html"
        file.write_bytes(page)
        watch = Watch(browser)
        watch.open(file.as_uri())
        assert watch.settle() == [], name


@pytest.fixture
def hostile_shop(tmp_path: Path, start: Start) -> Running:
    """The payloads as web pages, as text, and in paths, titles and texts of documents that are shown as pages of passages."""
    inside = Scope(audience="internal")
    items = [shop.Item("all.md", "text/markdown", CLOSED.join(PAYLOADS).encode(), PAYLOADS)]
    for number, group in enumerate(GROUPS):
        items.append(shop.Item(f"{number}.html", "text/html", CLOSED.join(group).encode(), [shop.POLICY]))
        scopes = (*(Scope() for _ in group), inside)
        items.append(shop.Item(f"{number}{''.join(group)}", "text/csv", b"x", [*group, shop.SECRET], scopes))
    data = tmp_path / "data"
    store, encoder = VersionStore(data), HashingEncoder()
    with store.writer() as writer:
        documents = [shop.document_of(item, store.objects) for item in items]
        passages = [one for document, item in zip(documents, items, strict=True) for one in shop.passages_of(document, item)]
        staged = writer.stage()
        staged.write(documents, passages, encoder.encode_passages([passage.encoded_text for passage in passages]))
        writer.seal(staged, ManifestFields(encoder_id=encoder.id, chunker="test", who="tester", why="a test"))
        writer.publish(staged)
    return start(data)


@pytest.mark.browser
def test_none_runs_in_a_served_original(browser: Browser, hostile_shop: Running) -> None:
    def link(path: str) -> str:
        return hostile_shop.services.signer.url("000001", document_id(shop.SOURCE, path), "public")

    watch = Watch(browser)
    watch.open(link("all.md"))
    assert watch.page.evaluate("document.contentType") == "text/plain" and watch.settle() == []
    for number, group in enumerate(GROUPS):
        watch.open(link(f"{number}.html"))
        watch.open(link(f"{number}{''.join(group)}"))
        assert watch.page.locator(".passage").count() == len(group)
    assert watch.settle() == []


@pytest.mark.browser
def test_the_web_pages_would_run_them_without_their_policy(browser: Browser) -> None:
    """Or the test above would prove nothing."""
    ran = 0
    for group in GROUPS[:9]:
        watch = Watch(browser)
        watch.show(CLOSED.join(group))
        ran += bool(watch.settle())
    assert ran == 9


@pytest.mark.browser
def test_none_runs_where_the_api_is_opened_as_a_page(browser: Browser, hostile_shop: Running) -> None:
    """A browser that comes upon JSON, whatever stands in it, shows text."""
    watch = Watch(browser, extra_http_headers={"Authorization": f"Bearer {hostile_shop.public_key}"})
    with hostile_shop.services.live.lease() as version:
        passages = [passage.id for passage in version.passages_of(document_id(shop.SOURCE, "all.md"))][::12]
    paths = ("/v1/documents?limit=1000", *(f"/v1/passages/{passage}" for passage in passages), "/v1/passages/<img src=x onerror=ran()>")
    for path in paths:
        watch.open(f"{hostile_shop.url}{path}")
    assert watch.settle() == []


@pytest.fixture
def hostile_answer(data: Path, start: Start) -> Callable[[bool], httpx.Response]:
    """An answer that says nothing but payloads, and cites documents named and titled by them."""
    citations = tuple(
        replace(shop.citation(number), title="".join(group), quote="".join(group), document="".join(group), source=group[0])
        for number, group in enumerate(GROUPS, 1)
    )
    sentences = tuple(AnswerSentence(payload, (number // AT_ONCE + 1,), 0.9, separator="\n") for number, payload in enumerate(PAYLOADS))
    running = start(data, shop.ScriptedAnswerer(replace(shop.scripted_answer(), sentences=sentences, citations=citations)))

    def ask(stream: bool) -> httpx.Response:
        body = {"model": "citedesk", "messages": [{"role": "user", "content": "?"}], "stream": stream}
        body |= {"citedesk": {"citation_style": "markers+footer"}}
        with running.http() as http:
            return http.post("/v1/chat/completions", json=body)

    return ask


@pytest.mark.browser
def test_none_runs_in_an_answer_opened_or_shown_as_the_guide_says(
    browser: Browser, hostile_answer: Callable[[bool], httpx.Response]
) -> None:
    answer, stream = hostile_answer(False), hostile_answer(True)
    for response in (answer, stream):
        assert response.status_code == 200 and response.headers["x-content-type-options"] == "nosniff"
    assert stream.headers["content-type"].startswith("text/event-stream")
    watch = Watch(browser)
    sent = {"content-type": answer.headers["content-type"], "x-content-type-options": "nosniff"}
    watch.page.route("http://api.example/", lambda route: route.fulfill(status=200, body=answer.content, headers=sent))
    watch.open("http://api.example/")
    assert watch.settle() == [], "the answer's JSON as a document"
    body = answer.json()
    watch.show("<!DOCTYPE html><main></main><ol></ol>")
    watch.page.evaluate(SHOW_AS_TEXT, body)
    watch.touch()
    assert watch.settle() == [] and watch.page.locator("ol a").count() == len(GROUPS)
    careful = MarkdownIt("js-default", {"html": False}).disable("image")
    watch.show(f"<!DOCTYPE html>{careful.render(body['choices'][0]['message']['content'])}")
    assert watch.settle() == [], "the answer as Markdown without HTML"


SHOW_AS_TEXT = """(answer) => {
  document.querySelector('main').textContent = answer.choices[0].message.content;
  for (const source of answer.sources) {
    const link = document.createElement('a');
    if (/^https?:/.test(source.url)) link.href = source.url;
    link.textContent = `${source.title} ${source.document} ${source.quote}`;
    link.target = 'elsewhere';
    link.rel = 'noopener noreferrer nofollow';
    link.addEventListener('click', event => event.preventDefault());
    const item = document.createElement('li');
    item.append(link);
    document.querySelector('ol').append(item);
  }
}"""
"""As docs/security.md tells those who show answers."""


@pytest.mark.browser
def test_what_the_checks_let_out_runs_nowhere_even_shown_as_html(browser: Browser) -> None:
    """A client that takes an answer for HTML, or renders Markdown with HTML in it, is careless; the checks hold for it all the same."""
    check = OutputCheck()
    let_out = [payload for payload in PAYLOADS if check.problem(payload) is None and check.link_problem(payload, []) is None]
    assert len(let_out) < 0.4 * len(PAYLOADS)
    watch = Watch(browser)
    watch.show(frames(let_out))
    watch.show(frames([careless_page("markdown", payload) for payload in let_out]))
    assert watch.settle() == [], let_out


def test_names_and_titles_in_the_list_of_sources_hold_no_html(hostile_answer: Callable[[bool], httpx.Response]) -> None:
    content = json.loads(hostile_answer(False).content)["choices"][0]["message"]["content"]
    footer = content[content.rindex("\n\n[1] [") :]
    assert footer.count("\n") >= len(GROUPS) and "<" not in footer and "\x00" not in footer
