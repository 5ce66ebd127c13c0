"""Seeded secrets and personal data in every place of every route: none in logs, databases, error bodies, or what the model is sent.

What other tests have left on disk is searched at the end of the run (tests/conftest.py).
"""

import io
import json
import logging
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import structlog

from server.app import create_app
from server.logs import configure_logging
from server.settings import Settings
from server.state.keys import KEY_SCOPES
from tests.fake_llm.connection import Connection, Request
from tests.fake_llm.server import FakeLlm
from tests.seeded import PERSONAL, SECRETS, leaks_below, leaks_in
from tests.server.conftest import Running, Start

CHAT = "/v1/chat/completions"
SENTENCES = ("Can I return a lamp within 30 days? Reach me here: {}", "台灯可以退货吗？我的联系方式是{}，谢谢")
IN_PATHS = {**PERSONAL, "llm key": SECRETS["llm key"], "foreign key": SECRETS["foreign key"]}
"""Paths are logged; what a caller invents for them, such as a cookie's value, nobody can know for a secret."""

_PLACE = re.compile(r"\{[^}]+\}")


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """All that the process would log, at the level that says the most."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    quiet = {name: logging.getLogger(name).level for name in ("uvicorn.error", "alembic", "bm25s", "httpx", "httpcore")}
    written = io.StringIO()
    configure_logging(written, logging.DEBUG, secrets=Settings(llm_key=SECRETS["llm key"]).secrets)  # type: ignore[arg-type]
    yield written
    root.handlers = handlers
    root.setLevel(level)
    for name, before in quiet.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


@pytest.fixture
def llm() -> Iterator[FakeLlm]:
    """A model that repeats what it was asked."""
    with FakeLlm(lambda request: f"You can return any lamp within 30 days. [1] {request.body['messages'][-1]['content'][-200:]}") as fake:
        yield fake


@pytest.fixture
def running(data: Path, logs: io.StringIO, llm: FakeLlm, start: Start) -> Running:
    told = {"llm_key": SECRETS["llm key"], "webhook_secret": SECRETS["webhook secret"], "webhook_url": "http://127.0.0.1:9/"}
    return start(data, llm_url=llm.base_url, llm_model="fake", remember_questions=1000, **told)


async def _repeats_the_request(connection: Connection, request: Request, _text: str) -> None:
    """As some servers do when they refuse."""
    said = f"Incorrect API key provided: {SECRETS['llm key']}. The request was: {json.dumps(request.body)} {' '.join(PERSONAL.values())}"
    await connection.respond_json({"error": {"message": said, "code": "invalid_api_key"}}, "401 Unauthorized")


def questions() -> Iterator[list[dict[str, str]]]:
    for seed in PERSONAL.values():
        for sentence in SENTENCES:
            yield [{"role": "user", "content": sentence.format(seed)}]
    everything = ", ".join(PERSONAL.values())
    yield [{"role": "user", "content": everything}, {"role": "assistant", "content": everything}, {"role": "user", "content": "And lamps?"}]


@pytest.mark.slow
def test_questions_leave_nothing_behind(running: Running, llm: FakeLlm, logs: io.StringIO, tmp_path: Path) -> None:
    with running.http() as http:
        for number, messages in enumerate(questions()):
            if number % 5 == 4:
                llm.once(_repeats_the_request)
            body = {"model": "citedesk", "messages": messages, "user": PERSONAL["e-mail"], "metadata": {"card": PERSONAL["card"]}}
            answered = http.post(CHAT, json=body | {"stream": number % 2 == 0})
            assert answered.status_code == 200, answered.text
            opinion = {"answer_id": f"chatcmpl-{number}", "rating": "down", "comment": messages[0]["content"], "user": PERSONAL["e-mail"]}
            assert http.post("/v1/feedback", json=opinion).status_code == 201
    sent = json.dumps([request.body for request in llm.completions()], ensure_ascii=False)
    assert len(llm.completions()) >= 10 and "lamp" in sent and leaks_in(sent) == []
    assert running.services.questions.count() >= 5
    _nothing_written(logs, tmp_path)


def _attempts(seed: str) -> Iterator[dict[str, Any]]:
    """The seed in the query, in headers, as a body that is no JSON, and as every value and name of one that is."""
    yield {"params": dict.fromkeys(("q", "limit", "offset", "source", "a", "e", "s"), seed)}
    yield {"headers": {"Authorization": f"Bearer {SECRETS['foreign key']}", "X-Request-Id": seed, "User-Agent": seed, "Referer": seed}}
    yield {"content": seed.encode(), "headers": {"Content-Type": "application/json"}}
    yield {"content": seed.encode(), "headers": {"Content-Type": f"text/{quote(seed)}"}}
    fields = ("model", "messages", "query", "queries", "text", "passages", "sources", "users", "why", "input", "k", "citedesk", seed)
    yield {"json": dict.fromkeys(fields, seed)}
    yield {"json": {"model": "citedesk", "messages": [{"role": seed, "content": seed, seed: seed}]}}
    yield {"json": {"model": "citedesk", "messages": [{"role": "user", "content": "Lamps?"}], "citedesk": {seed: seed, "region": seed}}}


def _requests(paths: Sequence[str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every way to say all seeds at once, and each of them in every path that takes a name.

    Not the keys that other tests have made before: there are hundreds in a whole run, more than a query may be long.
    """
    everything = ", ".join((PERSONAL | SECRETS).values())
    for path, method in product(paths, ("GET", "POST", "DELETE")):
        for attempt in _attempts(everything):
            yield method, _PLACE.sub("thing", path), attempt
            if method != "POST" and "headers" in attempt:
                break  # bodies are not for these
    for path, seed in product((path for path in paths if "{" in path), IN_PATHS.values()):
        yield "GET", _PLACE.sub(quote(seed, safe=""), path), {}


