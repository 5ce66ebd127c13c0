"""The record of every ingest run."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import func, select, update

from server.state import utc
from server.state.audit import AuditEvent, append
from server.state.database import StateDatabase
from server.state.run import Run, RunEnding, RunOutcome, RunRequest, RunSource, Trigger
from server.state.tables import RunRow

REPORTS_KEPT = 20
"""The newest runs whose whole report, file by file, is kept. A shop of 20,000 files writes 3 MB a night."""


class RunStore:
    """The runs of one database, in plain SQL. Safe to use from many threads and processes."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def begin(self, identifier: str, request: RunRequest, trigger: Trigger, version_before: str | None, place: str | None = None) -> Run:
        """Write the row of a run that begins now, under an id from `new_run_id`; ``place`` is the data folder's name for itself."""
        row = RunRow(
            id=identifier, started_at=utc.now(), place=place, trigger=trigger, who=request.who, why=request.why,
            sources=[{"name": source.name, "path": source.path} for source in request.sources],
            confirm_loss=list(request.confirm_loss), force=request.force,
            phase="prepare", done=0, total=0, version_before=version_before, counts={}, notes=[],
        )  # fmt: skip
        with self._database.session() as session:
            session.add(row)
            session.flush()
            run = _run(row)
            append(session, _begun(run))
            return run

    def advance(self, identifier: str, phase: str, done: int, total: int) -> None:
        """Note where a run stands: ``done`` of ``total`` steps of ``phase``."""
        with self._database.session() as session:
            session.execute(update(RunRow).where(RunRow.id == identifier).values(phase=phase, done=done, total=total))

    def end(self, identifier: str, ending: RunEnding, report: Mapping[str, Any] | None = None) -> bool:
        """Write how a run ended; ``False``, and nothing, if that is known already. Old runs give up their ``report``."""
        values = {
            "ended_at": utc.now(), "outcome": ending.outcome, "exit_code": ending.exit_code, "version_after": ending.version_after,
            "counts": dict(ending.counts), "gate": _copy(ending.gate), "changes": _copy(ending.changes),
            "notes": list(ending.notes), "problem": ending.problem, "report": _copy(report),
        }  # fmt: skip
        unknown = update(RunRow).where(RunRow.id == identifier, RunRow.outcome.is_(None))
        with self._database.session() as session:
            # The write comes first: a transaction that reads and then writes can be refused when two do so at once.
            if not session.execute(unknown.values(**values).returning(RunRow.id)).all():
                return False
            newest = list(session.scalars(select(RunRow.id).order_by(*_NEWEST_FIRST).limit(REPORTS_KEPT)))
            session.execute(update(RunRow).where(RunRow.report.is_not(None), RunRow.id.not_in(newest)).values(report=None))
            append(session, _ended(_run(session.get_one(RunRow, identifier)), ending))
            return True

    def set_notes(self, identifier: str, notes: Sequence[str]) -> None:
        """Replace the notes of a run that has ended."""
        with self._database.session() as session:
            session.execute(update(RunRow).where(RunRow.id == identifier).values(notes=list(notes)))

    def get(self, identifier: str) -> Run | None:
        """The run with this id."""
        with self._database.session() as session:
            row = session.get(RunRow, identifier)
            return None if row is None else _run(row)

    def report(self, identifier: str) -> dict[str, Any] | None:
        """The report of a run as ``citedesk ingest --json`` printed it, if it came to one and it is still kept."""
        with self._database.session() as session:
            return session.scalar(select(RunRow.report).where(RunRow.id == identifier))

    def page(self, limit: int, offset: int = 0) -> list[Run]:
        """``limit`` runs after the first ``offset``, newest first."""
        with self._database.session() as session:
            return [_run(row) for row in session.scalars(select(RunRow).order_by(*_NEWEST_FIRST).limit(limit).offset(offset))]

    def count(self) -> int:
        """How many runs there are."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).select_from(RunRow)) or 0

    def last_ended(self, outcomes: Sequence[RunOutcome]) -> Run | None:
        """The run that ended last with one of ``outcomes``."""
        of_these = select(RunRow).where(RunRow.outcome.in_(outcomes)).order_by(RunRow.ended_at.desc(), RunRow.id.desc()).limit(1)
        with self._database.session() as session:
            row = session.scalar(of_these)
            return None if row is None else _run(row)

    def outcome_counts(self) -> dict[str, int]:
        """How many of the runs that have ended had which outcome."""
        counted = select(RunRow.outcome, func.count()).where(RunRow.outcome.is_not(None)).group_by(RunRow.outcome)
        with self._database.session() as session:
            return {str(outcome): number for outcome, number in session.execute(counted)}

    def unfinished(self) -> list[Run]:
        """The runs of which no ending is known, newest first."""
        with self._database.session() as session:
            return [_run(row) for row in session.scalars(select(RunRow).where(RunRow.outcome.is_(None)).order_by(*_NEWEST_FIRST))]


_NEWEST_FIRST = (RunRow.started_at.desc(), RunRow.id.desc())


def new_run_id() -> str:
    """An id that tells when the run began (UTC), and sorts by it."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def _begun(run: Run) -> AuditEvent:
    asked = run.request
    sources = [source.name for source in asked.sources]
    details = {"sources": sources, "confirm_loss": list(asked.confirm_loss), "forced": asked.force is not None}
    return AuditEvent(_actor(run), "ingest", f"run:{run.id}", "begun", details, run.version_before)


def _ended(run: Run, ending: RunEnding) -> AuditEvent:
    details = {"forced": run.request.force is not None, "version_before": run.version_before, "exit_code": ending.exit_code}
    return AuditEvent(_actor(run), "ingest", f"run:{run.id}", ending.outcome, details, ending.version_after)


def _actor(run: Run) -> str:
    return f"{run.trigger}:{run.request.who or 'nobody named'}"


def _copy(content: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if content is None else dict(content)


def _run(row: RunRow) -> Run:
    sources = tuple(RunSource(source["name"], source["path"]) for source in row.sources)
    return Run(
        id=row.id,
        trigger=cast(Trigger, row.trigger),
        request=RunRequest(sources, row.who, row.why, tuple(row.confirm_loss), row.force),
        started_at=row.started_at.replace(tzinfo=UTC),
        ended_at=None if row.ended_at is None else row.ended_at.replace(tzinfo=UTC),
        version_before=row.version_before,
        phase=row.phase,
        done=row.done,
        total=row.total,
        place=row.place,
        ending=None if row.outcome is None else _ending(row, cast(RunOutcome, row.outcome)),
    )


def _ending(row: RunRow, outcome: RunOutcome) -> RunEnding:
    return RunEnding(outcome, row.exit_code, row.version_after, row.counts, row.gate, row.changes, tuple(row.notes), row.problem)
