"""What is held about one customer: deleted from every table and from the database's bytes, with a proof that says so."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kb.encoders.hashing import HashingEncoder
from kb.errors import ConfigurationError, KnowledgeBaseError
from rag.privacy.finder import finder_of
from rag.privacy.phone import DEFAULT_REGIONS
from rag.query import Query
from server.cli.main import app
from server.customers.customer import Customer, Mentions, byte_patterns
from server.customers.deletion import CustomerForgetter
from server.customers.residue import count_found
from server.settings import Settings
from server.state.audit import AuditLog
from server.state.customer_tables import CUSTOMER_TABLES
from server.state.database import StateDatabase
from server.state.keys import KeyStore
from server.state.questions import QuestionStore
from server.state.tables import Base, RecentQuestionRow
from server.state.user_hash import UserHasher
from tests.postgres import PostgresServer
from tests.processes import eventually
from tests.server import shop
from tests.server.conftest import Running, Start

pytestmark = pytest.mark.slow  # servers over HTTP, many of them: not for the quick stage

ANNA, BEN = "anna-4711@crm.example", "ben-0815"
PHONE, WORDS = "+49 170 1234567", "does the zirkonium lamp suit a yellow parlour"
TODAY = datetime.now(UTC).date()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shop.publish(folder, encoder=HashingEncoder(256))
    return folder


@pytest.fixture
def database(data: Path) -> Iterator[StateDatabase]:
    opened = StateDatabase.open(data)
    yield opened
    opened.close()


@pytest.fixture
def questions(database: StateDatabase) -> QuestionStore:
    """Of Anna two questions, one of which Ben asked too, and of Ben one of his own."""
    store, users = QuestionStore(database, 100), UserHasher.of(database)
    for user, text in ((ANNA, WORDS), (ANNA, "is it dimmable"), (BEN, "is it dimmable"), (BEN, "what does shipping cost"), (None, "hello")):
        store.remember(Query(text=text, as_of=TODAY, audience="public"), users.hash(user))
    return store


def forgetter(database: StateDatabase, data: Path) -> CustomerForgetter:
    return CustomerForgetter(database, Settings(data=data))


def texts(questions: QuestionStore) -> set[str]:
    return {question.text for question in questions.recent(100)}


def seed(data: Path, text: str) -> None:
    """A row as it was written before questions were masked."""
    with closing(sqlite3.connect(data / "state.sqlite")) as connection:
        values = (text[:60], text, "public", datetime.now(UTC).isoformat(sep=" "))
        connection.execute("INSERT INTO recent_questions (digest, text, audience, asked_at) VALUES (?, ?, ?, ?)", values)
        connection.commit()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_users_are_kept_as_keyed_hashes(data: Path, database: StateDatabase, questions: QuestionStore) -> None:
    content = (data / "state.sqlite").read_bytes()
    assert ANNA.encode() not in content and BEN.encode() not in content and WORDS.encode() in content
    users = UserHasher.of(database)
    assert users.hash(f" {ANNA.upper()} ") == users.hash(ANNA) != users.hash(BEN)
    assert users.hash("") is None and users.hash(None) is None and UserHasher(b"another").hash(ANNA) != users.hash(ANNA)


def test_a_customers_rows_are_gone_from_the_tables_and_the_bytes(data: Path, database: StateDatabase, questions: QuestionStore) -> None:
    hashed = str(UserHasher.of(database).hash(ANNA)).encode()
    assert hashed in (data / "state.sqlite").read_bytes()
    proof = forgetter(database, data).forget(Customer(users=(ANNA,)), "cli:ann", "by law")
    assert texts(questions) == {"what does shipping cost", "hello"}
    assert proof["complete"] and proof["tables"] == [
        {"table": "recent_questions", "before": 4, "deleted": 2, "after": 0},
        {"table": "feedback", "before": 0, "deleted": 0, "after": 0},
        {"table": "rate_windows", "before": 0, "deleted": 0, "after": 0},
    ]
    assert [(one["path"], one["found"]) for one in proof["files"]] == [("state.sqlite", 0)] and proof["file_search"] == "bytes"
    content = (data / "state.sqlite").read_bytes()
    assert not any(one in content for one in (hashed, WORDS.encode(), b"is it dimmable"))
    assert ANNA not in json.dumps(proof) and hashed.decode() in proof["users"]
    log = AuditLog(database)
    row = log.page(1)[0]
    assert row.number == proof["audit"]["number"] and row.hash == proof["audit"]["hash"] and log.verify() is None
    assert json.loads(row.details)["proof"] == proof["sha256"] and hashed.decode() not in row.details


def test_what_mentions_him_goes_too_however_it_is_written(data: Path, database: StateDatabase, questions: QuestionStore) -> None:
    written = ["write to Anna@Crm.Example", "anna [at] crm.example", "anna at crm dot example", "user_4711 wrote this"]
    written += ["ruf 0170/1234567 an", "call 0049 170 123 4567", "手机：＋49 170 1234567"]
    others = ["anne@crm.example", "call +49 170 7654321", "order 17012345678", "user_47112 wrote that"]
    for text in (*written, *others):
        seed(data, text)
    customer = Customer(users=("user_4711",), emails=("anna@crm.example",), phones=(PHONE,))
    assert forgetter(database, data).held(customer) == {"recent_questions": len(written), "feedback": 0, "rate_windows": 0}
    proof = forgetter(database, data).forget(customer, "cli:ann")
    assert proof["tables"][0]["deleted"] == len(written) and proof["mentioned"] == {}
    assert not proof["complete"]  # bytes have no words: user_4711 occurs in the other one's name, and a person is to look
    assert texts(questions) >= set(others) and not texts(questions) & set(written)


def test_what_belongs_to_no_table_of_customers_is_told_not_hidden(data: Path, database: StateDatabase) -> None:
    KeyStore(database).create_key("key of anna@crm.example", "public", ["chat"])
    (data / "golden").mkdir()
    (data / "golden" / "own.jsonl").write_text('{"question": "Anna@CRM.example asks"}')
    proof = forgetter(database, data).forget(Customer(emails=("anna@crm.example",)), "cli:ann")
    assert not proof["complete"] and proof["mentioned"] == {"api_keys.name": 1}
    assert [one["path"] for one in proof["files"] if one["found"]] == ["state.sqlite", "golden/own.jsonl"]
    result = run("customer", "forget", "--email", "anna@crm.example", "--yes", "--data", data)
    assert result.exit_code == 1 and "api_keys.name" in result.stdout and "own.jsonl" in result.stdout


def test_backups_that_hold_him_are_listed(data: Path, tmp_path: Path, database: StateDatabase, questions: QuestionStore) -> None:
    assert run("backup", tmp_path / "early", "--data", data).exit_code == 0
    assert run("backup", tmp_path / "gone", "--data", data).exit_code == 0
    (tmp_path / "gone").rename(tmp_path / "moved")
    first = forgetter(database, data).forget(Customer(users=(ANNA,)), "cli:ann")
    assert [one["holds"] for one in first["backups"]] == ["yes", "unknown"] and first["complete"]
    assert run("backup", tmp_path / "late", "--data", data).exit_code == 0
    again = forgetter(database, data).forget(Customer(users=(ANNA,)), "cli:ann")
    assert [one["holds"] for one in again["backups"]] == ["yes", "unknown", "no"] and again["tables"][0]["deleted"] == 0
    result = run("customer", "forget", "--user", ANNA, "--yes", "--data", data)
    assert result.exit_code == 0 and f"{tmp_path / 'early'} holds it still" in result.stdout


def test_the_command_asks_writes_the_proof_and_never_over_one(data: Path, tmp_path: Path, questions: QuestionStore) -> None:
    target = tmp_path / "proof.json"
    arguments = ("customer", "forget", "--user", ANNA, "--data", data)
    asked = CliRunner().invoke(app, [*map(str, arguments)], input="n\n")
    assert asked.exit_code == 1 and "recent_questions" in asked.stdout and WORDS in texts(questions)
    assert run(*arguments, "--json").exit_code == 2
    assert run("customer", "forget", "--yes", "--data", data).exit_code == 1
    assert run("customer", "forget", "--phone", "12", "--yes", "--data", data).exit_code == 1
    result = run(*arguments, "--yes", "--report", target, "--json")
    assert result.exit_code == 0, result.output
    proof = json.loads(target.read_bytes())
    assert proof == json.loads(result.stdout.splitlines()[-1]) and proof["complete"]
    assert run(*arguments, "--yes", "--report", target).exit_code == 2


@pytest.mark.parametrize("names", [{}, {"users": (" ",)}, {"emails": ("anna",)}, {"phones": ("123 45",)}])
def test_a_customer_needs_a_name(names: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ConfigurationError):
        Customer(**names)


@pytest.mark.slow
def test_no_more_is_said_than_was_searched(tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEDESK_STATE_URL", postgres.new_database().get_secret_value())
    result = run("customer", "forget", "--user", ANNA, "--yes", "--data", tmp_path)
    assert result.exit_code == 0, result.stderr
    told = " ".join(result.stdout.split())
    assert "its tables were searched, not its files" in told and "its bytes" not in told


def test_a_deletion_that_was_stopped_is_on_record_and_is_done_again(
    data: Path, database: StateDatabase, questions: QuestionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_file: Path) -> None:
        raise KnowledgeBaseError("the disk fails")

    with monkeypatch.context() as patch, pytest.raises(KnowledgeBaseError):
        patch.setattr("server.customers.deletion.overwrite_deleted", fails)
        forgetter(database, data).forget(Customer(users=(ANNA,)), "cli:ann")
    assert [(row.action, row.result) for row in AuditLog(database).page(2)] == [("customer.forget", one) for one in ("refused", "begun")]
    proof = forgetter(database, data).forget(Customer(users=(ANNA,)), "cli:ann")
    assert proof["complete"] and proof["tables"][0]["deleted"] == 0 and WORDS.encode() not in (data / "state.sqlite").read_bytes()


def test_short_names_are_looked_for_as_hashes_only() -> None:
    patterns = byte_patterns(Customer(users=("42", "zoë-123"), phones=("030 123 456",)), ("ab" * 32,))
    assert patterns == (b"ab" * 32, "zoë-123".encode(), b"zo\\u00eb-123", b"030 123 456", b"030123456")
    assert "42 pieces" not in Mentions(Customer(users=("42",)), finder_of(DEFAULT_REGIONS))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_bytes_are_found_across_the_borders_of_pieces(size: int) -> None:
    content = b"some bytes with Anna@Crm.example and 0301234567 in them"
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    assert count_found(pieces, [b"anna@crm.example", b"0301234567", b"nobody"]) == 2
    assert count_found(pieces, []) == 0


def test_every_table_that_knows_a_user_is_emptied() -> None:
    knowing = {table.name for table in Base.metadata.sorted_tables if "user_hash" in table.columns}
    emptied = {row.__tablename__ for table in CUSTOMER_TABLES for row in (table.row, *table.with_it)}
    assert "recent_question_users" in knowing and knowing <= emptied


@pytest.fixture
def served(data: Path, start: Start) -> Running:
    return start(data, shop.ScriptedAnswerer(shop.scripted_answer()), remember_questions=10)


def admin(running: Running) -> str:
    return running.services.keys.create_key("admin", "internal", ["admin"]).secret


def ask(running: Running, text: str, **fields: Any) -> None:
    body = {"model": "citedesk", "messages": [{"role": "user", "content": text}], **fields}
    with running.http() as client:
        assert client.post("/v1/chat/completions", json=body).status_code == 200


def test_over_http_the_user_of_a_request_is_forgotten(served: Running) -> None:
    ask(served, WORDS, user=ANNA)
    ask(served, "another question of hers", safety_identifier=ANNA, user="ignored then")
    ask(served, "one of nobody's", user={"not": "a name"})
    ask(served, "one of his", user=BEN, stream=True)
    assert eventually(lambda: served.services.questions.count() == 4)  # they are kept after the response
    with served.http() as client:
        refused = client.post("/v1/customers/forget", json={"users": [ANNA]})
        client.headers["Authorization"] = f"Bearer {admin(served)}"
        echoed = client.post("/v1/customers/forget", json={"phones": ["1-2"], "emails": [ANNA]})
        answer = client.post("/v1/customers/forget", json={"users": [ANNA], "why": "asked"})
    assert refused.status_code == 403 and echoed.status_code == 400 and ANNA not in echoed.text
    proof = answer.json()
    assert answer.status_code == 200 and proof["complete"] and proof["tables"][0]["deleted"] == 2
    assert {one.text for one in served.services.questions.recent(10)} == {"one of nobody's", "one of his"}
    row = served.services.audit.page(1)[0]
    assert row.actor.startswith("key:") and row.request_id == answer.headers["x-request-id"] and row.hash == proof["audit"]["hash"]


def test_questions_keep_no_user_when_they_go(database: StateDatabase, questions: QuestionStore) -> None:
    QuestionStore(database, 1).forget_surplus()
    with database.session() as session:
        assert session.query(RecentQuestionRow).count() == 1
        left = session.connection().exec_driver_sql("SELECT count(*) FROM recent_question_users").scalar()
    assert left == 0  # the last question was nobody's
