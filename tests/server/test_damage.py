"""What callers hear when the knowledge base on disk is damaged."""

import shutil
from pathlib import Path

from tests.server import shop
from tests.server.conftest import Start


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_a_damaged_only_version_is_not_served(data: Path, start: Start) -> None:
    flip(data / "kb" / "versions" / "000001" / "vectors.npy")
    with start(data).http() as http:
        ready = http.get("/readyz")
        assert (
            ready.status_code == 503 and "vectors.npy" in ready.json()["problem"] and "citedesk ingest" in ready.json()["error"]["message"]
        )
        assert "kb/versions/000001/vectors.npy" in ready.text and str(data) not in ready.text
        error = http.post("/v1/search", json={"query": "lamp"})
        assert (error.status_code, error.json()["error"]["code"]) == (503, "knowledge_base_unavailable")
        assert str(data) not in error.text


def test_a_damaged_new_version_leaves_the_old_one_serving(data: Path, start: Start) -> None:
    shop.publish(data, 1)
    flip(data / "kb" / "versions" / "000002" / "vectors.npy")
    running = start(data)
    with running.http() as http:
        ready = http.get("/readyz").json()
        assert ready["status"] == "ready" and ready["kb_version"] == "000001" and "000002" in ready["problem"]
        assert str(data) not in ready["problem"]
        assert http.post("/v1/search", json={"query": "lamp"}).json()["kb_version"] == "000001"


def test_an_original_that_was_removed_by_hand(data: Path, start: Start) -> None:
    running = start(data)
    shutil.rmtree(data / "objects")
    with running.http() as http:
        document = next(one for one in http.get("/v1/documents").json()["data"] if one["document"] == "returns.md")
        response = http.get(document["original"].partition("#")[0])
        assert response.status_code == 503 and str(data) not in response.text
