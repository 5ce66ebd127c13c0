"""The state database: opened, migrated to the newest schema, and handed out as transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from kb.errors import StorageDeniedError

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_BUSY_MILLISECONDS = 10_000


class StateDatabase:
    """``<data>/state.sqlite``. Safe to use from many threads and several processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = _engine(path)

    @classmethod
    def open(cls, data: Path) -> "StateDatabase":
        """The database of the data folder ``data``, made when absent and migrated.

        Raises StorageDeniedError when the folder or the file cannot be written.
        """
        database = cls(data / "state.sqlite")
        try:
            data.mkdir(parents=True, exist_ok=True)
            database._migrate()
        except (OSError, DatabaseError) as error:
            database.close()
            reason = error.orig if isinstance(error, DatabaseError) else error
            raise StorageDeniedError(
                f"The state database {database.path} cannot be opened: {reason}. "
                "Check that the folder exists, is writable, and that the file is a Citedesk state database."
            ) from error
        return database

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction: committed at the end, rolled back on an error."""
        with Session(self._engine) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def _migrate(self) -> None:
        scripts = ScriptDirectory(str(MIGRATIONS))
        with self._engine.connect() as connection:
            if MigrationContext.configure(connection).get_current_revision() == scripts.get_current_head():
                return
        # An immediate transaction holds the write lock from its first statement: a process that starts at the same
        # moment waits here, then finds nothing left to do. All migrations commit together or not at all.
        exclusive = self._engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        with exclusive.begin() as connection:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": _BUSY_MILLISECONDS / 1000})
    event.listen(engine, "connect", _configure_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _configure_connection(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    """A rollback journal and full syncing: SQLite before 3.51.3 can corrupt a WAL database with two connections."""
    connection.isolation_level = None  # BEGIN is ours to send, so that schema changes are part of a transaction too
    cursor = connection.cursor()
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", f"busy_timeout={_BUSY_MILLISECONDS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))
