"""The first two keys of a data folder, written where the owner finds them."""

from pathlib import Path

from server.new_file import write_new
from server.settings import Settings
from server.state.database import StateDatabase
from server.state.keys import KeyScope, KeyStore, NewKey

KEYS_FILE = "keys.env"
PUBLIC_SCOPES: tuple[KeyScope, ...] = ("chat", "search", "verify", "feedback")
INTERNAL_SCOPES: tuple[KeyScope, ...] = ("chat", "search", "verify", "ingest", "feedback")


def ensure_default_keys(settings: Settings) -> Path | None:
    """Make one public and one internal key and write both to ``<data>/keys.env`` (mode 600).

    Does nothing and returns ``None`` when the file exists: it is never overwritten. Returns the file's path otherwise.
    """
    path = settings.data / KEYS_FILE
    if path.exists():
        return None
    database = StateDatabase.of(settings)
    try:
        keys = KeyStore(database)
        public = keys.create_key("default public key", "public", PUBLIC_SCOPES)
        internal = keys.create_key("default internal key", "internal", INTERNAL_SCOPES)
        if write_new(path, _content(public, internal)):
            return path
        # Another process wrote its own two keys first. Nobody has seen these.
        keys.revoke_key(public.key.id)
        keys.revoke_key(internal.key.id)
        return None
    finally:
        database.close()


def _content(public: NewKey, internal: NewKey) -> bytes:
    return (
        "# API keys of this Citedesk. The internal key shows internal documents: keep it from shoppers.\n"
        f"CITEDESK_PUBLIC_KEY={public.secret}\n"
        f"CITEDESK_INTERNAL_KEY={internal.secret}\n"
    ).encode()
