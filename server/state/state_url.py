"""Where the state database is: the file in the data folder, or what ``CITEDESK_STATE_URL`` names. Its password is never shown."""

from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from kb.errors import ConfigurationError

STATE_FILE = "state.sqlite"
_SQLITE, _POSTGRESQL = "sqlite", "postgresql+psycopg"
_POSTGRESQL_NAMES = ("postgresql", "postgres", _POSTGRESQL)
_ADVICE = "Write sqlite:////var/lib/shop/state.sqlite or postgresql+psycopg://user:password@host:5432/database."


def state_url(data: Path, given: SecretStr | None) -> URL:
    """The address of the state database of the data folder ``data``. Raises ConfigurationError for one that cannot be used."""
    if given is None:
        return URL.create(_SQLITE, database=str(data / STATE_FILE))
    try:
        url = make_url(given.get_secret_value())
    except (ArgumentError, ValueError):  # their sentences repeat the address, password and all
        raise ConfigurationError(f"The setting CITEDESK_STATE_URL is no database address. {_ADVICE}") from None
    return _checked(url)


def is_file(url: URL) -> bool:
    """Whether the database is a file of SQLite."""
    return url.get_backend_name() == _SQLITE


def shown(url: URL) -> str:
    """The address as it may be printed: a file's path, or the URL without its password and options."""
    return str(url.database) if is_file(url) else url.set(query={}).render_as_string(hide_password=True)


def without_password(text: str, url: URL) -> str:
    """``text``, a driver's words, on one line and without the URL's password."""
    secret = None if url.password is None else str(url.password)
    line = " ".join(text.split())
    return line.replace(secret, "***") if secret else line


def _checked(url: URL) -> URL:
    if url.drivername == _SQLITE and url.database and url.database != ":memory:":
        return url
    if url.drivername in _POSTGRESQL_NAMES and url.database:
        return url.set(drivername=_POSTGRESQL)
    raise ConfigurationError(f"The setting CITEDESK_STATE_URL must name a file of SQLite or a database of PostgreSQL. {_ADVICE}")
