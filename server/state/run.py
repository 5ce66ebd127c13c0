"""One ingest run, as the record tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

Trigger: TypeAlias = Literal["cli", "http", "up"]
RunState: TypeAlias = Literal["running", "ended", "died"]
RunOutcome: TypeAlias = Literal["published", "unchanged", "refused", "partial", "busy", "failed", "interrupted", "died"]
"""Those of a report, and two that leave no report: ``interrupted`` by a signal that was noticed, ``died`` without a word."""
RUN_OUTCOMES: tuple[RunOutcome, ...] = get_args(RunOutcome)


@dataclass(frozen=True, slots=True)
class RunSource:
    """A source of a run: its name in the knowledge base, and where it was read."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run was asked to do, by whom and why. ``force`` is the reason for publishing against the gate."""

    sources: tuple[RunSource, ...]
    who: str = ""
    why: str = ""
    confirm_loss: tuple[str, ...] = ()
    force: str | None = None


@dataclass(frozen=True, slots=True)
class RunEnding:
    """How a run ended. ``changes`` holds numbers only, ``problem`` is the sentence of the error that ended it."""

    outcome: RunOutcome
    exit_code: int | None
    version_after: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    gate: Mapping[str, Any] | None = None
    changes: Mapping[str, Any] | None = None
    notes: Sequence[str] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A row of the record. Times are UTC; ``done`` of ``total`` steps of ``phase`` are behind a run that has no ``ending`` yet.

    ``place`` is the name of the data folder that it fills (`server.runs.place`).
    """

    id: str
    trigger: Trigger
    request: RunRequest
    started_at: datetime
    ended_at: datetime | None
    version_before: str | None
    phase: str
    done: int
    total: int
    ending: RunEnding | None
    place: str | None = None

    @property
    def state(self) -> RunState:
        """Where it stands."""
        if self.ending is None:
            return "running"
        return "died" if self.ending.outcome == "died" else "ended"

    @property
    def seconds(self) -> float | None:
        """How long it took, once it has ended. Of a run that died this is unknown."""
        if self.ended_at is None or self.state == "died":
            return None
        return (self.ended_at - self.started_at).total_seconds()

    def to_json(self) -> dict[str, Any]:
        """The run as plain JSON values, without its report."""
        ending = self.ending
        return {
            "id": self.id,
            "object": "ingest.run",
            "state": self.state,
            "outcome": None if ending is None else ending.outcome,
            "exit_code": None if ending is None else ending.exit_code,
            "trigger": self.trigger,
            "who": self.request.who,
            "why": self.request.why,
            "sources": [{"name": source.name, "path": source.path} for source in self.request.sources],
            "confirm_loss": list(self.request.confirm_loss),
            "force": self.request.force,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "ended_at": None if self.ended_at is None else self.ended_at.isoformat(timespec="seconds"),
            "seconds": self.seconds,
            "phase": self.phase,
            "progress": {"done": self.done, "total": self.total},
            "version_before": self.version_before,
            "version_after": None if ending is None else ending.version_after,
            "counts": {} if ending is None else dict(ending.counts),
            "gate": None if ending is None or ending.gate is None else dict(ending.gate),
            "changes": None if ending is None or ending.changes is None else dict(ending.changes),
            "notes": [] if ending is None else list(ending.notes),
            "problem": None if ending is None else ending.problem,
        }
