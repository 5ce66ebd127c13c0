"""One contract for the state, on both real engines: what one process writes another one reads, also when many do so at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import inspect, text

from kb.errors import ConfigurationError, InvalidKeyError
from rag.query import Query
from server.customers.customer import Customer
from server.customers.deletion import CustomerForgetter
from server.settings import Settings
from server.state.audit import AuditLog
from server.state.database import StateDatabase
from server.state.engine import make_engine
from server.state.feedback import FeedbackStore, Opinion
from server.state.keys import KeyStore
from server.state.migration import alembic_config
from server.state.questions import QuestionStore
from server.state.run import RunEnding, RunRequest, RunSource
from server.state.runs import REPORTS_KEPT, RunStore
from server.state.secret import get_secret
from server.state.state_url import state_url
from server.state.tables import Base
from server.state.user_hash import UserHasher
from tests.contracts.conftest import Open

ODD = "纸尿裤 😀 \0 ' \" \\ \u2028 é"
TODAY = date(2026, 11, 30)


def at_once(work: Callable[[int], Any], times: int = 8) -> list[Any]:
    """What ``work`` gives in so many threads that start together; the first error is raised."""
    start = threading.Barrier(times)

    def one(number: int) -> Any:
        start.wait(30)
        return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_migrations_lead_up_to_the_tables_of_the_code_and_down_again(url: SecretStr, tmp_path: Path) -> None:
    engine = make_engine(state_url(tmp_path, url))
    for _ in range(2):
        with engine.begin() as connection:
            command.upgrade(alembic_config(connection), "head")
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        with engine.begin() as connection:
            command.downgrade(alembic_config(connection), "base")
        with engine.connect() as connection:
            assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_each_migration_can_be_undone_alone_and_keeps_the_rows_of_others(url: SecretStr, tmp_path: Path) -> None:
    engine = make_engine(state_url(tmp_path, url))
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        row = "('k', 'h', 'front', 'public', 'chat', '2026-11-30 10:00:00')"
        connection.execute(text(f"INSERT INTO api_keys (id, hash, name, audience, scopes, created_at) VALUES {row}"))
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "head")
        command.downgrade(alembic_config(connection), "-1")
        command.upgrade(alembic_config(connection), "head")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name, created_at FROM api_keys")).all() != []
    engine.dispose()


def test_processes_that_start_at_once_migrate_once(opening: Open) -> None:
    assert len(at_once(lambda _: opening())) == 8


def test_a_newer_database_is_refused_with_what_to_do(database: StateDatabase, opening: Open) -> None:
    with database.session() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="newer Citedesk"):
        opening()


def test_a_transaction_that_fails_leaves_nothing(database: StateDatabase) -> None:
    with pytest.raises(RuntimeError), database.session() as session:
        session.execute(text("DELETE FROM alembic_version"))
        raise RuntimeError
    with database.session() as session:
        assert session.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_exclusive_transactions_go_one_after_the_other(opening: Open) -> None:
    databases = [opening() for _ in range(4)]
    get_secret(databases[0], "counter")

    def count(number: int) -> None:
        with databases[number % 4].exclusive("counting") as session:
            seen = session.execute(text("SELECT value FROM secrets WHERE name = 'counter'")).scalar_one()
            before = int.from_bytes(bytes(seen)[:2], "big") if len(seen) == 2 else 0
            session.execute(text("UPDATE secrets SET value = :v WHERE name = 'counter'"), {"v": (before + 1).to_bytes(2, "big")})

    at_once(count)
    assert get_secret(databases[1], "counter") == b"\0\x08"


def test_a_key_of_one_process_works_and_is_revoked_in_another(opening: Open) -> None:
    here, there = KeyStore(opening()), KeyStore(opening())
    new = here.create_key("front 前台", "public", ["search", "chat"], datetime.now(UTC) + timedelta(days=1))
    assert there.authenticate(new.secret) == new.key == there.get_key(new.key.id)
    there.note_use(new.key)
    (listed,) = here.list_keys()
    assert listed.last_used_at is not None and abs(datetime.now(UTC) - listed.last_used_at) < timedelta(minutes=5)
    revoked = here.revoke_key(new.key.id)
    with pytest.raises(InvalidKeyError):
        there.authenticate(new.secret)
    assert there.list_keys() == [revoked] and there.get_key("none") is None


def test_a_secret_is_the_same_for_all(opening: Open) -> None:
    databases = [opening() for _ in range(4)]
    found = at_once(lambda number: get_secret(databases[number % 4], "links"))
    assert len(set(found)) == 1 and len(found[0]) == 32 and found[0] != get_secret(databases[0], "others")


def test_questions_are_kept_once_and_the_newest_stay(opening: Open) -> None:
    store, other = QuestionStore(opening(), 3), QuestionStore(opening(), 3)
    for words in ("one?", "two?", ODD, "three?", "two?"):
        store.remember(Query(words, TODAY, region="FR", channel="a\0b"))
    assert [one.text for one in other.recent(9)] == ["two?", "three?", ODD.replace("\0", "\ufffd")]
    (newest,) = other.recent(1)
    assert (newest.region, newest.channel, newest.audience, newest.asked_at.tzinfo) == ("FR", "a\ufffdb", "public", UTC)


def test_questions_at_once_all_find_room(opening: Open, capsys: pytest.CaptureFixture[str]) -> None:
    stores = [QuestionStore(opening(), 5) for _ in range(4)]
    for round_ in range(3):
        at_once(lambda number, round_=round_: stores[number % 4].remember(Query(f"question {(number + round_) % 7}", TODAY)))  # type: ignore[misc]
    assert stores[0].count() == 5
    assert "question_not_remembered" not in capsys.readouterr().out


def test_a_run_is_seen_by_all_and_ends_once(opening: Open) -> None:
    here, there = RunStore(opening()), RunStore(opening())
    request = RunRequest((RunSource("shop", "/srv/shop"),), who=ODD, why="night", confirm_loss=("shop",))
    begun = here.begin("20261130T010203-aaaaaa", request, "http", "000001", "place")
    seen = there.get(begun.id)
    assert seen is not None and (seen.request.sources, seen.request.who) == (request.sources, ODD.replace("\0", "\ufffd"))
    assert (seen.request.confirm_loss, seen.place, seen.ending) == (("shop",), "place", None) and there.unfinished() == [seen]
    there.advance(begun.id, "embed", 3, 9)
    ending = RunEnding("published", 0, "000002", {"added": 3}, {"passed": True, "text": ODD}, None, ("a note",))
    said = at_once(lambda number: (here, there)[number % 2].end(begun.id, ending, {"files": [ODD]}))
    assert sorted(said) == [False] * 7 + [True]
    ended = here.get(begun.id)
    assert ended is not None and ended.ending == ending and (ended.phase, ended.done, ended.total) == ("embed", 3, 9)
    assert here.report(begun.id) == {"files": [ODD]} and there.unfinished() == []


def test_old_runs_give_up_their_reports(database: StateDatabase) -> None:
    store = RunStore(database)
    for number in range(REPORTS_KEPT + 2):
        store.begin(f"20261130T0000{number:02}-aaaaaa", RunRequest(()), "cli", None, None)
        store.end(f"20261130T0000{number:02}-aaaaaa", RunEnding("unchanged", 3), {"number": number})
    assert [store.report(run.id) is not None for run in store.page(99)] == [True] * REPORTS_KEPT + [False] * 2
    assert store.count() == REPORTS_KEPT + 2 and store.page(1, 1)[0].id == "20261130T000020-aaaaaa"


def test_the_audit_log_of_many_at_once_is_one_chain(opening: Open) -> None:
    logs = [AuditLog(opening()) for _ in range(4)]
    said = ODD.replace("\0", "")
    at_once(lambda number: logs[number % 4].record(actor=f"cli:{number}", action="test", object=said, details={"n": number}))
    keys = KeyStore(opening())
    made = at_once(lambda number: keys.create_key(f"key {number}", "public", ["chat"], by="cli:Ada"))
    keys.revoke_key(made[0].key.id, by="cli:Ada")
    assert logs[0].verify() is None and logs[1].count() == 17
    assert [one.action for one in logs[2].page(2)] == ["key.revoke", "key.create"]
    assert {one.actor for one in logs[3].page(20) if one.action == "test"} == {f"cli:{number}" for number in range(8)}


def test_an_edited_row_of_the_audit_log_is_named(opening: Open) -> None:
    database = opening()
    log = AuditLog(database)
    for number in range(3):
        log.record(actor="cli:Ada", action="test", details={"n": number})
    with database.session() as session:
        session.execute(text("UPDATE audit SET actor = 'cli:Eve' WHERE number = 2"))
    broken = AuditLog(opening()).verify()
    assert broken is not None and broken.number == 2


def test_a_customer_is_forgotten_in_all_tables(url: SecretStr, opening: Open, tmp_path: Path) -> None:
    database = opening()
    ada = UserHasher.of(database).hash("ada")
    questions, feedback = QuestionStore(database, 9), FeedbackStore(database)
    questions.remember(Query("Where is my lamp?", TODAY), ada)
    questions.remember(Query("What is a lamp?", TODAY), UserHasher.of(database).hash("bob"))
    feedback.add(Opinion("chatcmpl-1", "up", None, "Fine", ada), "key", "public")
    feedback.add(Opinion("chatcmpl-2", "up", None, "Fine", None), "key", "public")
    forgetter = CustomerForgetter(opening(), Settings(data=tmp_path, state_url=url))
    proof = forgetter.forget(Customer(("ada",)), "cli:Ada")
    deleted = {one["table"]: one["deleted"] for one in proof["tables"] if one["deleted"]}
    assert proof["complete"] and deleted == {"recent_questions": 1, "feedback": 1}
    assert [one.text for one in questions.recent(9)] == ["What is a lamp?"] and feedback.count("internal") == 1
    assert any(file["path"] == "state.sqlite" for file in proof["files"]) is database.is_file
