"""One run under way, and what is told of it: to the record, the log and the webhook."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ingest.report import EXIT_CODES, IngestReport, Outcome
from kb.errors import CitedeskError, KnowledgeBaseError, StoreBusyError
from kb.store import VersionStore
from server.runs.failure import INTERRUPTED_BY_KEYBOARD, is_failure, severity
from server.runs.history import RunHistory
from server.runs.place import ensure_place
from server.runs.run_lock import RunLock
from server.runs.run_progress import RecordedProgress
from server.runs.stop_signals import StopSignal
from server.runs.webhook import Webhook
from server.settings import Settings
from server.state.audit import AuditLog
from server.state.audit_anchor import note_end
from server.state.database import StateDatabase
from server.state.run import Run, RunEnding, RunRequest, Trigger
from server.state.runs import RunStore, new_run_id

_LOG = structlog.get_logger(__name__)
_TROUBLES = (SQLAlchemyError, CitedeskError, OSError)


@contextmanager
def recorded_run(
    settings: Settings, request: RunRequest, trigger: Trigger, run: str | None = None, log: bool = False
) -> Iterator["RunRecord"]:
    """A run's record from its row's first second on. The block calls `RunRecord.end` with its report; an error that leaves it is recorded.

    ``run`` is the id of a row that another process has written for this one. ``log``: also to the log. A record that cannot be written
    never stops a run; that becomes one of its notes.
    """
    record = RunRecord(settings, request, trigger, run, log)
    try:
        record.begin(written=run is not None)
        yield record
    except BaseException as error:
        record.fail(error)
        raise
    finally:
        record.close()


class RunRecord:
    """Made by `recorded_run`. ``progress`` is a listener for the run."""

    def __init__(self, settings: Settings, request: RunRequest, trigger: Trigger, run: str | None, log: bool) -> None:
        self._settings = settings
        self._data = settings.data
        self._versions = VersionStore(settings.data)
        self._anchors = settings.audit_anchors
        self._webhook = Webhook.of(settings)
        self._always = settings.webhook_on == "always"
        self._log = log
        self._store: RunStore | None = None
        self._database: StateDatabase | None = None
        self._lock: RunLock | None = None
        self._dead: list[Run] = []
        self._notes: list[str] = []
        self._run = Run(run or new_run_id(), trigger, request, datetime.now(UTC), None, self._live(), "prepare", 0, 0, None)
        self.progress = RecordedProgress(self._advance)

    @property
    def id(self) -> str:
        """The run's id."""
        return self._run.id

    def begin(self, written: bool) -> None:
        """Take the run's lock and write its row, unless another process has; mark runs that were killed."""
        self._kept(lambda: self._open(written))
        if self._log:
            _LOG.info("ingest_started", run=self.id, trigger=self._run.trigger, sources=[one.name for one in self._run.request.sources])

    def end(self, report: IngestReport) -> IngestReport:
        """Record the report and tell of it; gives it back with the notes that this added."""
        told = report.to_json()
        changes = told.get("changes")
        ending = RunEnding(
            report.outcome, report.exit_code, report.version, dict(report.counts), told["gate"], outline(changes), report.notes
        )
        notes = self._end(ending, told | ({"changes": outline(changes)} if changes is not None else {}))
        return replace(report, notes=(*report.notes, *notes))

    def fail(self, error: BaseException) -> None:
        """Record the error that ended the run, unless it has an ending already."""
        if self._run.ending is None:
            self._end(self._ending_of(error))

    def close(self) -> None:
        """Give the lock and the database back."""
        if self._lock is not None:
            self._kept(self._lock.release)
        if self._database is not None:
            self._database.close()

    def _open(self, written: bool) -> None:
        self._lock = RunLock.inherited(self._data, self.id) if written else RunLock.take(self._data, self.id)
        self._database = StateDatabase.of(self._settings)
        store = RunStore(self._database)
        if not written:
            place = ensure_place(self._settings)
            store.begin(self.id, self._run.request, self._run.trigger, self._run.version_before, place)
        self._store = store
        history = RunHistory(store, self._data)
        self._dead = history.mark_dead()
        history.sweep()
        self._notes += [f"The run {run.id} died before it could say how it ended." for run in self._dead]

    def _advance(self, phase: str, done: int, total: int) -> None:
        self._written(lambda store: store.advance(self.id, phase, done, total))

    def _end(self, ending: RunEnding, report: Mapping[str, Any] | None = None) -> Sequence[str]:
        """Row first, then the rest: whatever hangs or fails there, the ending is known. Returns the notes that were added."""
        complete = replace(ending, notes=(*ending.notes, *self._notes))
        self._run = replace(self._run, ended_at=datetime.now(UTC), ending=complete)
        self._written(lambda store: store.end(self.id, complete, report))
        self._anchor()
        self._tell()
        final = replace(ending, notes=(*ending.notes, *self._notes))
        self._run = replace(self._run, ending=final)
        if final.notes != complete.notes:
            self._written(lambda store: store.set_notes(self.id, final.notes))
        if self._log:
            told = self._run.to_json()
            fields = ("outcome", "exit_code", "version_before", "version_after", "counts", "seconds", "notes", "problem")
            getattr(_LOG, severity(self._run))("ingest_ended", run=self.id, **{name: told[name] for name in fields})
        return tuple(self._notes)

    def _tell(self) -> None:
        if self._webhook is None:
            return
        for run in (*self._dead, self._run):
            if self._always or is_failure(run, self._before()):
                note = self._webhook.tell(run)
                self._notes += [] if note is None else [note]

    def _anchor(self) -> None:
        """The end of the audit log, outside of the database: what is cut off later is missed."""
        try:
            if self._database is not None:
                note_end(self._anchors, AuditLog(self._database))
        except _TROUBLES as error:
            self._notes.append(f"The end of the audit log could not be noted: {_reason(error)}")

    def _before(self) -> Run | None:
        """The run before this one."""
        newest: list[Run] = []
        self._written(lambda store: newest.extend(store.page(2)))
        return next((run for run in newest if run.id != self.id), None)

    def _ending_of(self, error: BaseException) -> RunEnding:
        live = self._live()
        published = f"version {live} had been published" if live != self._run.version_before else "nothing was published"
        if isinstance(error, StopSignal):
            return RunEnding("interrupted", error.exit_code, live, problem=f"Stopped by signal {error.number}; {published}.")
        if isinstance(error, KeyboardInterrupt):
            return RunEnding("interrupted", INTERRUPTED_BY_KEYBOARD, live, problem=f"Stopped from the keyboard; {published}.")
        outcome: Outcome = "busy" if isinstance(error, StoreBusyError) else "failed"
        said = str(error) if isinstance(error, CitedeskError) else f"Something went wrong inside Citedesk ({type(error).__name__})."
        return RunEnding(outcome, EXIT_CODES[outcome], live, problem=said)

    def _live(self) -> str | None:
        try:
            return self._versions.current_id()
        except KnowledgeBaseError:
            return None  # the run itself reads it too, and says what is wrong

    def _written(self, write: Callable[[RunStore], object]) -> None:
        store = self._store
        if store is not None:
            self._kept(lambda: write(store))

    def _kept(self, write: Callable[[], object]) -> None:
        """Does what the record needs. The first failure becomes a note, and nothing more is written then."""
        try:
            write()
        except _TROUBLES as error:
            self._store = None
            self._notes.append(f"The record of this run could not be written: {_reason(error)}")


def outline(changes: object) -> Any:  # noqa: ANN401 - any JSON value
    """``changes`` in numbers: lists become their length and texts go. The record must not outlive a document that was deleted."""
    if isinstance(changes, Mapping):
        kept = {name: outline(value) for name, value in changes.items()}
        return {name: value for name, value in kept.items() if value is not None}
    if isinstance(changes, (list, tuple)):
        return len(changes)
    return changes if isinstance(changes, (bool, int, float)) else None


def _reason(error: Exception) -> str:
    """A sentence for it: of the database's errors the driver's own words, without the statement and its values."""
    if isinstance(error, CitedeskError):
        return str(error)
    inner = getattr(error, "orig", None) or error
    return f"{inner}. Check the disk and the permissions of the data folder."
