"""Search, documents and passages; and that no internal text reaches a public key by any of them."""

from pathlib import Path
from typing import Any

import pytest

from kb.document import document_id
from server.passage_fields import View
from tests.server import shop
from tests.server.conftest import Running, Start


def id_of(path: str) -> str:
    return document_id(shop.SOURCE, path)


def test_one_query(running: Running) -> None:
    with running.http() as http:
        got = http.post("/v1/search", json={"query": "return lamp receipt", "k": 2}).json()
    assert got["object"] == "list" and got["kb_version"] == "000001"
    assert got["hits"] == got["data"][0]["hits"] and len(got["hits"]) == 2
    first = got["hits"][0]
    assert (first["document"], first["source"], first["text"]) == ("returns.md", shop.SOURCE, shop.RETURNS)
    assert first["url"].startswith(running.url) and isinstance(first["score"], float)


def test_many_queries(running: Running) -> None:
    with running.http() as http:
        got = http.post("/v1/search", json={"queries": ["kettle litres", "shipping Germany costs"], "k": 1}).json()
    assert [(row["query"], row["hits"][0]["document"]) for row in got["data"]] == [
        ("kettle litres", "kettle.pdf"),
        ("shipping Germany costs", "shipping.html"),
    ]
    assert "hits" not in got
    assert got["data"][1]["hits"][0]["url"] == "https://shop.example/shipping"
    assert got["data"][0]["hits"][0]["url"].endswith("#page=2")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "query"),
        ({"query": "a", "queries": ["b"]}, "query"),
        ({"queries": []}, "queries"),
        ({"queries": ["x"] * 257}, "queries"),
        ({"query": "a", "k": 0}, "k"),
        ({"query": "a", "k": 101}, "k"),
        ({"query": 5}, "query"),
        ({"query": "a", "citedesk": {"audience": "internal"}}, "citedesk.audience"),
    ],
)
def test_wrong_searches(running: Running, body: dict[str, Any], param: str) -> None:
    with running.http() as http:
        response = http.post("/v1/search", json=body)
    assert (response.status_code, response.json()["error"]["param"]) == (400, param)


def test_documents_come_in_pages(running: Running) -> None:
    with running.http() as http:
        everything = http.get("/v1/documents").json()
        paged, offset = [], 0
        while offset is not None:
            page = http.get("/v1/documents", params={"limit": 2, "offset": offset}).json()
            paged += page["data"]
            assert page["has_more"] == (page["next_offset"] is not None)
            offset = page["next_offset"]
        assert paged == everything["data"] and everything["total"] == len(paged) == 6
        assert http.get("/v1/documents", params={"source": "other"}).json()["data"] == []


def test_a_document_and_a_passage(running: Running) -> None:
    with running.http() as http:
        document = http.get(f"/v1/documents/{id_of('faq.csv')}").json()
        assert document["document"] == "faq.csv" and document["passages"] == len(document["passage_ids"]) == 1
        passage = http.get(f"/v1/passages/{document['passage_ids'][0]}").json()
        assert passage["text"] == shop.FAQ_PUBLIC and passage["heading_path"] == ["Rules"]
    with running.http(internal=True) as http:
        assert http.get(f"/v1/documents/{id_of('faq.csv')}").json()["passages"] == 2


def test_what_is_hidden_is_missing(running: Running) -> None:
    with running.http(internal=True) as http:
        hidden = http.get(f"/v1/documents/{id_of('internal/agents.md')}").json()["passage_ids"][0]
        assert http.get(f"/v1/passages/{hidden}").json()["text"] == shop.SECRET
    with running.http() as http:
        for path in (f"/v1/passages/{hidden}", "/v1/passages/none", f"/v1/documents/{id_of('internal/agents.md')}", "/v1/documents/none"):
            response = http.get(path)
            assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def eight_words(text: str) -> set[str]:
    words = text.split()
    return {" ".join(words[start : start + 8]) for start in range(len(words) - 7)}


def test_no_eight_words_of_internal_text_reach_a_public_key(running: Running) -> None:
    secrets = eight_words(shop.SECRET) | eight_words(shop.FAQ_SECRET)
    assert len(secrets) > 10
    questions = ["goodwill voucher of ninety nine euros chargeback", "night shift reset terminal 4471", "Agents may silently grant"]
    said = []
    with running.http() as http:
        for question in questions:
            said.append(http.post("/v1/search", json={"query": question, "k": 100}).text)
            body = {"model": "citedesk", "messages": [{"role": "user", "content": question}]}
            said.append(http.post("/v1/chat/completions", json=body).text)
        listing = http.get("/v1/documents").json()["data"]
        said.append(str(listing))
        for document in listing:
            detail = http.get(f"/v1/documents/{document['id']}").json()
            said += [str(detail), *(http.get(f"/v1/passages/{one}").text for one in detail["passage_ids"])]
            said.append(http.get(document["original"].partition("#")[0]).text)
    assert len(listing) == 6 and any("dims in three steps" in text for text in said)
    for text in said:
        assert not [secret for secret in secrets if secret in " ".join(text.split())]
        assert "internal/agents.md" not in text
    with running.http(internal=True) as http:
        assert shop.SECRET in http.post("/v1/search", json={"query": questions[0]}).text


def test_a_new_version_is_noticed(data: Path, start: Start) -> None:
    running = start(data)
    with running.http() as http:
        assert http.get("/readyz").json()["kb_version"] == "000001"
        shop.publish(data, 7)
        for _ in range(200):
            if http.get("/readyz").json()["kb_version"] == "000002":
                break
        assert http.post("/v1/search", json={"query": "Edition 7 of this page"}).json()["hits"][0]["text"] == "Edition 7 of this page."
        assert http.get("/").json()["service"] == "citedesk"


def test_a_view_hides_what_is_superseded(running: Running) -> None:
    with running.services.live.lease() as version:
        view = View(version.id, "public", running.services.signer)
        summary = version.documents("public")[0]
    assert "supersedes" not in view.document(summary)["scope"]