@pytest.mark.slow
def test_every_route_repeats_and_keeps_nothing(running: Running, logs: io.StringIO, tmp_path: Path) -> None:
    paths, answered = create_app(running.services).state.paths, Counter[int]()
    with running.http() as http:
        http.headers["Authorization"] = f"Bearer {running.services.keys.create_key('all', 'internal', KEY_SCOPES).secret}"
        for method, address, attempt in _requests(paths):
            response = http.request(method, address, **attempt)
            answered[response.status_code] += 1
            assert response.status_code < 400 or leaks_in(response.text) == [], (method, address, response.text)
    assert {*paths} >= {CHAT, "/v1/search", "/v1/customers/forget"} and answered[500] == 0
    assert all(answered[status] > 5 for status in (400, 401, 404, 405)), answered
    _nothing_written(logs, tmp_path)


def test_personal_data_that_a_model_invents_does_not_leave(running: Running, llm: FakeLlm) -> None:
    invented = [f"Returns: {seed} helps within 30 days. [1]" for seed in PERSONAL.values()]
    llm.answer = " ".join(["You can return any lamp within 30 days of delivery. [1]", *invented])
    body = {"model": "citedesk", "messages": [{"role": "user", "content": "Within how many days can I return a lamp?"}]}
    with running.http() as http:
        answered = http.post(CHAT, json=body)
    assert "30 days of delivery" in answered.text and leaks_in(answered.text) == []


def _nothing_written(logs: io.StringIO, folder: Path) -> None:
    assert logs.getvalue().count('"request"') > 10
    assert leaks_in(logs.getvalue()) == []
    assert [str(leak) for leak in leaks_below(folder)] == []


def test_the_search_finds_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a copy of the seeds, or the end of the run would find these."""
    copies = {name: value[::-1] for name, value in (PERSONAL | SECRETS).items()}
    monkeypatch.setattr("tests.seeded.PERSONAL", copies)
    monkeypatch.setattr("tests.seeded.SECRETS", {})
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as connection:
        connection.execute("CREATE TABLE t (x TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [(f"a {copies['phone']} b",)])
        connection.commit()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "run.log").write_text(f'{{"event": "{copies["llm key"]}"}}')
    (tmp_path / "keys.env").write_text(copies["foreign key"])
    found = {(leak.path.name, leak.seed) for leak in leaks_below(tmp_path)}
    assert found == {("state.sqlite", "phone"), ("run.log", "llm key")}
    assert leaks_in(f"x{copies['card']}") == ["card"]
