"""The OpenAPI document: pinned, complete, and true."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from scripts import openapi
from server.openapi import build_document
from server.shapes.answers import ChatCompletion, ChatCompletionChunk, EmbeddingList
from server.shapes.customers import Deletion
from server.shapes.feedback import Feedback, FeedbackList
from server.shapes.keys import Key, KeyList, NewKey
from server.shapes.passages import DocumentDetail, DocumentList, PassageDetail, SearchResult
from server.shapes.runs import Run as RunShape
from server.shapes.runs import RunList
from server.shapes.shape import Document, Error, Health, ModelList, Readiness, Service, Shape
from server.shapes.verification import Verification
from server.state.keys import KEY_SCOPES
from server.state.run import Run, RunEnding, RunRequest, RunSource
from tests.server.conftest import Running

FILE = Path(openapi.FILE)
CHAT = "/v1/chat/completions"
ASKED: dict[str, Any] = {"model": "citedesk", "messages": [{"role": "user", "content": "How long can I return a lamp?"}]}
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document(shared: Running) -> dict[str, Any]:
    with shared.http() as http:
        response = http.get("/openapi.json")
    assert response.status_code == 200
    fetched: dict[str, Any] = response.json()
    return fetched


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        yield from ((path, method, operation) for method, operation in item.items() if method in METHODS)


def test_it_is_the_one_in_the_repository(document: dict[str, Any]) -> None:
    assert orjson.loads(FILE.read_bytes()) == document, "the API changed: run scripts/openapi.py, and read the difference"
    assert FILE.read_bytes() == openapi.written(document)


def test_it_is_shown_to_keys_only(shared: Running) -> None:
    with httpx.Client(base_url=shared.url) as http:
        assert http.get("/openapi.json").status_code == 401


def test_every_route_is_described_in_full(shared: Running, document: dict[str, Any]) -> None:
    with shared.http() as http:
        assert set(document["paths"]) == {path.replace(":path", "") for path in http.get("/").json()["routes"]}
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names)) > 12
    for path, method, operation in operations(document):
        assert operation["description"] or operation["summary"]
        done = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        assert len(done) == 1 and done[0]["content"], f"{method} {path} does not say what it gives"
        assert method != "post" or operation["requestBody"]["content"]["application/json"]["schema"], f"{path} does not say what it takes"
        assert operation["responses"]["default"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
        assert "422" not in operation["responses"]
        assert ("401" in operation["responses"]) is ("security" in operation)


def test_what_needs_no_key(document: dict[str, Any]) -> None:
    free = {path for path, _, operation in operations(document) if "security" not in operation}
    assert free == {"/", "/healthz", "/readyz", "/v1/originals/{version}/{document_id}"}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for name in {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in document["components"]["schemas"]
    assert "x-body-model" not in text and "x-event-model" not in text


def test_a_route_that_says_nothing_would_be_seen(shared: Running) -> None:
    """The test above is not blind: FastAPI's own description of a route that reads its body by hand has neither body nor answer."""
    from fastapi import APIRouter
    from fastapi.routing import APIRoute

    router = APIRouter()

    @router.post("/bare")
    async def bare() -> None:
        """Nothing."""

    routes = [route for route in router.routes if isinstance(route, APIRoute)]
    assert "requestBody" not in build_document(routes)["paths"]["/bare"]["post"]


def test_what_is_sent_has_the_described_shape(running: Running) -> None:
    with running.http(internal=True) as http:
        search = http.post("/v1/search", json={"query": "return a lamp"}).json()
        hit = search["hits"][0]
        listed = http.get("/v1/documents").json()
        sent: list[tuple[type[Shape], Any]] = [
            (Service, http.get("/").json()),
            (Health, http.get("/healthz").json()),
            (Readiness, http.get("/readyz").json()),
            (ModelList, http.get("/v1/models").json()),
            (Document, http.get("/openapi.json").json()),
            (SearchResult, search),
            (DocumentList, listed),
            (DocumentDetail, http.get(f"/v1/documents/{hit['document_id']}").json()),
            (PassageDetail, http.get(f"/v1/passages/{hit['passage_id']}").json()),
            (Verification, http.post("/v1/verify", json={"text": "You can return any lamp within 45 days."}).json()),
            (Verification, http.post("/v1/verify", json={"text": "It is red.", "passages": [{"text": "It is red."}]}).json()),
            (EmbeddingList, http.post("/v1/embeddings", json={"model": "citedesk", "input": "lamp"}).json()),
            (EmbeddingList, http.post("/v1/embeddings", json={"model": "citedesk", "input": "a", "encoding_format": "base64"}).json()),
            (ChatCompletion, http.post(CHAT, json=ASKED).json()),
            (Error, http.post(CHAT, json={}).json()),
            (Error, http.get("/nothing").json()),
        ]
    for shape, content in sent:
        assert shape.model_validate(content)


def test_every_chunk_has_the_described_shape(running: Running, scripted: Running) -> None:
    for server, internal in ((running, False), (scripted, True)):
        with server.http(internal) as http:
            text = http.post(CHAT, json=ASKED | {"stream": True, "stream_options": {"include_usage": True}}).text
        events = [event.removeprefix("data: ") for event in text.split("\n\n") if event.startswith("data: {")]
        assert len(events) > 3
        for event in events:
            ChatCompletionChunk.model_validate_json(event)


def test_what_admins_are_sent_has_the_described_shape(shared: Running) -> None:
    secret = shared.services.keys.create_key("admin", "internal", KEY_SCOPES).secret
    with shared.http() as http:
        http.headers["authorization"] = f"Bearer {secret}"
        made = http.post("/v1/keys", json={"name": "new", "scopes": ["chat"]}).json()
        NewKey.model_validate(made)
        Key.model_validate(http.get(f"/v1/keys/{made['id']}").json())
        Key.model_validate(http.delete(f"/v1/keys/{made['id']}").json())
        KeyList.model_validate(http.get("/v1/keys").json())
        Feedback.model_validate(http.post("/v1/feedback", json={"answer_id": "chatcmpl-1", "rating": "up"}).json())
        assert FeedbackList.model_validate(http.get("/v1/feedback").json()).data
        Deletion.model_validate(http.post("/v1/customers/forget", json={"users": ["nobody"]}).json())
        RunList.model_validate(http.get("/v1/ingest").json())


def test_runs_have_the_described_shape() -> None:
    ending = RunEnding("published", 0, "000002", {"documents": 1}, {"passed": True}, {"added": 1}, ("note",))
    request = RunRequest((RunSource("shop", "docs"),), "me", "why")
    for ended in (None, ending):
        moment = datetime(2026, 11, 30, tzinfo=UTC)
        run = Run("run1", "http", request, moment, moment if ended else None, "000001", "embed", 1, 2, ended)
        RunShape.model_validate(run.to_json())
