"""A data folder's name for itself, so that servers with folders of their own may share one record of runs.

Whether a run lives is told by a locked file in its own data folder: of another folder's runs nothing is known but what they write.
"""

import secrets
from pathlib import Path

from kb.files import disk_errors, make_folder
from server.new_file import write_new
from server.settings import Settings

_NAME = "PLACE"


def ensure_place(settings: Settings) -> str | None:
    """The name of the data folder, made on the first call and then kept; none where the record lies in the folder itself.

    Raises StorageFullError, StorageDeniedError.
    """
    if settings.state_url is None:
        return None
    path = settings.data / _NAME
    with disk_errors(path):
        make_folder(path.parent)
        if not path.exists():
            write_new(path, secrets.token_hex(16).encode(), 0o644)
    return place_of(settings.data)


def place_of(data: Path) -> str | None:
    """The name of the data folder ``data``, if it has one."""
    path = data / _NAME
    with disk_errors(path):
        return path.read_text().strip() if path.exists() else None
