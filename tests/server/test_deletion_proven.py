"""A deleted document is returned by no route, cache, index or log; a forgotten one lies nowhere on the disk any more."""

import io
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import structlog
from starlette.routing import BaseRoute
from typer.testing import CliRunner, Result

import ingest.run
from kb.document import document_id
from kb.encoders.hashing import HashingEncoder
from kb.scope import AUDIENCES
from kb.store import VersionStore
from server.app import create_app
from server.cli.main import app
from tests.processes import eventually
from tests.reliability.victim import InProcessPool
from tests.server.conftest import Running, Start

SOURCE = "acme"
FACTS = ("4711 milliamperes", "四千七百毫安", "9322 vouchers")
"""What the documents say that are deleted, the last only to internal readers. No request below holds any of it."""
DELETED = {
    "recall.md": f"# Recall, {FACTS[0]}\n\nThe griffon kettle leaks {FACTS[0]} of current. Stop using the griffon kettle.\n",
    "召回.md": f"# 召回：{FACTS[1]}\n\n狮鹫水壶漏电，漏电电流为{FACTS[1]}。请立即停止使用狮鹫水壶。\n",
    "agents.md": f"---\naudience: internal\n---\n# Agents, {FACTS[2]}\n\nWhoever complains of the griffon kettle gets one of {FACTS[2]}.\n",
}
KEPT = {
    "returns.md": "# Returns\n\nLamps can be returned within 30 days of delivery.\n",
    "退货.md": "# 退货\n\n三十天内可以免费退货，运费由我们承担。\n",
    "shipping.md": "# Shipping\n\nShipping inside Germany costs 4.90 EUR.\n",
    "lamps.md": "# Lamps\n\nThe lamp dims in three steps.\n",
}
QUESTIONS = (
    "How much current does the griffon kettle leak?",
    "狮鹫水壶的漏电电流是多少？",
    "What does one get who complains of the griffon kettle?",
)
IDS = [document_id(SOURCE, path) for path in DELETED]


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_ENCODER", "hashing")
    monkeypatch.setenv("CITEDESK_READER", "words")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("tests.server.conftest.HashingEncoder", lambda: HashingEncoder(256))  # that of the command line
    monkeypatch.setattr(ingest.run, "ParserPool", InProcessPool)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The source, with the documents to be deleted."""
    folder = tmp_path / SOURCE
    folder.mkdir()
    write(folder, KEPT | DELETED)
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).write_text(text, encoding="utf-8")


def cite(*arguments: object, data: Path) -> Result:
    return CliRunner().invoke(app, [*(str(argument) for argument in arguments), "--data", str(data)])


class Probes:
    """Asks every route of ``running`` for what the deleted documents say. ``said`` is all that was sent, by the route's path."""

    def __init__(self, running: Running) -> None:
        self.running = running
        with running.services.live.lease() as version:
            self.passages = [passage.id for key in IDS for passage in version.passages_of(key)]
        self.links: list[str] = []
        self.asks: dict[str, Callable[[httpx.Client], list[httpx.Response]]] = {
            "/": lambda http: [http.get("/")],
            "/healthz": lambda http: [http.get("/healthz")],
            "/readyz": lambda http: [http.get("/readyz")],
            "/v1/models": lambda http: [http.get("/v1/models")],
            "/v1/models/{model:path}": lambda http: [http.get("/v1/models/citedesk")],
            "/v1/chat/completions": self._chat,
            "/v1/search": lambda http: [http.post("/v1/search", json={"query": question, "k": 50}) for question in QUESTIONS],
            "/v1/verify": self._verify,
            "/v1/documents": lambda http: [http.get("/v1/documents", params={"limit": 1000, "source": name}) for name in (None, SOURCE)],
            "/v1/documents/{document_id}": lambda http: [http.get(f"/v1/documents/{key}") for key in IDS],
            "/v1/passages/{passage_id}": lambda http: [http.get(f"/v1/passages/{passage}") for passage in self.passages],
            "/v1/originals/{version}/{document_id}": lambda _http: [httpx.get(link, verify=False) for link in self.links],
            "/v1/ingest": lambda _http: [self._nightly.get("/v1/ingest")],
            "/v1/ingest/{run_id}": self._runs,
            "/v1/embeddings": lambda http: [http.post("/v1/embeddings", json={"model": "citedesk", "input": list(QUESTIONS)})],
            "/v1/feedback": lambda _http: [self._nightly.get("/v1/feedback")],
            "/v1/customers/forget": lambda _http: [self._nightly.post("/v1/customers/forget", json={"users": ["nobody at all"]})],
            "/v1/freezes": lambda _http: [self._nightly.get("/v1/freezes", params={"all": True})],
            "/v1/freezes/{identifier}": lambda _http: [self._nightly.delete("/v1/freezes/frz_00000000")],
            "/v1/keys": lambda _http: [self._nightly.get("/v1/keys")],
            "/v1/keys/{key_id}": lambda _http: [self._nightly.get(f"/v1/keys/{made.key.id}")],
            "/metrics": lambda _http: [self._nightly.get("/metrics")],
            "/openapi.json": lambda http: [http.get("/openapi.json")],
        }
        made = running.services.keys.create_key("nightly", "internal", ["ingest", "admin"])
        nightly = httpx.Client(base_url=running.url, headers={"Authorization": f"Bearer {made.secret}"}, timeout=60, verify=False)
        self._nightly = running.clients.enter_context(nightly)

    def collect_links(self) -> None:
        """The links that were given out so far, and those that the signer makes today to every kept version."""
        services = self.running.services
        for version in services.store.version_ids():
            for audience in AUDIENCES:
                self.links += [services.signer.url(version, key, audience) for key in IDS]
        for internal in (False, True):
            with self.running.http(internal) as http:
                for question in QUESTIONS:
                    for hit in http.post("/v1/search", json={"query": question}).json()["hits"]:
                        self.links += [hit["original"]] if hit["document_id"] in IDS else []

    def told(self) -> dict[tuple[str, bool], list[str]]:
        """The `FACTS` that each route told, by its path and whether the key was an internal one."""
        found = {}
        for internal in (False, True):
            with self.running.http(internal) as http:
                for path, ask in self.asks.items():
                    replies = ask(http)
                    assert all(reply.status_code in (200, 404, 410) for reply in replies), path
                    text = "\n".join(_plain(reply) for reply in replies)
                    found[path, internal] = [fact for fact in FACTS if fact in text]
        return found

    def _runs(self, _http: httpx.Client) -> list[httpx.Response]:
        return [self._nightly.get(f"/v1/ingest/{run['id']}") for run in self._nightly.get("/v1/ingest").json()["data"]]

    def _chat(self, http: httpx.Client) -> list[httpx.Response]:
        bodies = [{"messages": [{"role": "user", "content": one}], "stream": stream} for one in QUESTIONS for stream in (False, True)]
        return [http.post("/v1/chat/completions", json={"model": "citedesk", **body}) for body in bodies]

    def _verify(self, http: httpx.Client) -> list[httpx.Response]:
        texts = ("The griffon kettle leaks of current.", "狮鹫水壶漏电。", "Whoever complains of the griffon kettle gets one.")
        return [http.post("/v1/verify", json={"text": text}) for text in texts]


