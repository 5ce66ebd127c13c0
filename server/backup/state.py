"""The state database within a backup: always a file of SQLite, wherever the service keeps it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from pydantic import SecretStr

from kb.archive import Archive
from kb.database import database_errors
from kb.files import disk_errors, make_folder, write_file
from kb.files import replace as move
from kb.store import VersionStore
from server.state.database import StateDatabase
from server.state.state_url import STATE_FILE
from server.state.transfer import copy_state, is_fresh

STATE = STATE_FILE
"""Its name within a backup."""


def copy_of_state(store: VersionStore, url: SecretStr | None) -> Path | None:
    """A consistent copy of the database, whoever writes into it meanwhile, in the staging folder, which is swept when the writer's lock
    is let go. None where there is none yet. Raises StateUnavailableError.
    """
    if url is not None:
        return _copy_from(url, store.layout.staging / "state")
    state, copy = store.data / STATE, store.layout.staging / STATE
    if not state.is_file():
        return None
    with database_errors(state), closing(sqlite3.connect(state)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def restore_state(archive: Archive, store: VersionStore, url: SecretStr | None) -> bool:
    """Brings the state back where nothing is yet; whether it did. Raises StateUnavailableError."""
    if STATE not in archive.contents.files:
        return False
    if url is not None:
        return _copy_into(url, archive, store.layout.staging / "state")
    target = store.data / STATE
    if target.exists():
        return False
    restore_file(archive, STATE, store, target)
    return True


def restore_file(archive: Archive, name: str, store: VersionStore, target: Path) -> None:
    """Brings one file of a backup to ``target``, as a whole or not at all."""
    temporary = store.layout.staging / "restored"
    with disk_errors(target):
        make_folder(target.parent)
        write_file(temporary, archive.pieces(name))
        move(temporary, target)


def _copy_from(url: SecretStr, folder: Path) -> Path:
    with closing(StateDatabase.open(folder, url)) as source, closing(StateDatabase.open(folder)) as target:
        copy_state(source, target)
        return target.path


def _copy_into(url: SecretStr, archive: Archive, folder: Path) -> bool:
    """By way of a file, which is brought to the newest schema first."""
    with disk_errors(folder):
        make_folder(folder)
        write_file(folder / STATE, archive.pieces(STATE))
    with closing(StateDatabase.open(folder)) as source, closing(StateDatabase.open(folder, url)) as target:
        if not is_fresh(target):
            return False
        copy_state(source, target)
        return True
