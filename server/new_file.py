"""A file that is written once, by whoever is first."""

import os
import secrets
from pathlib import Path

from kb.files import fsync_directory


def write_new(path: Path, content: bytes, mode: int = 0o600) -> bool:
    """Write ``path`` as a whole; ``False`` when it exists already. A crash leaves no file or the whole file. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
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
