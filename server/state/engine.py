"""How each kind of database is spoken to. Neither shows the values of a statement in an error or a log line."""

import sqlite3
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from kb.errors import ConfigurationError
from server.state.state_url import is_file

BUSY_MILLISECONDS = 10_000
"""How long a transaction waits for another one's lock, and how long one statement may take on PostgreSQL."""
_IDLE_MILLISECONDS = 60_000
_CONNECTIONS, _MORE_CONNECTIONS = 5, 10
_POOL_SECONDS = 5
_RECYCLE_SECONDS = 1800

# libpq's own words. A server that vanished without a goodbye is noticed within 15 s, whatever the system's defaults are.
_LINK = {"connect_timeout": "5", "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "15000"}


def make_engine(url: URL) -> Engine:
    """An engine for the database at ``url``; nothing is connected yet. Raises ConfigurationError when its driver is not installed."""
    return _sqlite(url) if is_file(url) else _postgresql(url)


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_MILLISECONDS / 1000}, hide_parameters=True)
    event.listen(engine, "connect", _configure_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _configure_connection(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    """A rollback journal and full syncing: SQLite before 3.51.3 can corrupt a WAL database with two connections."""
    connection.isolation_level = None  # BEGIN is ours to send, so that schema changes are part of a transaction too
    cursor = connection.cursor()
    for pragma in ("journal_mode=DELETE", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", f"busy_timeout={BUSY_MILLISECONDS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


def _postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(
            url,
            connect_args=_connect_arguments(url),
            hide_parameters=True,
            pool_size=_CONNECTIONS,
            max_overflow=_MORE_CONNECTIONS,
            pool_timeout=_POOL_SECONDS,
            pool_recycle=_RECYCLE_SECONDS,
            pool_pre_ping=True,  # a restart of the database costs no request
        )
    except ModuleNotFoundError as error:
        advice = "Run `pip install '.[postgres]' -c constraints/base.txt` in Citedesk's folder, or unset CITEDESK_STATE_URL."
        raise ConfigurationError(f"The driver for PostgreSQL (psycopg) is not installed. {advice}") from error
    event.listen(engine, "handle_error", _leave_out_values)
    return engine


def _leave_out_values(context: ExceptionContext) -> None:
    """PostgreSQL's DETAIL quotes the row that broke a rule: nothing for a log."""
    detail = getattr(getattr(context.original_exception, "diag", None), "message_detail", None)
    for error in (context.original_exception, context.sqlalchemy_exception):
        if detail and error is not None:
            error.args = tuple(one.replace(detail, "(left out)") if isinstance(one, str) else one for one in error.args)


def _connect_arguments(url: URL) -> dict[str, Any]:
    """Limits on every wait. What the URL itself says comes first. No statement is prepared on the server, for poolers in between."""
    limits = f"-c statement_timeout={BUSY_MILLISECONDS} -c idle_in_transaction_session_timeout={_IDLE_MILLISECONDS}"
    wanted = {**_LINK, "application_name": "citedesk", "options": limits}
    return {name: value for name, value in wanted.items() if name not in url.query} | {"prepare_threshold": None}