def _plain(reply: httpx.Response) -> str:
    """The text of a response, and with JSON's escapes undone: also in each event of a stream."""
    lines = [line.removeprefix("data: ") for line in reply.text.splitlines()]
    values = [json.dumps(json.loads(line), ensure_ascii=False) for line in lines if line.startswith("{")]
    return "\n".join([reply.text, *values])


def route_paths(routes: Sequence[BaseRoute]) -> Iterator[str]:
    """The paths of all routes, those of included routers and mounted applications too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from route_paths(inner.routes)
        else:
            yield str(getattr(route, "path", route))


def on_disk(data: Path) -> list[str]:
    """The facts that lie anywhere below ``data``, with the file: plain, in JSON's escapes, or packed in a database."""
    found = []
    for file in sorted(path for path in data.rglob("*") if path.is_file()):
        content = file.read_bytes()
        if file.suffix == ".sqlite":
            content += b"\n".join(_values(file))
        found += [f"{fact} in {file.relative_to(data)}" for fact in FACTS if any(form in content for form in _forms(fact))]
    return found


def _forms(fact: str) -> tuple[bytes, ...]:
    return fact.encode(), json.dumps(fact)[1:-1].encode(), fact.encode("gb18030"), fact.encode("utf-16-le")


def _values(file: Path) -> Iterator[bytes]:
    """Every value of every table, unpacked where it is packed."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for value in (value for row in database.execute(f'SELECT * FROM "{table}"') for value in row):
                if isinstance(value, bytes):
                    try:
                        yield zlib.decompress(value)
                    except zlib.error:
                        yield value
                elif value is not None:
                    yield str(value).encode()


SHOWING = frozenset(
    {
        "/v1/chat/completions",
        "/v1/search",
        "/v1/verify",
        "/v1/documents",
        "/v1/documents/{document_id}",
        "/v1/passages/{passage_id}",
        "/v1/originals/{version}/{document_id}",
    }
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All log lines. On standard output those of the server would go astray while a command, whose output is captured, runs beside it."""
    lines = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(lines))
    yield lines


