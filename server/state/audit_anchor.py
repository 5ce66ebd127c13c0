"""A file outside of the database with ends of the audit log, a line each: what tells that the log was cut off or rewritten later."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from kb.errors import ConfigurationError
from kb.files import disk_errors, make_folder
from server.state.audit import AuditLog
from server.state.audit_chain import AuditHead


def note_end(path: Path | None, log: AuditLog) -> None:
    """Append the end of ``log`` to ``path``, if there is one. Raises StorageFullError, StorageDeniedError or AuditUnavailableError."""
    if path is not None:
        write_anchor(path, log.head())


def write_anchor(path: Path, head: AuditHead) -> None:
    """Append ``head`` and the time (UTC) to ``path``; only ever appended, so the file may lie where nothing else is allowed.

    Raises StorageFullError or StorageDeniedError.
    """
    line = json.dumps({"number": head.number, "hash": head.hash, "at": datetime.now(UTC).isoformat(timespec="seconds")})
    # The line break comes first: what a crash has cut off stays a line of its own.
    with disk_errors(path):
        make_folder(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, f"\n{line}".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_anchors(path: Path) -> list[AuditHead]:
    """All ends in ``path``, none where there is no file yet. A line that a crash cut off counts for nothing.

    Raises ConfigurationError for a line that was edited.
    """
    if not path.exists():
        return []
    with disk_errors(path):
        lines = path.read_text(encoding="utf-8").splitlines()
    return [_head(line, number, path) for number, line in enumerate(lines, 1) if line.endswith("}")]


def _head(line: str, number: int, path: Path) -> AuditHead:
    try:
        entry = json.loads(line)
        return AuditHead(int(entry["number"]), str(entry["hash"]))
    except (ValueError, KeyError, TypeError) as error:
        message = f"Line {number} of {path} is no end of the audit log: it was edited. Compare with a copy of the file."
        raise ConfigurationError(message) from error
