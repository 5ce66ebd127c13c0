"""The audit log: who did what to the service, when, and with what result. Rows are appended and never changed.

It holds no text of customers or documents: ids, counts and reasons, and personal data in these is masked.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from kb.errors import CitedeskError, StateUnavailableError
from rag.privacy.finder import finder_of
from rag.privacy.masker import Masker
from rag.privacy.phone import DEFAULT_REGIONS
from server.state.audit_chain import BEGINNING, AuditBreak, AuditHead, AuditRecord, canonical, first_break
from server.state.database import StateDatabase
from server.state.tables import AuditHeadRow, AuditRow
from server.state.transaction_lock import see_one_moment

_PAGE = 1000
_LONGEST_ACTOR = 200
_LONGEST_OBJECT = 1000


class AuditUnavailableError(StateUnavailableError):
    """The audit log cannot be written."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What is to be recorded. ``actor``: ``key:ID``, ``cli:NAME`` or ``service``; ``details`` are JSON values, no texts."""

    actor: str
    action: str
    object: str = ""
    result: str = "done"
    details: Mapping[str, Any] = field(default_factory=dict)
    kb_version: str | None = None
    request_id: str | None = None


def append(session: Session, event: AuditEvent, phone_regions: Sequence[str] = DEFAULT_REGIONS) -> AuditRecord:
    """Write ``event`` in the transaction of ``session``: both happen or neither. Let it be the transaction's last step.

    The head's row is updated first: it is locked until the transaction ends, so that two writers never continue the same row. That
    holds on every database; and were it not so, ``previous`` is unique.
    """
    locked = update(AuditHeadRow).where(AuditHeadRow.id == 1).values(number=AuditHeadRow.number + 1)
    number, previous = session.execute(locked.returning(AuditHeadRow.number, AuditHeadRow.hash)).one()
    record = _record(event, AuditHead(number, previous), Masker(finder_of(tuple(phone_regions))))
    session.add(AuditRow(**asdict(record)))
    session.execute(update(AuditHeadRow).where(AuditHeadRow.id == 1).values(hash=record.hash))
    session.flush()
    return record


class AuditLog:
    """The audit log of one data folder. Safe to use from many threads and processes."""

    def __init__(self, database: StateDatabase, phone_regions: Sequence[str] = DEFAULT_REGIONS) -> None:
        self._database = database
        self._phone_regions = phone_regions

    def record(
        self,
        *,
        actor: str,
        action: str,
        object: str = "",
        result: str = "done",
        details: Mapping[str, Any] | None = None,
        kb_version: str | None = None,
        request_id: str | None = None,
    ) -> AuditRecord:
        """Append what was done. Raises AuditUnavailableError when it cannot be written."""
        event = AuditEvent(actor, action, object, result, details or {}, kb_version, request_id)
        try:
            with self._database.session() as session:
                return append(session, event, self._phone_regions)
        except (SQLAlchemyError, StateUnavailableError) as error:
            reason = str(error) if isinstance(error, StateUnavailableError) else f"{getattr(error, 'orig', None) or type(error).__name__}."
            raise AuditUnavailableError(f"The audit log cannot be written. {reason}") from error

    @contextmanager
    def around(self, actor: str, action: str, object: str = "", details: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """For what is not done in the database: a row before it begins, and one with how it ended, with the details that the block adds.

        Without the first row nothing is done; so a crash leaves a row that says what was under way.
        """
        try:
            self.record(actor=actor, action=action, object=object, result="begun", details=details)
        except AuditUnavailableError as error:
            raise AuditUnavailableError(f"{error} Nothing was done.") from error
        told: dict[str, Any] = dict(details or {})
        try:
            yield told
        except BaseException as error:
            kind = "refused" if isinstance(error, CitedeskError) else "failed"
            self.record(actor=actor, action=action, object=object, result=kind, details=told | {"error": type(error).__name__})
            raise
        self.record(actor=actor, action=action, object=object, details=told, kb_version=told.get("kb_version"))

    def head(self) -> AuditHead:
        """The end of the chain. Keep it elsewhere, and cutting the log off can be told."""
        with self._database.session() as session:
            row = session.scalars(select(AuditHeadRow)).one()
            return AuditHead(row.number, row.hash)

    def page(self, limit: int, offset: int = 0) -> list[AuditRecord]:
        """``limit`` rows after the first ``offset``, newest first."""
        with self._database.session() as session:
            newest_first = select(AuditRow).order_by(AuditRow.number.desc()).limit(limit).offset(offset)
            return [_told(row) for row in session.scalars(newest_first)]

    def number_of(self, hash: str) -> int | None:
        """The number of the row with this hash; 0 for the beginning, None when no row has it."""
        if hash == BEGINNING:
            return 0
        with self._database.session() as session:
            return session.scalar(select(AuditRow.number).where(AuditRow.hash == hash))

    def count(self) -> int:
        """How many rows there are, as the head has it."""
        return self.head().number

    def verify(self, anchors: Sequence[AuditHead] = ()) -> AuditBreak | None:
        """Where the chain is broken first, None when it is whole. ``anchors`` are heads that were kept elsewhere."""
        with self._database.session() as session:
            see_one_moment(session)
            row = session.scalars(select(AuditHeadRow)).first()
            head = AuditHead(-1, "") if row is None else AuditHead(row.number, row.hash)
            rows = session.scalars(select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=_PAGE))
            with closing(rows):
                return first_break(map(_told, rows), head, anchors)


def _record(event: AuditEvent, last: AuditHead, masker: Masker) -> AuditRecord:
    """``event`` as the row number ``last.number``, after the row whose hash is ``last.hash``."""
    request_id = event.request_id or structlog.contextvars.get_contextvars().get("request_id")
    return AuditRecord(
        number=last.number,
        at=datetime.now(UTC).isoformat(timespec="microseconds"),
        actor=_words(event.actor, masker)[:_LONGEST_ACTOR],
        action=event.action,
        object=_words(event.object, masker)[:_LONGEST_OBJECT],
        result=event.result,
        request_id=request_id,
        kb_version=event.kb_version,
        details=canonical({name: _masked(value, masker) for name, value in event.details.items()}),
        previous=last.hash,
    ).sealed()


def _words(text: str, masker: Masker) -> str:
    """Masked, and without the NUL character, which not every database stores: the hash must be of what is stored."""
    return masker.mask(text).replace("\0", "\ufffd")


def _masked(value: object, masker: Masker) -> object:
    if isinstance(value, str):
        return masker.mask(value)
    if isinstance(value, Mapping):
        return {str(name): _masked(inner, masker) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(inner, masker) for inner in value]
    return value


def _told(row: AuditRow) -> AuditRecord:
    return AuditRecord(
        row.number, row.at, row.actor, row.action, row.object, row.result,
        row.request_id, row.kb_version, row.details, row.previous, row.hash,
    )  # fmt: skip