@pytest.mark.slow
def test_what_was_deleted_is_nowhere(
    folder: Path, tmp_path: Path, start: Start, log: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    assert cite("ingest", folder, data=data).exit_code == 0
    running = start(data)
    probes, store = Probes(running), VersionStore(data)
    assert set(route_paths(create_app(running.services).routes)) == set(probes.asks), "every route is asked, also one that was added"
    probes.collect_links()
    for (path, internal), facts in probes.told().items():
        everything = internal or path.startswith("/v1/originals")  # whoever has the link may open it
        assert facts == list(FACTS if everything else FACTS[:2]) * (path in SHOWING), (path, internal)
    assert {cite("check", "--deleted", key, data=data).exit_code for key in IDS} == {1}

    for path in DELETED:
        (folder / path).unlink()
    assert cite("ingest", folder, data=data).exit_code == 0
    assert eventually(lambda: running.services.live.id == "000002")
    probes.collect_links()
    assert [facts for facts in probes.told().values() if facts] == []
    for path, key in zip(DELETED, IDS, strict=True):
        for name in (key, f"{SOURCE}/{path}"):
            proof = cite("check", "--deleted", name, data=data)
            assert proof.exit_code == 0 and "Still held by versions: 000001" in proof.stdout, proof.output
    assert on_disk(data), "an older version is kept, and the search of the disk finds it"

    for key in IDS:
        assert cite("forget", key, "--yes", "--why", "a request", data=data).exit_code == 0
    assert store.version_ids() == ["000002", "000001"]
    assert on_disk(data) == []
    write(folder, DELETED | {"again.md": DELETED["recall.md"]})
    again = cite("ingest", folder, data=data)
    assert again.exit_code == 5 and again.stdout.count("was forgotten on") == 4, again.output
    (folder / "lamps.md").write_text("# Lamps\n\nThe lamp dims in five steps.\n")
    assert cite("ingest", folder, data=data).exit_code == 5
    assert eventually(lambda: running.services.live.id == "000003")
    assert on_disk(data) == []
    probes.collect_links()
    assert [facts for facts in probes.told().values() if facts] == []
    assert {cite("check", "--deleted", key, data=data).exit_code for key in IDS} == {0}
    logged = "".join([log.getvalue(), *capsys.readouterr()])
    assert '"event": "request"' in logged and '"event": "version_switched"' in logged
    assert [fact for fact in (*FACTS, "griffon", "狮鹫", json.dumps("狮鹫")[1:-1]) if fact in logged] == []
