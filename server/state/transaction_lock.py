"""A lock that a transaction holds to its end, against the same transaction in any thread, process or machine."""

import hashlib

from sqlalchemy import Connection, text

_NAMESPACE = "citedesk/"


def lock_transaction(connection: Connection, name: str) -> None:
    """Waits for the lock called ``name``. On SQLite the transaction must have begun with BEGIN IMMEDIATE: that is its lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _key(name)})


def _key(name: str) -> int:
    """PostgreSQL numbers its advisory locks: 64 bits, signed."""
    return int.from_bytes(hashlib.sha256((_NAMESPACE + name).encode()).digest()[:8], "big", signed=True)
