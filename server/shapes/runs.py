"""Ingest runs."""

from typing import Any, Literal

from server.shapes.shape import Shape
from server.state.run import RunOutcome, RunState, Trigger


class RunSourceShape(Shape):
    """A source of a run."""

    name: str
    path: str


class Progress(Shape):
    """How far the phase is."""

    done: int
    total: int


class Run(Shape):
    """A run. What is only known at its end is null until then. Times are UTC. Those that may be missing are for internal keys."""

    id: str
    object: Literal["ingest.run"]
    state: RunState
    outcome: RunOutcome | None
    exit_code: int | None
    trigger: Trigger
    who: str | None = None
    why: str | None = None
    sources: list[RunSourceShape] | None = None
    confirm_loss: list[str] | None = None
    force: str | None = None
    started_at: str
    ended_at: str | None
    seconds: float | None
    phase: str
    progress: Progress
    version_before: str | None
    version_after: str | None
    counts: dict[str, int]
    gate: dict[str, Any] | None = None
    changes: dict[str, Any] | None = None
    notes: list[str] | None = None
    problem: str | None = None


class RunDetail(Run):
    """One run, with its report once it has ended."""

    report: dict[str, Any] | None = None


class RunList(Shape):
    """A page of runs, newest first."""

    object: Literal["list"]
    data: list[Run]
    total: int
    has_more: bool
    next_offset: int | None
