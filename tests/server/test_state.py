"""Keys, secrets and migrations."""

import re
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from kb.errors import ConfigurationError, InvalidKeyError, ScopeDeniedError, StorageDeniedError
from server.settings import GIVEN_TO_CLIENTS, Settings
from server.state.database import StateDatabase
from server.state.default_keys import ensure_default_keys
from server.state.keys import KeyStore
from server.state.secret import get_secret
from server.state.tables import Base
from tests.source import sources


@pytest.fixture
def database(tmp_path: Path) -> Any:
    opened = StateDatabase.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def keys(database: StateDatabase) -> KeyStore:
    return KeyStore(database)


def test_migrations_give_the_tables_of_the_code(tmp_path: Path) -> None:
    for _ in range(2):
        StateDatabase.open(tmp_path).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'state.sqlite'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == ["state.sqlite"]  # no WAL beside it


def test_the_journal_and_the_syncing(database: StateDatabase) -> None:
    with database.session() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL


@pytest.mark.slow
def test_processes_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    program = "import sys, pathlib, server.state.database as d; d.StateDatabase.open(pathlib.Path(sys.argv[1])).close()"
    children = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(child.communicate()[1], child.returncode) for child in children] == [(b"", 0)] * 4


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.create_table", _second_call_fails())
        with pytest.raises(StorageDeniedError, match=re.escape(str(tmp_path))):
            StateDatabase.open(tmp_path)
    with sqlite3.connect(tmp_path / "state.sqlite") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []
    connection.close()
    StateDatabase.open(tmp_path).close()


def _second_call_fails() -> Any:
    from alembic import op

    create, calls = op.create_table, []

    def create_table(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 2:
            raise OSError(5, "the disk fails")
        return create(*arguments, **options)

    return create_table


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"this is not a database" * 100)
    with pytest.raises(StorageDeniedError, match="state.sqlite cannot be opened"):
        StateDatabase.open(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(StorageDeniedError):
        StateDatabase.open(tmp_path / "file")


def test_a_key_works_until_it_is_revoked(keys: KeyStore) -> None:
    new = keys.create_key("shop front", "public", ["search", "chat"])
    assert re.fullmatch(r"cd_live_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", new.secret)
    got = keys.authenticate(new.secret)
    assert got == new.key and (got.name, got.audience, sorted(got.scopes)) == ("shop front", "public", ["chat", "search"])
    got.require("chat")
    with pytest.raises(ScopeDeniedError, match="admin"):
        got.require("admin")
    revoked = keys.revoke_key(got.id)
    assert revoked.revoked_at is not None and keys.revoke_key(got.id) == revoked
    with pytest.raises(InvalidKeyError):
        keys.authenticate(new.secret)
    assert keys.list_keys() == [revoked]


def test_an_expired_key_is_refused(keys: KeyStore) -> None:
    now = datetime.now(UTC)
    past = keys.create_key("past", "internal", ["chat"], now - timedelta(seconds=1))
    later = keys.create_key("later", "internal", ["chat"], now + timedelta(hours=1))
    assert keys.authenticate(later.secret).audience == "internal"
    with pytest.raises(InvalidKeyError):
        keys.authenticate(past.secret)


def test_all_wrong_keys_get_one_sentence(keys: KeyStore) -> None:
    good = keys.create_key("a", "public", ["chat"]).secret
    other = keys.create_key("b", "public", ["chat"]).secret
    swapped = good[:21] + other[21:]
    sentences = set()
    for wrong in (None, "", "x", good[:-1], good + "\n", swapped, good.upper(), "cd_live_000000000000_" + "A" * 43, "é" * 64):
        with pytest.raises(InvalidKeyError) as caught:
            keys.authenticate(wrong)
        sentences.add(str(caught.value))
    assert len(sentences) == 1


def test_no_secret_is_stored(keys: KeyStore, tmp_path: Path) -> None:
    secret = keys.create_key("a", "public", ["chat"]).secret
    assert secret.split("_", 3)[3].encode() not in (tmp_path / "state.sqlite").read_bytes()


def test_wrong_keys_cannot_be_made(keys: KeyStore) -> None:
    wrong: list[tuple[Any, Any]] = [("everyone", ["chat"]), ("public", []), ("public", ["chat", "root"])]
    for audience, scopes in wrong:
        with pytest.raises(ConfigurationError):
            keys.create_key("a", audience, scopes)
    with pytest.raises(ConfigurationError, match="keys list"):
        keys.revoke_key("none")
    assert keys.list_keys() == []


def test_a_secret_is_made_once(database: StateDatabase) -> None:
    first = get_secret(database, "a")
    assert len(first) == 32 and get_secret(database, "a") == first != get_secret(database, "b")


def test_the_default_keys(tmp_path: Path, database: StateDatabase) -> None:
    path = ensure_default_keys(Settings(data=tmp_path))
    assert path == tmp_path / "keys.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = dict(line.split("=") for line in path.read_text().splitlines() if not line.startswith("#"))
    assert list(lines) == ["CITEDESK_PUBLIC_KEY", "CITEDESK_INTERNAL_KEY"] and set(lines) == GIVEN_TO_CLIENTS
    keys = KeyStore(database)
    assert [keys.authenticate(key).audience for key in lines.values()] == ["public", "internal"]


def test_the_keys_file_is_never_overwritten(tmp_path: Path, database: StateDatabase) -> None:
    (tmp_path / "keys.env").write_text("mine")
    assert ensure_default_keys(Settings(data=tmp_path)) is None
    assert (tmp_path / "keys.env").read_text() == "mine" and KeyStore(database).list_keys() == []


def test_the_loser_of_a_race_takes_its_keys_back(tmp_path: Path, database: StateDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keys.env").write_text("theirs")
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: path.name != "keys.env" and exists(path))  # it looked a moment too early
    assert ensure_default_keys(Settings(data=tmp_path)) is None
    assert (tmp_path / "keys.env").read_text() == "theirs"
    assert all(key.revoked_at for key in KeyStore(database).list_keys())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.env", "state.sqlite"]


def test_the_file_in_the_data_folder_is_opened_only_where_no_url_was_given() -> None:
    """Whoever opens the state takes the settings (`StateDatabase.of`): a forgotten URL would split it. Backups hold a file by intention."""
    by_path = {one.path.as_posix() for one in sources("server") if "StateDatabase.open(" in one.text}
    assert by_path == {"server/backup/state.py"}
