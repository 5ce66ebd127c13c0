"""What a caller holds already is not sent again; and a tag opens nothing."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from kb.document import document_id
from server.conditional import unless_held
from tests.processes import eventually
from tests.server import shop
from tests.server.conftest import Running, Start
from tests.server.test_deleted import KEY, publish_without_returns

pytestmark = pytest.mark.slow  # they start real servers: they run in the integration stage


def reply(held: tuple[str, ...] = (), body: bytes = b"x", policy: str = "sandbox") -> Response:
    headers = [(b"if-none-match", one.encode("latin-1")) for one in held]
    response = Response(body, headers={"content-type": "text/plain", "content-security-policy": policy})
    return unless_held(Request({"type": "http", "headers": headers}), response)


TAG = reply().headers["etag"]
CHANGING = {"content-length", "date", "x-request-id"}


@pytest.mark.parametrize("held", [(TAG,), (f"W/{TAG}",), (f'"other", {TAG}',), ('"other"', f' W/"é" ,{TAG} '), ("*",), (f'"a,b",{TAG}',)])
def test_whoever_names_the_tag_gets_the_headers_alone(held: tuple[str, ...]) -> None:
    answer = reply(held)
    assert (answer.status_code, answer.body) == (304, b"")
    assert "content-length" not in answer.headers
    assert dict(answer.headers) == {name: value for name, value in reply().headers.items() if name != "content-length"}


@pytest.mark.parametrize("held", [(), ("",), ('"other"',), (TAG.strip('"'),), (TAG[:-2] + '"',), (f'"{TAG}"',), ("**",), (f"w/{TAG}",)])
def test_whoever_does_not_gets_all(held: tuple[str, ...]) -> None:
    assert (reply(held).status_code, reply(held).body) == (200, b"x")


def test_the_tag_is_another_one_when_anything_that_is_sent_is_another() -> None:
    assert len({TAG, reply(body=b"y").headers["etag"], reply(policy="none").headers["etag"]}) == 3


def addresses(running: Running) -> Iterator[str]:
    """Every answer that has a tag, for a document that the public may see."""
    with running.services.live.lease() as version:
        passage = version.passages_of(KEY)[0].id
    yield running.services.signer.url("000001", KEY, "public")
    yield from ("/v1/documents", f"/v1/documents/{KEY}", f"/v1/passages/{passage}")


def test_every_such_answer_may_be_asked_for_again(shared: Running) -> None:
    with shared.http() as http:
        for address in addresses(shared):
            first = http.get(address)
            again = http.get(address, headers={"if-none-match": first.headers["etag"]})
            assert (first.status_code, again.status_code, again.content) == (200, 304, b""), address
            kept, sent = ({name: one for name, one in answer.headers.items() if name not in CHANGING} for answer in (again, first))
            assert kept == sent
            assert first.headers["cache-control"] == "private, no-cache"
        link = next(addresses(shared))
        head = httpx.head(link)
        assert head.headers["etag"] == httpx.get(link).headers["etag"]
        assert httpx.head(link, headers={"if-none-match": head.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("condition", ["*", "tag"])
def test_a_tag_shows_nothing_that_the_key_may_not_see(shared: Running, condition: str) -> None:
    secret = document_id(shop.SOURCE, "internal/agents.md")
    with shared.http(internal=True) as inside, shared.http() as outside:
        passage = inside.get(f"/v1/documents/{secret}").json()["passage_ids"][0]
        for address, status in ((f"/v1/documents/{secret}", 404), (f"/v1/passages/{passage}", 404), ("/v1/documents", 200)):
            first = inside.get(address)
            tag = first.headers["etag"] if condition == "tag" else "*"
            status = 304 if (condition, status) == ("*", 200) else status
            assert outside.get(address, headers={"if-none-match": tag}).status_code == status
            assert httpx.get(shared.url + address, headers={"if-none-match": tag}).status_code == 401
        mixed = document_id(shop.SOURCE, "mixed.md")
        tag = inside.get(f"/v1/documents/{mixed}").headers["etag"]
        assert outside.get(f"/v1/documents/{mixed}", headers={"if-none-match": tag}).status_code == 200
    links = [shared.services.signer.url("000001", secret, audience) for audience in ("internal", "public")]
    tag = httpx.get(links[0]).headers["etag"] if condition == "tag" else "*"
    assert httpx.get(links[1], headers={"if-none-match": tag}).status_code == 410
    assert httpx.get(links[0][:-4] + "0000", headers={"if-none-match": tag}).status_code == 403


@pytest.mark.slow
def test_what_was_deleted_is_missing_whatever_tag_is_named(data: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    running = start(data)
    with running.http() as http:
        held = {address: http.get(address).headers["etag"] for address in addresses(running)}
        publish_without_returns(data, monkeypatch)
        assert eventually(lambda: running.services.live.id == "000002")
        for tag in ("*", None):
            answers = [http.get(address, headers={"if-none-match": tag or own}) for address, own in held.items()]
            assert [answer.status_code for answer in answers] == [410, 304 if tag else 200, 404, 404]
            assert "etag" not in answers[0].headers and "receipt" not in "".join(answer.text for answer in answers)
