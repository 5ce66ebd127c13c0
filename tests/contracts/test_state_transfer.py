"""The state moves between both kinds of database whole: for backups, and for a shop that outgrows its file."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.errors import ConfigurationError
from kb.store import VersionStore
from rag.query import Query
from server.backup.make import make_backup
from server.backup.restore import restore
from server.state.database import StateDatabase
from server.state.feedback import FeedbackStore, Opinion
from server.state.keys import KeyStore
from server.state.questions import QuestionStore
from server.state.run import RunEnding, RunRequest, RunSource
from server.state.runs import RunStore, new_run_id
from server.state.secret import get_secret
from server.state.tables import Base
from server.state.transfer import copy_state, is_fresh
from tests.postgres import PostgresServer
from tests.server import shop


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> SecretStr:
    """A database outside of the data folder."""
    if request.param == "sqlite":
        return SecretStr(f"sqlite:///{tmp_path / 'elsewhere' / 'state.sqlite'}")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def filled(url: SecretStr, tmp_path: Path) -> Iterator[StateDatabase]:
    """A database with something in every table."""
    with closing(StateDatabase.open(tmp_path, url)) as database:
        KeyStore(database).create_key("front 前台", "public", ("chat",))
        get_secret(database, "links")
        QuestionStore(database, 2000).remember(Query("谁付运费？", date(2026, 11, 30)))
        FeedbackStore(database).add(Opinion("chatcmpl-1", "down", "wrong", "😀", "0" * 64), "key", "internal")
        runs = RunStore(database)
        run = runs.begin(new_run_id(), RunRequest((RunSource("shop", "/srv"),), "Ada", "night"), "cli", None, None)
        runs.end(run.id, RunEnding("published", 0, "000001", {"added": 1}, {"passed": True}, None, ("note",)), {"files": ["a", None]})
        yield database


def rows(database: StateDatabase) -> dict[str, list[tuple[object, ...]]]:
    def all_of(session: Session, name: str) -> list[tuple[object, ...]]:
        return sorted((tuple(row) for row in session.execute(select(Base.metadata.tables[name]))), key=repr)

    with database.session() as session:
        return {name: all_of(session, name) for name in Base.metadata.tables}


def test_every_row_arrives_as_it_was(filled: StateDatabase, tmp_path: Path) -> None:
    with closing(StateDatabase.open(tmp_path / "copy")) as copy:
        assert is_fresh(copy) and not is_fresh(filled)
        get_secret(copy, "links")  # made by a service that was started too early: the copied one holds
        assert copy_state(filled, copy) == sum(len(found) for found in rows(filled).values())
        assert rows(copy) == rows(filled)
        assert all(rows(copy)[name] for name in ("api_keys", "secrets", "recent_questions", "runs", "feedback"))
        with pytest.raises(ConfigurationError, match="in use"):
            copy_state(filled, copy)
        assert rows(copy) == rows(filled)


def test_back_into_the_other_kind(filled: StateDatabase, tmp_path: Path, postgres: PostgresServer) -> None:
    with closing(StateDatabase.open(tmp_path, postgres.new_database())) as target:
        copy_state(filled, target)
        assert rows(target) == rows(filled)


def test_a_backup_holds_the_state_wherever_it_is_and_brings_it_back(
    filled: StateDatabase, url: SecretStr, tmp_path: Path, postgres: PostgresServer
) -> None:
    shop.publish(tmp_path / "data")
    contents = make_backup(VersionStore(tmp_path / "data"), tmp_path / "backup", None, "Ada", state=url)
    assert "state.sqlite" in contents.files
    new = postgres.new_database()
    done = restore(tmp_path / "backup", VersionStore(tmp_path / "new"), "Ada", "", state=new)
    assert done.state and not (tmp_path / "new" / "state.sqlite").exists()
    with closing(StateDatabase.open(tmp_path, new)) as target:
        assert rows(target) == rows(filled)
    plain = restore(tmp_path / "backup", VersionStore(tmp_path / "plain"), "Ada", "")
    assert plain.state
    with closing(StateDatabase.open(tmp_path / "plain")) as target:
        assert rows(target) == rows(filled)
    assert not restore(tmp_path / "backup", VersionStore(tmp_path / "third"), "Ada", "", state=new).state  # it is in use by now
