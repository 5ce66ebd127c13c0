"""What a transaction asks of the database: a lock to its end, against the same transaction anywhere, or the view of one moment."""

import hashlib

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

_NAMESPACE = "citedesk/"


def lock_transaction(connection: Connection, name: str) -> None:
    """Waits for the lock called ``name``. On SQLite the transaction must have begun with BEGIN IMMEDIATE: that is its lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _key(name)})


def see_one_moment(session: Session) -> None:
    """What others write from now on is not seen. A transaction of SQLite is like that by itself. The transaction's first statement."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        session.execute(text("SET LOCAL statement_timeout = 0"))


def _key(name: str) -> int:
    """PostgreSQL numbers its advisory locks: 64 bits, signed."""
    return int.from_bytes(hashlib.sha256((_NAMESPACE + name).encode()).digest()[:8], "big", signed=True)
