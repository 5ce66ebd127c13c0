"""Brings a state database to the newest schema, once, whoever else starts at the same moment."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from kb.errors import ConfigurationError
from server.state.transaction_lock import lock_transaction

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_LONGEST_MILLISECONDS = 600_000


def migrate(engine: Engine) -> None:
    """All that is missing, in one transaction: all migrations commit together or not at all.

    Raises ConfigurationError when the database is newer than this program.
    """
    with engine.connect() as connection:
        if _is_newest(connection):
            return
    # The lock is held from the first statement on: a process that starts at the same moment waits here, then finds nothing left to do.
    with engine.execution_options(sqlite_begin="BEGIN IMMEDIATE").begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL statement_timeout = {_LONGEST_MILLISECONDS}"))
        lock_transaction(connection, "migrations")
        command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for our migrations on an open ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _is_newest(connection: Connection) -> bool:
    scripts = ScriptDirectory(str(MIGRATIONS))
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise ConfigurationError(
            f"The state database was written by a newer Citedesk (its schema is {current}, this program knows up to "
            f"{scripts.get_current_head()}). Start the newer one, or restore a backup from before."
        )
    return current == scripts.get_current_head()
