"""The state database: opened, migrated to the newest schema, and handed out as transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from kb.errors import ConfigurationError, StateUnavailableError, StorageDeniedError
from server.settings import Settings
from server.state.engine import make_engine
from server.state.migration import migrate
from server.state.state_url import is_file, shown, state_url, without_password
from server.state.transaction_lock import lock_transaction

# The database is away, full, locked or read-only: what failed may work later. Wrong statements and broken rules are other classes.
_AWAY = (OperationalError, InterfaceError, InternalError, PoolTimeoutError)


class StateDatabase:
    """A file of SQLite, or a database of PostgreSQL. Safe to use from many threads, several processes and, on PostgreSQL, machines."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self._engine = make_engine(url)

    @classmethod
    def of(cls, settings: Settings) -> "StateDatabase":
        """The database that the settings name. Raises what `open` raises."""
        return cls.open(settings.data, settings.state_url)

    @classmethod
    def open(cls, data: Path, url: SecretStr | None = None) -> "StateDatabase":
        """The database at ``url``, by default the one in the data folder ``data``, made when absent and migrated.

        Raises StorageDeniedError when the folder or the file cannot be written, StateUnavailableError when PostgreSQL cannot be reached
        or refuses, ConfigurationError for a wrong address, a missing driver or a database that a newer Citedesk has written.
        """
        database = cls(state_url(data, url))
        try:
            if database.is_file:
                database.path.parent.mkdir(parents=True, exist_ok=True)
            migrate(database._engine)
        except (OSError, DatabaseError) as error:
            database.close()
            raise database._not_opened(error) from error
        except BaseException:
            database.close()
            raise
        return database

    @property
    def is_file(self) -> bool:
        """Whether it is a file of SQLite."""
        return is_file(self.url)

    @property
    def name(self) -> str:
        """What it is called in sentences: the file's path, or the URL without its password."""
        return shown(self.url)

    @property
    def path(self) -> Path:
        """The file of SQLite. Raises ConfigurationError where there is none."""
        if not self.is_file:
            raise ConfigurationError(f"The state database {self.name} is no file. Use PostgreSQL's own tools on it.")
        return Path(str(self.url.database))

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction: committed at the end, rolled back on an error. Raises StateUnavailableError when the database is away."""
        with self._told(), Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def exclusive(self, name: str) -> Iterator[Session]:
        """A transaction beside which no other one called ``name`` goes on, in any process. Raises StateUnavailableError."""
        engine = self._engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        with self._told(), Session(engine) as session, session.begin():
            lock_transaction(session.connection(), name)
            yield session

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _AWAY as error:
            raise StateUnavailableError(f"The state database {self.name} does not do its work: {self._reason(error)}.") from error

    def _not_opened(self, error: OSError | DatabaseError) -> StorageDeniedError | StateUnavailableError:
        said = f"The state database {self.name} cannot be opened: {self._reason(error)}."
        if self.is_file:
            return StorageDeniedError(
                f"{said} Check that the folder exists, is writable, and that the file is a Citedesk state database."
            )
        return StateUnavailableError(
            f"{said} Check that PostgreSQL runs and takes connections from here, and the user and password in CITEDESK_STATE_URL."
        )

    def _reason(self, error: Exception) -> str:
        inner = getattr(error, "orig", None) if isinstance(error, SQLAlchemyError) else None
        return without_password(str(inner or error), self.url).rstrip(".")
