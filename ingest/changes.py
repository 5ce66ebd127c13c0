"""What a run changed, short enough for its report: whole counts, and the beginning of each list."""

from datetime import date
from pathlib import Path
from typing import Any

from ingest.diff import diff_versions
from kb.version import Version

REPORTED_DOCUMENTS = 50
REPORTED_PASSAGES = 5
REPORTED_CHARACTERS = 300
"""`citedesk diff` tells the rest at any time: both versions are kept."""


def changes_of(staged: Path, live: Version | None, as_of: date) -> dict[str, Any]:
    """What the sealed version in the folder ``staged`` changes against ``live``, as plain JSON values. Raises VersionDamagedError."""
    version = Version.open(staged, verify=False)  # its digests were taken a moment ago
    try:
        return diff_versions(live, version, as_of).to_json(REPORTED_DOCUMENTS, REPORTED_PASSAGES, REPORTED_CHARACTERS)
    finally:
        version.close()
