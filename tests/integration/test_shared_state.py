"""Two real servers over one PostgreSQL: one state, whichever of them is asked."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.state.keys import KEY_SCOPES
from tests.postgres import PASSWORD, PostgresServer
from tests.processes import eventually

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Server:
    """One ``citedesk serve``, and all that it printed."""

    def __init__(self, process: "subprocess.Popen[str]", url: str, errors: Path) -> None:
        self.process = process
        self.url = url
        self.errors = errors

    def ask(self, key: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}"}
        return httpx.request(method, f"{self.url}{path}", headers=headers, timeout=60, verify=False, **more)

    def stop(self) -> str:
        self.process.terminate()
        said, _ = self.process.communicate(timeout=60)
        assert self.process.returncode in (0, -signal.SIGTERM)
        return said + self.errors.read_text()


@contextmanager
def serving(data: Path, errors: Path) -> Iterator[Server]:
    command = [sys.executable, "-m", "server.cli.main", "serve", "--data", str(data), "--port", "0", "--json"]
    with errors.open("w") as log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert first, errors.read_text()
            yield Server(process, json.loads(first)["url"], errors)
        finally:
            process.kill()


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "returns.md").write_text("# Returns\n\nYou can return any lamp within 30 days of delivery.\n", encoding="utf-8")
    return folder


@pytest.fixture
def servers(postgres: PostgresServer, encoder_cache: Path, tmp_path: Path, documents: Path) -> Iterator[list[Server]]:
    """Two that were started at the same moment, on an empty database and an empty data folder."""
    os.environ["CITEDESK_STATE_URL"] = postgres.new_database().get_secret_value()
    os.environ["CITEDESK_READER"] = "words"  # what answers is not the point here
    os.environ["CITEDESK_CACHE"] = str(encoder_cache)
    os.environ["CITEDESK_INGEST_ROOTS"] = json.dumps([str(documents.parent)])
    with ExitStack() as stack, ThreadPoolExecutor(2) as pool:
        starting = [serving(tmp_path / "data", tmp_path / f"errors{number}") for number in range(2)]
        yield list(pool.map(stack.enter_context, starting))


def new_key(data: Path) -> str:
    options = ["--name", "all", "--audience", "internal", "--json", "--data", str(data)]
    scopes = [part for scope in KEY_SCOPES for part in ("--scope", scope)]
    command = [sys.executable, "-m", "server.cli.main", "keys", "create", *options, *scopes]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    key: str = json.loads(done.stdout.splitlines()[-1])["key"]
    return key


def test_two_servers_are_one_service(servers: list[Server], documents: Path, tmp_path: Path, postgres: PostgresServer) -> None:
    one, other = servers
    key = new_key(tmp_path / "data")
    a_key_made_at_one_works_at_the_other_until_it_is_revoked(one, other, key)
    a_run_started_at_one_is_watched_at_the_other(one, other, key, documents)
    a_link_of_one_opens_at_the_other(one, other, key)
    an_outage_is_told_and_got_over(one, other, key, postgres)
    printed = one.stop() + other.stop()
    assert PASSWORD not in printed and key not in printed


def a_key_made_at_one_works_at_the_other_until_it_is_revoked(one: Server, other: Server, key: str) -> None:
    made = one.ask(key, "POST", "/v1/keys", json={"name": "front", "scopes": ["search"]}).json()
    assert [server.ask(made["key"], "GET", "/v1/models").status_code for server in (one, other)] == [200, 200]
    assert other.ask(key, "DELETE", f"/v1/keys/{made['id']}").status_code == 200
    assert other.ask(made["key"], "GET", "/v1/models").status_code == 401
    assert eventually(lambda: one.ask(made["key"], "GET", "/v1/models").status_code == 401, 5)


def a_run_started_at_one_is_watched_at_the_other(one: Server, other: Server, key: str, documents: Path) -> None:
    body = {"sources": [{"path": str(documents)}]}
    with ThreadPoolExecutor(2) as pool:
        begun = list(pool.map(lambda server: server.ask(key, "POST", "/v1/ingest", json=body), (one, other)))
    assert sorted(answer.status_code for answer in begun) == [202, 409]
    run = next(answer.json()["id"] for answer in begun if answer.status_code == 202)
    for server in (one, other):
        assert eventually(lambda server=server: server.ask(key, "GET", f"/v1/ingest/{run}").json()["state"] == "ended", 120)  # type: ignore[misc]
        (listed,) = server.ask(key, "GET", "/v1/ingest").json()["data"]
        assert (listed["outcome"], listed["version_after"]) == ("published", "000001"), listed


def a_link_of_one_opens_at_the_other(one: Server, other: Server, key: str) -> None:
    for server in (one, other):
        assert eventually(lambda server=server: httpx.get(f"{server.url}/readyz", verify=False).status_code == 200, 60)  # type: ignore[misc]
    (hit,) = one.ask(key, "POST", "/v1/search", json={"query": "return a lamp"}).json()["hits"]
    path = hit["url"].removeprefix(one.url).partition("#")[0]
    opened = httpx.get(f"{other.url}{path}", verify=False)
    assert opened.status_code == 200 and "30 days" in opened.text


def an_outage_is_told_and_got_over(one: Server, other: Server, key: str, postgres: PostgresServer) -> None:
    postgres.stop()
    try:
        assert eventually(lambda: one.ask(key, "GET", "/v1/ingest").status_code == 503, 20)
        refused = other.ask(key, "GET", "/v1/feedback")
        assert (refused.status_code, refused.json()["error"]["code"], refused.headers["retry-after"]) == (503, "state_unavailable", "5")
        assert httpx.get(f"{one.url}/healthz", verify=False).status_code == 200
    finally:
        postgres.start()
    assert [server.ask(key, "GET", "/v1/ingest").status_code for server in (one, other)] == [200, 200]
