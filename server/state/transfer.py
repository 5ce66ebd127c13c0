"""The whole state copied from one database to another, of either kind: backups hold it as a file of SQLite, wherever it lives."""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, delete, func, insert, select, text
from sqlalchemy.orm import Session

from kb.errors import ConfigurationError
from server.state.database import StateDatabase
from server.state.tables import ApiKeyRow, Base, FeedbackRow, FreezeRow, RecentQuestionRow, RunRow
from server.state.transaction_lock import see_one_moment

_ROWS = 500
_OF_PEOPLE: tuple[type[Base], ...] = (ApiKeyRow, RunRow, FeedbackRow, FreezeRow, RecentQuestionRow)


def copy_state(source: StateDatabase, target: StateDatabase) -> int:
    """Copies all rows, as they are at one moment, into the ``target``, which must be fresh; how many there were.

    Both happen in one transaction each: the target gets everything or nothing. Raises ConfigurationError when the target holds
    something already, StateUnavailableError.
    """
    with source.session() as reading, target.exclusive("transfer") as writing:
        see_one_moment(reading)
        _require_fresh(writing, target.name)
        return sum(_copy(table, reading, writing.connection()) for table in Base.metadata.sorted_tables)


def is_fresh(database: StateDatabase) -> bool:
    """Whether nobody has put anything into the database: no key, no run, nothing."""
    with database.session() as session:
        return not _filled(session)


def _require_fresh(session: Session, name: str) -> None:
    filled = _filled(session)
    if filled:
        raise ConfigurationError(f"The state database {name} is in use ({', '.join(filled)}): it is not written over. Name an empty one.")


def _filled(session: Session) -> list[str]:
    """The tables that hold what people put there. Secrets and the like are made by the service's first start, and give way."""
    counts = {table: session.scalar(select(func.count()).select_from(table)) for table in _OF_PEOPLE}
    return [table.__tablename__ for table, count in counts.items() if count]


def _copy(table: Table, reading: Session, writing: Connection) -> int:
    writing.execute(delete(table))
    copied = 0
    for rows in _chunks(table, reading):
        writing.execute(insert(table), rows)
        copied += len(rows)
    _advance_sequence(table, writing)
    return copied


def _chunks(table: Table, reading: Session) -> Iterator[list[dict[str, object]]]:
    found = reading.connection().execution_options(yield_per=_ROWS).execute(select(table))
    for rows in found.mappings().partitions(_ROWS):
        yield [dict(row) for row in rows]


def _advance_sequence(table: Table, writing: Connection) -> None:
    """Numbers that PostgreSQL gives by itself go on after the greatest that was copied."""
    column = table.autoincrement_column
    if writing.dialect.name != "postgresql" or column is None:
        return
    sequence = writing.execute(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": column.name}).scalar()
    greatest = writing.execute(select(func.max(column))).scalar()
    if sequence is not None and greatest is not None:
        writing.execute(text("SELECT setval(:s, :n)"), {"s": sequence, "n": greatest})
