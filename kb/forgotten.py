"""The documents that were forgotten and may not come back, known by hashes only."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.entries import read_entries, write_entries
from kb.layout import Layout

_ADVICE = "Restore the file from a backup. If you remove it instead, the next ingest brings forgotten documents back."


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One forgotten document. ``document`` is its id, a hash of its source and path.

    ``content`` is the SHA-256 of its content, if no other document had the same: so it stays away under another name too.
    ``done`` is false from the start of forgetting until no kept version holds it. ``when`` is an ISO 8601 time with its offset.
    """

    document: str
    content: str | None
    when: str
    who: str
    why: str
    done: bool

    def matches(self, document: str, content: str) -> bool:
        """Whether a document with this id or this content hash is meant."""
        return self.document == document or (self.content is not None and self.content == content)


def read_forgotten(layout: Layout) -> tuple[Forgotten, ...]:
    """All forgotten documents. Raises VersionDamagedError when the list cannot be read."""
    return read_entries(layout.forgotten, Forgotten, _ADVICE)


def write_forgotten(layout: Layout, entries: Sequence[Forgotten]) -> None:
    """Replaces the list. For the holder of the writer's lock."""
    write_entries(layout.forgotten, entries)
