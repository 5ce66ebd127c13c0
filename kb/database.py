"""What the record's reader and writer share: the tables, and SQLite's errors as ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import KnowledgeBaseError, StorageDeniedError, StorageFullError, VersionDamagedError
from kb.files import full_message

RECORD_NAME = "passages.sqlite"

# Both tables hold what kb.document and kb.passage say; blobs are compressed (kb.codec). ``public_passages`` and
# ``internal_passages`` count what each audience may see of a document. The last index covers what opening a version reads.
SCHEMA = """
CREATE TABLE scopes (number INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL,
    media_type TEXT NOT NULL, content_hash TEXT NOT NULL, language TEXT NOT NULL, scope INTEGER NOT NULL REFERENCES scopes,
    public_url TEXT, pages INTEGER, public_passages INTEGER NOT NULL DEFAULT 0, internal_passages INTEGER NOT NULL DEFAULT 0,
    text BLOB NOT NULL, blocks BLOB NOT NULL, lines BLOB NOT NULL, UNIQUE (source, path)
);
CREATE TABLE passages (
    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document INTEGER NOT NULL REFERENCES documents,
    scope INTEGER NOT NULL REFERENCES scopes, text TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    kind TEXT NOT NULL, heading_path TEXT NOT NULL, page INTEGER, language TEXT NOT NULL, title TEXT NOT NULL, public_url TEXT
);
CREATE INDEX passages_by_document ON passages (document, scope);
"""


@contextmanager
def database_errors(path: Path) -> Iterator[None]:
    """Translates SQLite's errors about the database at ``path``.

    Raises StorageFullError, StorageDeniedError, VersionDamagedError, or KnowledgeBaseError for what is none of these.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(path, error) from error


def _translated(path: Path, error: sqlite3.Error) -> KnowledgeBaseError:
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the upper bits refine the code
    if primary == sqlite3.SQLITE_FULL:
        return StorageFullError(full_message(path))
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return StorageDeniedError(f"{path} cannot be read or written ({error}). Check the owner and permissions of the data folder.")
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN):
        return VersionDamagedError(f"{path} cannot be read as a database ({error}).")
    return KnowledgeBaseError(f"The database {path} reports: {error}.")
