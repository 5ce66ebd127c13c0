"""A deleted document is shown by no route, and what is served in a version's place is told."""

import json
import shutil
from pathlib import Path

import httpx
import pytest

from ingest.forgetting import find_holdings, forget
from kb.document import document_id
from kb.errors import NoVersionError
from server.originals.shelf import Shelf
from tests.processes import eventually
from tests.server import shop
from tests.server.conftest import Running, Start
from tests.server.test_damage import flip

pytestmark = pytest.mark.slow

KEY = document_id(shop.SOURCE, "returns.md")


def publish_without_returns(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = [item for item in shop.items(1) if item.path != "returns.md"]
    with monkeypatch.context() as patch:
        patch.setattr("tests.server.shop.items", lambda _number: fewer)
        shop.publish(data, 1)


def shown(running: Running, passage: str) -> list[int]:
    """The status of every route that could show the document or its passage."""
    link = running.services.signer.url("000001", KEY, "public", passage)
    with running.http() as http:
        listed = [one["id"] for one in http.get("/v1/documents").json()["data"]]
        found = str(http.post("/v1/search", json={"query": shop.RETURNS}).json()["data"][0]["hits"])
        assert (KEY in listed) == ("Keep the receipt" in found)
        return [http.get(f"/v1/documents/{KEY}").status_code, http.get(f"/v1/passages/{passage}").status_code, httpx.get(link).status_code]


def test_after_a_publication_without_it_no_route_shows_it(data: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    running = start(data)
    with running.services.live.lease() as version:
        passage = version.passages_of(KEY)[0].id
    assert shown(running, passage) == [200, 200, 200]
    publish_without_returns(data, monkeypatch)
    assert eventually(lambda: running.services.live.id == "000002", 30)
    assert shown(running, passage) == [404, 404, 410]
    page = httpx.get(running.services.signer.url("000001", KEY, "public"), headers={"accept": "text/html"})
    assert "no longer part of the knowledge base" in page.text and "receipt" not in page.text
    other = httpx.get(running.services.signer.url("000001", document_id(shop.SOURCE, "zh.txt"), "public"))
    assert other.status_code == 200 and other.headers["cache-control"] == "private, no-cache"


def test_after_forget_a_running_server_shows_it_nowhere(data: Path, start: Start) -> None:
    running = start(data)
    with running.services.live.lease() as version:
        passage = version.passages_of(KEY)[0].id
    store = running.services.store
    with store.writer() as writer:
        forget(store, writer, find_holdings(store, frozenset({KEY})), "Ada", "a request")

    def taken_over() -> bool:
        with running.services.live.lease() as live:
            return live.path.name == "000001.1"

    assert eventually(taken_over, 30)
    assert shown(running, passage) == [404, 404, 410]
    with running.http() as http:
        ready = http.get("/readyz").json()
    assert (ready["status"], ready["kb_version"], ready["problem"]) == ("ready", "000001", None)


def test_the_shelf_lets_go_of_what_was_removed_or_rewritten(data: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.publish(data, 1)
    running = start(data)
    shelf = Shelf(running.services.live, running.services.store)
    with shelf.version("000001") as old:
        assert old.document(KEY) is not None
    shelf.tidy()
    with shelf.version("000001") as again:
        assert again is old
    shutil.rmtree(data / "kb" / "versions" / "000001")
    shelf.tidy()
    with pytest.raises(Exception, match="closed"):
        old.document(KEY)
    shelf.close()


def test_a_fallback_is_logged_once_and_so_is_its_end(data: Path, start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    shop.publish(data, 1)
    vectors = data / "kb" / "versions" / "000002" / "vectors.npy"
    flip(vectors)
    running = start(data)
    lines: list[dict[str, str]] = []

    def told(event: str) -> bool:
        lines.extend(json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{"))
        return any(line["event"] == event for line in lines)

    assert eventually(lambda: told("version_not_served"), 30)
    shop.publish(data, 2)
    assert eventually(lambda: told("version_served_again"), 30)
    (fallback,) = [line for line in lines if line["event"] == "version_not_served"]
    assert fallback["served"] == "000001" and "000002/vectors.npy" in fallback["reason"]
    assert running.services.live.id == "000003"


def test_nothing_published_means_nothing_to_show(empty_data: Path, start: Start) -> None:
    running = start(empty_data)
    with pytest.raises(NoVersionError), running.services.live.lease():
        pass
    assert httpx.get(running.services.signer.url("000001", KEY, "public")).status_code == 410
