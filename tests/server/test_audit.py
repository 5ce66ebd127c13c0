"""The audit log: what is recorded, and that no row can be changed, taken out, added or moved unseen."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kb.encoders.hashing import HashingEncoder
from kb.errors import ConfigurationError, KnowledgeBaseError
from kb.store import VersionStore
from server.cli.main import app
from server.settings import Settings
from server.state.audit import AuditLog, AuditUnavailableError
from server.state.audit_anchor import read_anchors, write_anchor
from server.state.audit_chain import BEGINNING, AuditHead, AuditRecord, first_break, hash_of
from server.state.database import StateDatabase
from server.state.keys import KeyStore
from server.state.run import RunEnding, RunRequest, RunSource
from server.state.runs import RunStore, new_run_id
from server.weakened import weakened
from tests.server import shop


@pytest.fixture
def database(tmp_path: Path) -> Iterator[StateDatabase]:
    opened = StateDatabase.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def log(database: StateDatabase) -> AuditLog:
    log = AuditLog(database)
    for number in range(1, 6):
        log.record(actor="cli:ann", action="test", object=f"thing:{number}", details={"count": number, "为": "好"})
    return log


def sql(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "state.sqlite")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def last_line(result: Result) -> Any:
    return json.loads(result.stdout.splitlines()[-1])


def test_rows_are_linked_and_say_what_was_done(log: AuditLog) -> None:
    rows = log.page(10)[::-1]
    assert [row.number for row in rows] == [1, 2, 3, 4, 5] and log.verify() is None
    assert [row.previous for row in rows] == [BEGINNING, *(row.hash for row in rows[:-1])]
    assert log.head() == AuditHead(5, rows[-1].hash) and log.count() == 5
    assert rows[2].to_json()["details"] == {"count": 3, "为": "好"} and rows[2].at.endswith("+00:00")
    assert [row.number for row in log.page(2, offset=1)] == [4, 3]


def test_the_hash_is_what_the_description_says() -> None:
    record = AuditRecord(1, "2026-11-30T00:00:00+00:00", "cli:ann", "test", "thing", "done", None, None, "{}", BEGINNING)
    # printf '%s' '[1,"2026-11-30T00:00:00+00:00","cli:ann","test","thing","done",null,null,"{}","000…"]' | sha256sum
    assert hash_of(record) == "2100a930df988ffbfde806e74d7ad28820d29962fa3eb234cc0bd77443678a3e"


EDIT = "UPDATE audit SET actor = 'cli:eve' WHERE number = 3"


@pytest.mark.parametrize(
    ("statements", "number", "reason"),
    [
        ([EDIT], 3, "edited"),
        (["UPDATE audit SET details = '{}' WHERE number = 3"], 3, "edited"),
        (["UPDATE audit SET at = '2020-01-01T00:00:00+00:00' WHERE number = 1"], 1, "edited"),
        (["UPDATE audit SET kb_version = '000009' WHERE number = 5"], 5, "edited"),
        (["DELETE FROM audit WHERE number = 3"], 4, "removed"),
        (["DELETE FROM audit WHERE number = 1"], 2, "removed"),
        (["DELETE FROM audit WHERE number = 3", "UPDATE audit SET number = 3 WHERE number = 4"], 3, "edited"),
        (["UPDATE audit SET number = 9 WHERE number = 2", "UPDATE audit SET number = 2 WHERE number = 3",
          "UPDATE audit SET number = 3 WHERE number = 9"], 2, "edited"),
        (["DELETE FROM audit WHERE number >= 4"], 4, "cut off"),
        (["DELETE FROM audit"], 1, "cut off"),
        (["DELETE FROM audit_head"], 6, "cut off or added"),
        (["UPDATE audit_head SET number = 4"], 6, "cut off or added"),
    ],
)  # fmt: skip
def test_what_was_done_to_the_table_by_hand_is_found_where_it_begins(
    tmp_path: Path, log: AuditLog, statements: list[str], number: int, reason: str
) -> None:
    sql(tmp_path, *statements)
    broken = log.verify()
    assert broken is not None and (broken.number, reason in broken.reason) == (number, True), broken


def rewritten(records: list[AuditRecord], start: int, **changes: Any) -> list[AuditRecord]:
    """The chain as somebody writes it anew who knows how it is hashed, from row ``start`` on."""
    from dataclasses import replace

    chain = list(records[: start - 1])
    for place, record in enumerate(records[start - 1 :]):
        link = chain[-1].hash if chain else BEGINNING
        chain.append(replace(record, previous=link, **(changes if place == 0 else {})).sealed())
    return chain


def test_a_chain_that_was_rewritten_is_found_by_what_was_kept_elsewhere(log: AuditLog) -> None:
    records = log.page(10)[::-1]
    forged = rewritten(records, 2, actor="cli:eve")
    end = AuditHead(5, forged[-1].hash)
    assert first_break(forged, end) is None  # nothing in the database can tell
    for anchor in records[1:]:
        broken = first_break(forged, end, [AuditHead(anchor.number, anchor.hash)])
        assert broken is not None and broken.number == anchor.number and "rewritten" in broken.reason
    assert first_break(forged, end, [AuditHead(1, records[0].hash), AuditHead(0, BEGINNING)]) is None
    only_its_hash = rewritten(records, 3, actor="cli:eve")[:3] + records[3:]
    broken = first_break(only_its_hash, AuditHead(5, records[-1].hash))
    assert broken is not None and broken.number == 4 and "not linked" in broken.reason


def test_a_log_cut_off_together_with_its_head_is_found_by_an_anchor(tmp_path: Path, log: AuditLog) -> None:
    anchors, before = tmp_path / "elsewhere" / "ends", log.page(10)[::-1]
    write_anchor(anchors, AuditHead(2, before[1].hash))
    write_anchor(anchors, log.head())
    assert log.verify(read_anchors(anchors)) is None
    sql(tmp_path, "DELETE FROM audit WHERE number > 3", f"UPDATE audit_head SET number = 3, hash = '{before[2].hash}'")
    assert log.verify() is None
    broken = log.verify(read_anchors(anchors))
    assert broken is not None and broken.number == 4 and "row 5" in broken.reason


def test_anchors_survive_a_crash_and_tell_of_an_edit(tmp_path: Path) -> None:
    path = tmp_path / "ends"
    assert read_anchors(path) == []
    write_anchor(path, AuditHead(1, "a"))
    with path.open("a") as file:
        file.write('\n{"number": 2, "ha')  # power went
    write_anchor(path, AuditHead(3, "c"))
    assert read_anchors(path) == [AuditHead(1, "a"), AuditHead(3, "c")]
    path.write_text(path.read_text().replace('"number"', '"nmber"'))
    with pytest.raises(ConfigurationError, match="Line 2 of .*ends"):
        read_anchors(path)


@pytest.mark.slow
def test_writers_at_once_never_continue_the_same_row(tmp_path: Path, log: AuditLog) -> None:
    def write(name: str) -> None:
        for number in range(8):
            log.record(actor=name, action="race", object=str(number))

    program = (
        "import pathlib, sys; from server.state.database import StateDatabase as D; from server.state.audit import AuditLog as L\n"
        "d = D.open(pathlib.Path(sys.argv[1])); [L(d).record(actor='other', action='race', object=str(n)) for n in range(8)]; d.close()"
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stderr=subprocess.PIPE)
    threads = [threading.Thread(target=write, args=(f"thread {number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (child.communicate()[1], child.returncode) == (b"", 0)
    assert log.verify() is None and log.count() == 5 + 4 * 8
    for name in ("other", "thread 0", "thread 1", "thread 2"):
        assert [row.object for row in log.page(100)[::-1] if row.actor == name] == [str(number) for number in range(8)]


def test_what_is_refused_is_not_recorded(database: StateDatabase, log: AuditLog) -> None:
    keys = KeyStore(database)
    with pytest.raises(ConfigurationError):
        keys.revoke_key("nokey")
    with pytest.raises(RuntimeError), database.session() as session:
        from server.state.audit import AuditEvent, append

        append(session, AuditEvent("cli:ann", "half"))
        raise RuntimeError
    assert log.count() == 5 and log.verify() is None


def test_personal_data_in_reasons_is_masked_before_it_is_hashed(log: AuditLog) -> None:
    details = {"why": "asked by anna@mail.example", "seen": ["手机13812345678", {"card": "4111 1111 1111 1111"}]}
    row = log.record(actor="cli:ann@mail.example", action="test", object="call +86 138 1234 5678", details=details)
    assert not any(secret in json.dumps(row.to_json(), ensure_ascii=False) for secret in ("mail.example", "1234", "1111"))
    assert row.to_json()["details"]["why"] == "asked by [e-mail 2]" and log.verify() is None


def test_keys_and_runs_are_recorded_with_what_they_do(database: StateDatabase) -> None:
    keys, runs, log = KeyStore(database), RunStore(database), AuditLog(database)
    key = keys.create_key("shop", "public", ["chat"], by="cli:ann").key
    keys.revoke_key(key.id, by="key:0011")
    request = RunRequest((RunSource("docs", "/srv/docs"),), "bob", "nightly", force="it is right")
    run = runs.begin(new_run_id(), request, "http", "000001")
    assert runs.end(run.id, RunEnding("published", 0, "000002"))
    assert not runs.end(run.id, RunEnding("died", None))  # known already: no second row either
    told = [(row.actor, row.action, row.object, row.result, row.kb_version) for row in log.page(10)[::-1]]
    assert told == [
        ("cli:ann", "key.create", f"key:{key.id}", "done", None),
        ("key:0011", "key.revoke", f"key:{key.id}", "done", None),
        ("http:bob", "ingest", f"run:{run.id}", "begun", "000001"),
        ("http:bob", "ingest", f"run:{run.id}", "published", "000002"),
    ]
    assert all(json.loads(row.details)["forced"] is True for row in log.page(2))


def test_around_says_that_something_began_and_how_it_ended(log: AuditLog) -> None:
    with log.around("cli:ann", "good", "x", {"a": 1}) as told:
        told["b"] = 2
    with pytest.raises(KnowledgeBaseError), log.around("cli:ann", "wrong"):
        raise KnowledgeBaseError("no")
    with pytest.raises(ZeroDivisionError), log.around("cli:ann", "crash"):
        raise ZeroDivisionError
    rows = [(row.action, row.result, json.loads(row.details)) for row in log.page(6)[::-1]]
    assert rows == [
        ("good", "begun", {"a": 1}), ("good", "done", {"a": 1, "b": 2}),
        ("wrong", "begun", {}), ("wrong", "refused", {"error": "KnowledgeBaseError"}),
        ("crash", "begun", {}), ("crash", "failed", {"error": "ZeroDivisionError"}),
    ]  # fmt: skip


def test_settings_that_weaken_a_check_are_named() -> None:
    assert weakened(Settings()) == {}
    changed = Settings(mask_llm=False, gate_floor=0.1, link_domains=("shop.example",), llm_key="sk-secret")  # type: ignore[arg-type]
    assert weakened(changed) == {"mask_llm": False, "gate_floor": 0.1, "link_domains": ["shop.example"]}


def test_verify_names_the_row_that_was_edited(tmp_path: Path, log: AuditLog) -> None:
    result = run("audit", "verify", "--data", tmp_path, "--json")
    assert result.exit_code == 0 and last_line(result) == {
        "sound": True, "rows": 5, "head": log.head().hash, "anchors": 0, "broken": None
    }  # fmt: skip
    assert run("audit", "verify", "--data", tmp_path, "--head", log.page(2)[1].hash).exit_code == 0
    noted = log.head().hash
    sql(tmp_path, EDIT)
    result = run("audit", "verify", "--data", tmp_path)
    assert result.exit_code == 1 and "broken at row 3" in result.stdout and "edited" in result.stdout
    assert last_line(run("audit", "verify", "--data", tmp_path, "--json"))["broken"]["number"] == 3
    assert run("audit", "verify", "--data", tmp_path, "--head", "abc").exit_code == 2
    end = log.page(2, offset=3)[0].hash
    sql(tmp_path, "DELETE FROM audit WHERE number > 2", f"UPDATE audit_head SET number = 2, hash = '{end}'")
    assert run("audit", "verify", "--data", tmp_path).exit_code == 0  # that much it cannot tell by itself
    result = run("audit", "verify", "--data", tmp_path, "--head", noted)
    assert result.exit_code == 1 and "row 3" in result.stdout and "cut off" in result.stdout


def test_list_pages(tmp_path: Path, log: AuditLog) -> None:
    page = last_line(run("audit", "list", "--data", tmp_path, "--limit", 2, "--offset", 1, "--json"))
    assert [row["number"] for row in page["audit"]] == [4, 3] and (page["total"], page["next_offset"]) == (5, 3)
    assert "thing:5" in run("audit", "list", "--data", tmp_path).stdout


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    for number in range(2):
        shop.publish(folder, number, encoder=HashingEncoder(256))
    StateDatabase.open(folder).close()
    monkeypatch.setenv("CITEDESK_DATA", str(folder))
    monkeypatch.setenv("CITEDESK_AUDIT_ANCHORS", str(tmp_path / "ends"))
    return folder


@pytest.mark.slow
def test_commands_leave_rows_and_anchors(data: Path, tmp_path: Path) -> None:
    assert run("rollback", "--why", "prices are wrong", "--who", "ann").exit_code == 0
    assert run("rollback", "--release", "--who", "ann").exit_code == 0
    assert run("backup", tmp_path / "copy.tar", "--who", "ann").exit_code == 0
    assert run("forget", f"{shop.SOURCE}/returns.md", "--yes", "--why", "law", "--who", "ann").exit_code == 0
    assert run("forget", "never/there.md", "--yes", "--why", "law", "--who", "ann").exit_code == 1
    assert run("restore", tmp_path / "copy.tar", "--who", "ann").exit_code == 0
    assert run("versions", "--prune", "--keep", 1).exit_code == 0
    rows = last_line(run("audit", "list", "--limit", 100, "--json"))["audit"][::-1]
    ended = [(row["action"], row["result"]) for row in rows if row["result"] != "begun"]
    done = ["rollback", "rollback.release", "backup", "forget"]
    assert ended == [*((name, "done") for name in done), ("forget", "refused"), ("restore", "done"), ("versions.prune", "done")]
    assert len(rows) == 2 * len(ended) and {row["actor"] for row in rows[:-2]} == {"cli:ann"}
    assert rows[1]["details"] == {"why": "prices are wrong", "before": "000002", "kb_version": "000001"}
    assert "returns.md" not in json.dumps(rows)  # a path may name a person
    assert len(read_anchors(tmp_path / "ends")) == 6
    assert run("audit", "verify").exit_code == 0


def test_what_cannot_be_recorded_is_not_done(data: Path) -> None:
    sql(data, "DROP TABLE audit_head")
    result = run("rollback")
    assert result.exit_code == 1 and "audit log cannot be written" in result.stderr and "Nothing was done" in result.stderr
    assert VersionStore(data).current_id() == "000002"
    database = StateDatabase.open(data)
    with pytest.raises(AuditUnavailableError):
        AuditLog(database).record(actor="cli:ann", action="test")
    database.close()


def test_a_restore_into_an_empty_folder_goes_on_with_the_log_that_it_brings(data: Path, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "copy").exit_code == 0
    assert run("restore", tmp_path / "copy", "--data", tmp_path / "new").exit_code == 0
    rows = last_line(run("audit", "list", "--data", tmp_path / "new", "--json"))["audit"]
    assert [(row["action"], row["result"]) for row in rows] == [("restore", "done"), ("backup", "begun")]
