"""The folders from which a caller over HTTP may have documents read."""

import os
from collections.abc import Sequence
from pathlib import Path

from server.errors import RequestError


def resolve_below(path: str, roots: Sequence[Path], param: str) -> Path:
    """The file or folder at ``path``, all links followed, if that is one of ``roots`` or below one.

    Raises RequestError: 403 when no folder is allowed or it lies elsewhere (whether it exists is not told then), 400 when it is
    relative, or missing. ``param`` names the field.
    """
    if not roots:
        raise RequestError(
            "Ingest over HTTP is switched off here. The server's owner allows folders with the setting CITEDESK_INGEST_ROOTS.",
            status=403,
            code="ingest_disabled",
        )
    given = _absolute(path, param)
    try:
        resolved = given.resolve()
        allowed = any(resolved.is_relative_to(root.resolve()) for root in roots)
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name too long, a character that no path may have
        allowed = False
    if not allowed:
        raise RequestError(
            f"The path in '{param}' is not below a folder that the server's owner allows for ingest (CITEDESK_INGEST_ROOTS).",
            status=403,
            code="path_not_allowed",
            param=param,
        )
    if not os.path.exists(resolved):  # unlike Path.exists, no error where a folder above may not be looked into
        raise RequestError(f"There is nothing at the path in '{param}'. Check it, and that its disk is mounted.", param=param)
    return resolved


def _absolute(path: str, param: str) -> Path:
    given = Path(path)
    if not given.is_absolute():
        raise RequestError(f"The path in '{param}' is not absolute. Begin it with '/'.", param=param)
    return given
