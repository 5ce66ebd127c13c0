"""What a run did, file by file, for people and for cron."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias

from ingest.duplicate_pair import Duplicates
from ingest.flagged import FlaggedPassage
from ingest.skipped import Skipped

Outcome: TypeAlias = Literal["published", "unchanged", "refused", "partial", "busy", "failed"]
FileState: TypeAlias = Literal["ingested", "unchanged", "failed"]

EXIT_CODES: Mapping[Outcome, int] = {"published": 0, "unchanged": 3, "refused": 4, "partial": 5, "busy": 75, "failed": 1}
"""75 is EX_TEMPFAIL of sysexits.h: trying again later makes sense."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """One document, or one file that became none. ``reason`` is why it failed, or what was left out of it."""

    source: str
    path: str
    state: FileState
    reason: str | None = None
    passages: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The result of a run. ``version`` is the one that is live now, ``published`` whether this run made it; ``notes`` are sentences
    about the run as a whole.

    ``changes`` is what the version that was built changed, published or not, as `ingest.changes` tells it.
    ``duplicates`` are those with a document that is new or changed; ``flagged`` are passages of such documents that speak to a
    model. ``skipped`` are files whose kind is not read, and those skipped by wish.
    """

    outcome: Outcome
    version: str | None
    files: tuple[FileReport, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    gate: Mapping[str, Any] | None = None
    duplicates: Duplicates = Duplicates()
    changes: Mapping[str, Any] | None = None
    published: bool = False
    flagged: tuple[FlaggedPassage, ...] = ()
    skipped: Skipped = Skipped({})

    @property
    def exit_code(self) -> int:
        """The process's exit code for this outcome."""
        return EXIT_CODES[self.outcome]

    @property
    def failed(self) -> tuple[FileReport, ...]:
        """The files that failed."""
        return tuple(file for file in self.files if file.state == "failed")

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "version": self.version,
            "published": self.published,
            "files": [asdict(file) for file in self.files],
            "counts": dict(self.counts),
            "seconds": round(self.seconds, 3),
            "notes": list(self.notes),
            "gate": None if self.gate is None else dict(self.gate),
            "duplicates": self.duplicates.to_json(),
            "changes": None if self.changes is None else dict(self.changes),
            "flagged": [asdict(passage) for passage in self.flagged],
            "skipped": self.skipped.to_json(),
        }
