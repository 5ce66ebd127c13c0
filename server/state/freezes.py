"""The stop button's record: which topics are frozen, by whom, why, until when."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.errors import ConfigurationError
from kb.text.question_language import question_language
from rag.frozen_topic import FrozenTopic
from server.state import utc
from server.state.audit import AuditEvent, append
from server.state.database import StateDatabase
from server.state.tables import FreezeRow

MAX_TOPIC = 200
"""Characters: a topic is a few words, not a text."""
MAX_TEXT = 1000
MAX_ACTIVE = 100
"""Each costs every question some microseconds, and a shop that froze more has closed."""

AuditStep: TypeAlias = Callable[[Session, str, str, str, Mapping[str, Any]], object]
"""Writes into the audit log in the same transaction: actor, action, object, details."""


def into_audit_log(session: Session, actor: str, action: str, object: str, details: Mapping[str, Any]) -> None:
    """The step that the service takes."""
    append(session, AuditEvent(actor, action, object, details=details))


class FreezeProblemError(ConfigurationError):
    """What was to be frozen is wrong; ``field`` names the argument of `FreezeStore.freeze` that is, None where none is."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Freeze:
    """A topic frozen at ``created_at`` ``until`` a moment, or until it is lifted. Times are UTC."""

    id: str
    topic: str
    texts: tuple[str, ...]
    reason: str
    who: str
    created_at: datetime
    until: datetime | None
    lifted_at: datetime | None
    lifted_by: str | None

    def holds(self, now: datetime) -> bool:
        """Whether questions about the topic are stopped at ``now``."""
        return self.lifted_at is None and (self.until is None or now < self.until)

    @property
    def frozen(self) -> FrozenTopic:
        """What answering needs of it."""
        return FrozenTopic(self.id, self.topic, self.reason, self.texts)

    def to_json(self) -> dict[str, Any]:
        """All fields, times in ISO 8601, and whether it holds now."""
        times = {name: _iso(getattr(self, name)) for name in ("created_at", "until", "lifted_at")}
        told = {"id": self.id, "topic": self.topic, "texts": list(self.texts), "reason": self.reason, "who": self.who}
        return told | times | {"lifted_by": self.lifted_by, "holds": self.holds(datetime.now(UTC))}


class FreezeStore:
    """The frozen topics of one state database. Safe for several threads and processes."""

    def __init__(self, database: StateDatabase, audit: AuditStep = into_audit_log) -> None:
        """``audit`` is called within each transaction that changes something, last: both are written, or neither."""
        self._database = database
        self._audit = audit

    def freeze(
        self, topic: str, who: str, reason: str = "", texts: Sequence[str] = (), until: datetime | None = None
    ) -> Freeze:
        """Stop answering questions about ``topic``. Raises FreezeProblemError for what is empty, too long, or past already."""
        subject = " ".join(topic.split())
        _check(subject, texts, until)
        row = FreezeRow(
            id=f"frz_{secrets.token_hex(4)}", topic=subject, texts=list(texts), reason=reason.strip(), who=who,
            created_at=utc.now(), until=utc.stored(until), lifted_at=None, lifted_by=None,
        )  # fmt: skip
        with self._database.session() as session:
            if len(_holding(session)) >= MAX_ACTIVE:
                raise FreezeProblemError(f"{MAX_ACTIVE} topics are frozen already. Lift some with `citedesk unfreeze ID` first.")
            session.add(row)
            session.flush()
            made = _freeze(row)
            self._tell(session, who, "freeze", made, {"topic": subject, "reason": made.reason, "until": _iso(made.until)})
            return made

    def lift(self, identifier: str, who: str) -> Freeze | None:
        """Answer questions about the topic again; None when there is no such freeze. One that does not hold any more stays as it is."""
        with self._database.session() as session:
            row = session.get(FreezeRow, identifier)
            if row is None:
                return None
            if _freeze(row).holds(datetime.now(UTC)):
                row.lifted_at, row.lifted_by = utc.now(), who
                session.flush()
                self._tell(session, who, "unfreeze", _freeze(row), {"topic": row.topic})
            return _freeze(row)

    def holding(self) -> list[Freeze]:
        """The freezes that hold now, oldest first."""
        with self._database.session() as session:
            return _holding(session)

    def every(self) -> list[Freeze]:
        """All freezes there ever were, oldest first."""
        with self._database.session() as session:
            return [_freeze(row) for row in session.scalars(select(FreezeRow).order_by(FreezeRow.created_at, FreezeRow.id))]

    def _tell(self, session: Session, who: str, action: str, freeze: Freeze, details: Mapping[str, Any]) -> None:
        self._audit(session, who, action, freeze.id, details)


def _holding(session: Session) -> list[Freeze]:
    now = datetime.now(UTC)
    rows = session.scalars(select(FreezeRow).where(FreezeRow.lifted_at.is_(None)).order_by(FreezeRow.created_at, FreezeRow.id))
    return [freeze for freeze in map(_freeze, rows) if freeze.holds(now)]


def _check(topic: str, texts: Sequence[str], until: datetime | None) -> None:
    if not any(character.isalnum() for character in topic):
        raise FreezeProblemError("The topic is empty. Name it in a few words, such as `citedesk freeze \"recall of the kettle\"`.", "topic")
    if len(topic) > MAX_TOPIC:
        raise FreezeProblemError(f"The topic has {len(topic)} characters; at most {MAX_TOPIC} are taken. Name it in a few words.", "topic")
    if any(not text.strip() or len(text) > MAX_TEXT for text in texts):
        raise FreezeProblemError(f"A text to say is empty or longer than {MAX_TEXT} characters. Write one or two sentences.", "texts")
    languages = [question_language(text) for text in texts]
    if len(set(languages)) < len(languages):
        raise FreezeProblemError(f"Two texts are in the same language ({', '.join(languages)}). Give one for each language.", "texts")
    if until is not None and until <= datetime.now(UTC):
        raise FreezeProblemError("The end of the freeze has passed already. Name a later one.", "until")


def _freeze(row: FreezeRow) -> Freeze:
    created = row.created_at.replace(tzinfo=UTC)
    return Freeze(
        row.id, row.topic, tuple(row.texts), row.reason, row.who, created, utc.read(row.until), utc.read(row.lifted_at), row.lifted_by
    )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
