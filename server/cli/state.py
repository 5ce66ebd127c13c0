"""The state database for one command."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kb.errors import ConfigurationError
from server.cli.who import default_who
from server.settings import Settings

if TYPE_CHECKING:
    from server.state.audit import AuditLog
    from server.state.database import StateDatabase


def check_state_is_there(settings: Settings) -> None:
    """Raise ConfigurationError where the state is to be a file that is not there.

    Opening makes it: a mistyped --data would be told of as an empty list, an untouched audit log, a customer of whom nothing is held.
    """
    if not _state_is_there(settings):
        raise ConfigurationError(
            f"There is no state.sqlite in {settings.data}: nothing was ingested, served or made there yet. "
            "Check --data and CITEDESK_DATA."
        )


@contextmanager
def state_database(settings: Settings) -> "Iterator[StateDatabase]":
    """The database of the settings, closed at the end. Raises what `StateDatabase.open` raises."""
    from server.state.database import StateDatabase

    database = StateDatabase.of(settings)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def audit_log(settings: Settings) -> "Iterator[AuditLog]":
    """The audit log of the settings. Raises what `StateDatabase.open` raises."""
    from server.state.audit import AuditLog

    with state_database(settings) as database:
        yield AuditLog(database, settings.phone_regions)


def cli_actor(who: str | None) -> str:
    """How the audit log names who runs a command: the option ``--who``, or the user's name."""
    return f"cli:{who or default_who()}"


@contextmanager
def audited(
    settings: Settings, who: str | None, action: str, object: str = "", details: Mapping[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """What a command does, in the audit log before and after (`AuditLog.around`), and the log's new end among the anchors.

    Where the state is to be a file that is not there yet, only after it: a restore may bring one.
    """
    from server.state.audit_anchor import note_end

    if not _state_is_there(settings):
        told = dict(details or {})
        yield told
        with audit_log(settings) as log:
            log.record(actor=cli_actor(who), action=action, object=object, details=told, kb_version=told.get("kb_version"))
            note_end(settings.audit_anchors, log)
        return
    with audit_log(settings) as log:
        with log.around(cli_actor(who), action, object, details) as told:
            yield told
        note_end(settings.audit_anchors, log)


def _state_is_there(settings: Settings) -> bool:
    """Whether opening the state makes no new file."""
    from server.state.state_url import STATE_FILE

    return settings.state_url is not None or (settings.data / STATE_FILE).exists()
