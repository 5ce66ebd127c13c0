"""The stop button: made, listed, lifted, kept over restarts, followed by running servers, on every face that answers."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from kb.encoders.hashing import HashingEncoder
from rag.topic_likeness import TopicLikeness
from server.cli.main import app
from server.freeze_guard import FreezeGuard
from server.state.database import StateDatabase
from server.state.freezes import MAX_ACTIVE, FreezeProblemError, FreezeStore
from tests.processes import eventually
from tests.server.conftest import Running, Start

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

ENGLISH, CHINESE = "We are checking the lamps and will write to you.", "我们正在检查台灯，会与您联系。"
QUESTION = "Can I return a lamp?"
ANSWERED = "within 30 days"


@pytest.fixture
def database(tmp_path: Path) -> Any:
    opened = StateDatabase.open(tmp_path)
    yield opened
    opened.close()


def test_a_freeze_holds_until_it_ends_or_is_lifted(database: StateDatabase) -> None:
    store = FreezeStore(database)
    later = datetime.now(UTC) + timedelta(hours=1)
    first = store.freeze("  returns of \n lamps ", "cli:ann", "a wrong price", [ENGLISH, CHINESE], later)
    second = store.freeze("gift cards", "key:ab")
    assert (first.topic, first.texts, first.until) == ("returns of lamps", (ENGLISH, CHINESE), later)
    assert store.holding() == [first, second]
    assert first.holds(later - timedelta(seconds=1))
    assert not first.holds(later)
    lifted = store.lift(second.id, "cli:bob")
    assert lifted is not None
    assert (lifted.lifted_by, lifted.holds(datetime.now(UTC))) == ("cli:bob", False)
    assert store.lift(second.id, "cli:eve") == lifted
    assert store.holding() == [first]
    assert store.every() == [first, lifted]
    assert store.lift("frz_0000", "cli:ann") is None


@pytest.mark.parametrize(
    ("topic", "texts", "until", "field"),
    [
        ("  …  ", (), None, "topic"),
        ("x" * 201, (), None, "topic"),
        ("lamps", ("",), None, "texts"),
        ("lamps", (ENGLISH, "Another sentence in the same language."), None, "texts"),
        ("lamps", (), datetime(2020, 1, 1, tzinfo=UTC), "until"),
    ],
)
def test_what_cannot_be_frozen_is_refused(
    database: StateDatabase, topic: str, texts: tuple[str, ...], until: datetime | None, field: str
) -> None:
    store = FreezeStore(database)
    with pytest.raises(FreezeProblemError) as refused:
        store.freeze(topic, "cli:ann", texts=texts, until=until)
    assert refused.value.field == field
    assert store.every() == []


def test_too_many_are_refused(database: StateDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.state.freezes.MAX_ACTIVE", 2)
    store = FreezeStore(database)
    made = [store.freeze(f"topic {number}", "cli:ann") for number in range(2)]
    with pytest.raises(FreezeProblemError, match="unfreeze") as refused:
        store.freeze("one more", "cli:ann")
    assert refused.value.field is None
    store.lift(made[0].id, "cli:ann")
    store.freeze("one more", "cli:ann")
    assert MAX_ACTIVE == 100


def test_the_audit_log_hears_of_it_in_the_same_transaction(database: StateDatabase) -> None:
    told: list[tuple[Any, ...]] = []
    store = FreezeStore(database, lambda _session, *event: told.append(event))
    made = store.freeze("gift cards", "key:ab", "stolen codes")
    store.lift(made.id, "cli:bob")
    store.lift(made.id, "cli:bob")
    assert [event[:3] for event in told] == [("key:ab", "freeze", made.id), ("cli:bob", "unfreeze", made.id)]
    assert told[0][3] == {"topic": "gift cards", "reason": "stolen codes", "until": None}

    def full(*_event: object) -> None:
        raise DatabaseError("INSERT", {}, Exception("disk full"))

    with pytest.raises(DatabaseError):
        FreezeStore(database, full).freeze("lamps", "cli:ann")
    assert [freeze.topic for freeze in store.every()] == ["gift cards"]


def test_a_guard_follows_the_store_within_its_time(database: StateDatabase) -> None:
    now = [0.0]
    store = FreezeStore(database)
    guard = FreezeGuard(store, lambda: TopicLikeness(HashingEncoder()), 0.5, lambda: now[0])
    assert guard.find(lambda: ["returns of lamps"]) is None
    made = store.freeze("returns of lamps", "cli:ann")
    assert guard.find(lambda: ["returns of lamps"]) is None
    now[0] = 0.5
    assert guard.find(lambda: ["returns of lamps"]) == made.frozen
    store.lift(made.id, "cli:ann")
    now[0] = 1.0
    assert guard.find(lambda: ["returns of lamps"]) is None


def _answer(running: Running, question: str, internal: bool = False) -> dict[str, Any]:
    with running.http(internal) as http:
        body = {"model": "citedesk", "messages": [{"role": "user", "content": question}]}
        answered: dict[str, Any] = http.post("/v1/chat/completions", json=body).json()
        return answered


def _streamed(running: Running, question: str) -> str:
    with running.openai() as client:
        stream = client.chat.completions.create(model="citedesk", messages=[{"role": "user", "content": question}], stream=True)
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)


def _content(body: dict[str, Any]) -> str:
    return str(body["choices"][0]["message"]["content"])


def test_routes_freeze_and_lift_on_every_face_that_answers(data: Path, start: Start) -> None:
    running = start(data)
    admin = running.services.keys.create_key("admin", "internal", ["admin"]).secret
    headers = {"Authorization": f"Bearer {admin}"}
    assert ANSWERED in _content(_answer(running, QUESTION))
    with running.http() as http:
        for response in (http.get("/v1/freezes"), http.post("/v1/freezes", json={"topic": "x"}), http.delete("/v1/freezes/x")):
            assert (response.status_code, response.json()["error"]["code"]) == (403, "insufficient_scope")
        wrongs: dict[str, dict[str, Any]] = {
            "topic": {"topic": "…"},
            "texts": {"topic": "lamps", "texts": [ENGLISH, ENGLISH]},
            "until": {"topic": "lamps", "until": "2020-01-01T00:00:00Z"},
        }
        for field, body in wrongs.items():
            wrong = http.post("/v1/freezes", json=body, headers=headers)
            assert (wrong.status_code, wrong.json()["error"]["param"]) == (400, field)
        fields = {"topic": QUESTION, "texts": [ENGLISH, CHINESE], "reason": "a wrong price", "until": "2999-01-01T00:00:00Z"}
        made = http.post("/v1/freezes", json=fields, headers=headers)
        assert made.status_code == 201
        assert eventually(lambda: _answer(running, QUESTION)["citedesk"]["reason"] == "frozen")
        stopped = _answer(running, QUESTION)
        assert _content(stopped).startswith(ENGLISH + " Would you like")
        assert stopped["sources"] == []
        assert (stopped["citedesk"]["abstained"], stopped["citedesk"]["escalate"]) == (True, True)
        assert _streamed(running, QUESTION) == _content(stopped)
        internal = _answer(running, QUESTION, internal=True)
        assert (internal["citedesk"]["reason"], "a wrong price" in internal["citedesk"]["gap"]) == ("frozen", True)
        assert "a wrong price" not in json.dumps(stopped)
        assert _answer(running, "What does shipping inside Germany cost?")["citedesk"]["reason"] != "frozen"
        assert http.post("/v1/search", json={"query": QUESTION}).json()["hits"]
        listed = http.get("/v1/freezes", headers=headers).json()["data"]
        assert [(one["topic"], one["holds"]) for one in listed] == [(QUESTION, True)]
        assert http.delete("/v1/freezes/frz_none", headers=headers).status_code == 404
        assert http.delete(f"/v1/freezes/{listed[0]['id']}", headers=headers).json()["holds"] is False
        assert eventually(lambda: ANSWERED in _content(_answer(running, QUESTION)))
        assert http.get("/v1/freezes", headers=headers).json()["data"] == []
        assert len(http.get("/v1/freezes?all=true", headers=headers).json()["data"]) == 1


def test_a_server_started_later_and_another_one_follow(data: Path, start: Start) -> None:
    first, second = start(data), start(data)
    first.services.freezes.freeze(QUESTION, "cli:ann")
    for running in (first, second, start(data)):
        assert eventually(lambda: _answer(running, QUESTION)["citedesk"]["reason"] == "frozen")  # noqa: B023 - asked at once


def test_a_follow_up_is_about_what_it_leans_on(data: Path, start: Start) -> None:
    running = start(data)
    running.services.freezes.freeze("Can I return a Lumo 300?", "cli:ann")
    history = [{"role": "user", "content": "Can I return a Lumo 300?"}, {"role": "assistant", "content": "…"}]
    body = {"model": "citedesk", "messages": [*history, {"role": "user", "content": "and how long do I have for it?"}]}
    with running.http() as http:
        assert eventually(lambda: http.post("/v1/chat/completions", json=body).json()["citedesk"]["reason"] == "frozen")


def _run(data: Path, *arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(app, [*arguments, "--data", str(data), "--json"])
    assert done.exit_code == 0, done.output
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def test_the_command_freezes_lists_and_lifts(tmp_path: Path) -> None:
    made = _run(tmp_path, "freeze", "gift cards", "--reason", "stolen codes", "--until", "2999-01-01", "--text", ENGLISH, "--who", "ann")
    assert (made["topic"], made["until"], made["who"]) == ("gift cards", "2999-01-02T00:00:00+00:00", "cli:ann")
    assert [one["id"] for one in _run(tmp_path, "freeze", "--list")["freezes"]] == [made["id"]]
    assert _run(tmp_path, "unfreeze", made["id"])["holds"] is False
    assert _run(tmp_path, "freeze", "--list")["freezes"] == []
    assert len(_run(tmp_path, "freeze", "--list", "--all")["freezes"]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["freeze"], "--list"),
        (["freeze", "lamps", "--list"], "--list"),
        (["freeze", "lamps", "--until", "tomorrow"], "2026-12-05"),
        (["freeze", "lamps", "--until", "2001-01-01"], "passed"),
        (["unfreeze", "frz_none"], "freeze --list"),
    ],
)
def test_wrong_commands_say_what_to_do(tmp_path: Path, arguments: list[str], said: str) -> None:
    _run(tmp_path, "freeze", "gift cards")
    done = CliRunner().invoke(app, [*arguments, "--data", str(tmp_path)])
    assert done.exit_code != 0
    assert said in done.output
    assert "Traceback" not in done.output


@pytest.mark.slow
def test_a_freeze_outlives_a_killed_process(tmp_path: Path) -> None:
    """Once the command has said that it is frozen it is, whatever happens to the process then."""
    program = """
import pathlib, sys, time
from server.state.database import StateDatabase
from server.state.freezes import FreezeStore
print(FreezeStore(StateDatabase.open(pathlib.Path(sys.argv[1]))).freeze("lamps", "cli:ann").id, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        identifier = child.stdout.readline().strip()
        os.kill(child.pid, signal.SIGKILL)
    database = StateDatabase.open(tmp_path)
    assert [freeze.id for freeze in FreezeStore(database).holding()] == [identifier]
    database.close()
