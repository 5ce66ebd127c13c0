"""PostgreSQL as it fails: away, slow, refusing, silent. Each is told in a sentence, and none tells the password."""

import socket
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from kb.errors import ConfigurationError, StateUnavailableError
from server.errors import to_failure
from server.runs.history import RunHistory
from server.runs.place import ensure_place, place_of
from server.runs.run_lock import RunLock
from server.settings import Settings, load_settings
from server.state.database import StateDatabase
from server.state.run import RunRequest
from server.state.runs import RunStore, new_run_id
from tests.postgres import PASSWORD, PostgresServer


@pytest.fixture
def url(postgres: PostgresServer) -> SecretStr:
    return postgres.new_database()


@pytest.fixture
def database(url: SecretStr, tmp_path: Path) -> Iterator[StateDatabase]:
    opened = StateDatabase.open(tmp_path, url)
    yield opened
    opened.close()


def refusal(url: SecretStr) -> str:
    """What is said when a database cannot be opened."""
    with pytest.raises(StateUnavailableError) as caught:
        StateDatabase.open(Path("unused"), url)
    said = str(caught.value)
    assert PASSWORD not in said and "wrong-secret" not in said and "\n" not in said and "CITEDESK_STATE_URL" in said
    return said


def test_what_cannot_be_opened_is_told(postgres: PostgresServer) -> None:
    assert "password authentication failed" in refusal(postgres.url(password="wrong-secret"))
    assert "does not exist" in refusal(postgres.url("nowhere"))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        away = SecretStr(f"postgresql+psycopg://shop:{PASSWORD}@127.0.0.1:{unused.getsockname()[1]}/state")
        assert "refused" in refusal(away) and f"shop:***@127.0.0.1:{unused.getsockname()[1]}/state" in refusal(away)
    assert not Path("unused").exists()


@pytest.mark.slow
def test_a_server_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = SecretStr(f"postgresql+psycopg://shop:{PASSWORD}@127.0.0.1:{silent.getsockname()[1]}/state?connect_timeout=2")
        assert "timeout" in refusal(mute)


def test_an_outage_is_told_and_got_over(postgres: PostgresServer, database: StateDatabase) -> None:
    store = RunStore(database)
    postgres.stop()
    try:
        with pytest.raises(StateUnavailableError) as caught:
            store.count()
    finally:
        postgres.start()
    failure = to_failure(caught.value)
    assert (failure.status, failure.code, failure.headers["Retry-After"]) == (503, "state_unavailable", "5")
    assert PASSWORD not in str(caught.value) and database.name not in failure.message  # the address is for the logs
    assert store.count() == 0  # the connections of before are replaced without a failed request


def test_a_slow_statement_is_given_up(database: StateDatabase) -> None:
    with database.session() as session:
        limits = [session.execute(text(f"SHOW {name}")).scalar() for name in ("statement_timeout", "idle_in_transaction_session_timeout")]
    assert limits == ["10s", "1min"]
    with pytest.raises(StateUnavailableError, match="statement timeout"), database.session() as session:
        session.execute(text("SET LOCAL statement_timeout = 20"))
        session.execute(text("SELECT pg_sleep(30)"))
    with database.session() as session:
        assert session.execute(text("SELECT 1")).scalar() == 1


def test_the_values_of_a_failed_statement_are_not_told(database: StateDatabase) -> None:
    with pytest.raises(Exception, match="hide_parameters") as caught, database.session() as session:
        session.execute(text("INSERT INTO api_keys (id, hash) VALUES (:id, :hash)"), {"id": "zebra-id", "hash": None})
    told = "".join(traceback.format_exception(caught.value))
    assert "null value in column" in told and "zebra-id" not in told.replace('"id": "zebra-id"', "")


def test_a_database_that_is_no_file_has_no_path(database: StateDatabase) -> None:
    assert not database.is_file and PASSWORD not in database.name
    with pytest.raises(ConfigurationError, match="no file"):
        _ = database.path


@pytest.mark.parametrize("wrong", ["mysql://a:zebra@h/d", "postgresql+psycopg2://a:zebra@h/d", "zebra", "sqlite://"])
def test_other_addresses_are_refused_without_being_repeated(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match="CITEDESK_STATE_URL") as caught:
        load_settings(state_url=SecretStr(wrong))
    assert "zebra" not in str(caught.value)


@pytest.mark.parametrize("wrong", ["postgresql://h", "postgresql://a:zebra@h:port/d", "sqlite:///", "sqlite:///:memory:"])
def test_addresses_that_lead_nowhere_are_refused_without_being_repeated(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="CITEDESK_STATE_URL") as caught:
        StateDatabase.of(Settings(data=tmp_path, state_url=SecretStr(wrong)))
    assert "zebra" not in str(caught.value)


def test_the_settings_do_not_show_the_password() -> None:
    settings = load_settings(state_url=SecretStr(f"postgresql://shop:{PASSWORD}@127.0.0.1/state"))
    assert PASSWORD not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"'\.\[postgres\]'"):
        StateDatabase.open(tmp_path, SecretStr("postgresql://shop@127.0.0.1/state"))


def test_a_server_with_another_data_folder_leaves_its_neighbours_runs_alone(
    url: SecretStr, database: StateDatabase, tmp_path: Path
) -> None:
    here, there = (Settings(data=tmp_path / name, state_url=url) for name in ("here", "there"))
    store = RunStore(database)
    alive, dead = new_run_id(), new_run_id()
    lock = RunLock.take(there.data, alive)
    try:
        for run in (alive, dead):
            store.begin(run, RunRequest(()), "cli", None, ensure_place(there))
        store.begin(new_run_id(), RunRequest(()), "cli", None, ensure_place(here))
        assert place_of(here.data) != place_of(there.data) == ensure_place(there)
        assert len(RunHistory(store, here.data).mark_dead()) == 1 and len(store.unfinished()) == 2
        assert RunHistory(store, here.data).running() == []
        assert [run.id for run in RunHistory(store, there.data).mark_dead()] == [dead]
        assert [run.id for run in RunHistory(store, there.data).running()] == [alive]
        assert {run.state for run in RunHistory(store, here.data).page(9)} == {"running", "died"}
    finally:
        lock.release()
