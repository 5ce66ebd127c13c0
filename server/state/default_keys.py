"""The first two keys of a data folder, written where the owner finds them."""

import os
import secrets
from pathlib import Path

from kb.files import fsync_directory
from server.state.database import StateDatabase
from server.state.keys import KeyScope, KeyStore, NewKey

KEYS_FILE = "keys.env"
PUBLIC_SCOPES: tuple[KeyScope, ...] = ("chat", "search", "verify", "feedback")
INTERNAL_SCOPES: tuple[KeyScope, ...] = ("chat", "search", "verify", "ingest", "feedback")


def ensure_default_keys(data: Path) -> Path | None:
    """Make one public and one internal key and write both to ``<data>/keys.env`` (mode 600).

    Does nothing and returns ``None`` when the file exists: it is never overwritten. Returns the file's path otherwise.
    """
    path = data / KEYS_FILE
    if path.exists():
        return None
    database = StateDatabase.open(data)
    try:
        keys = KeyStore(database)
        public = keys.create_key("default public key", "public", PUBLIC_SCOPES)
        internal = keys.create_key("default internal key", "internal", INTERNAL_SCOPES)
        if _write_new(path, _content(public, internal)):
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


def _write_new(path: Path, content: bytes) -> bool:
    """Write ``path`` as a whole with mode 600; ``False`` when it exists already. A crash leaves no file or the whole file."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)  # unlike a rename, a link refuses to replace what is there
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    fsync_directory(path.parent)
    return True
