"""The tables of the state database. Migrations (server/migrations) bring a database to what stands here."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Names for every constraint, so that a later migration can drop one on any database.
_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=_NAMING)


class Words(TypeDecorator[str]):
    """Text from outside. PostgreSQL stores no NUL character: on every database it becomes U+FFFD, as HTML does it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is stored for ``value``."""
        return None if value is None else value.replace("\0", "\ufffd")


class ApiKeyRow(Base):
    """An API key. Only the SHA-256 of the whole key is kept; ``scopes`` are separated by blanks; times are UTC.

    ``last_used_at`` is written once a minute at most.
    """

    __tablename__ = "api_keys"
    __table_args__ = (CheckConstraint("audience IN ('public', 'internal')", name="audience"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(16))
    scopes: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(DateTime)
    expires_at: Mapped[datetime | None] = mapped_column(DateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime)


class SecretRow(Base):
    """A secret of the service itself, such as the one that signs links."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(DateTime)


class RecentQuestionRow(Base):
    """A question asked lately (server/state/questions.py). ``digest`` tells distinct ones apart; times are UTC."""

    __tablename__ = "recent_questions"
    __table_args__ = (CheckConstraint("audience IN ('public', 'internal')", name="audience"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Words)
    audience: Mapped[str] = mapped_column(String(16))
    language: Mapped[str | None] = mapped_column(String(35))
    region: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[str | None] = mapped_column(Words)
    product: Mapped[str | None] = mapped_column(Words)
    asked_at: Mapped[datetime] = mapped_column(DateTime, index=True)


class RecentQuestionUserRow(Base):
    """An end user who asked a question that is kept, as a keyed hash (server/state/user_hash.py). Goes with the question."""

    __tablename__ = "recent_question_users"

    digest: Mapped[str] = mapped_column(String(64), ForeignKey("recent_questions.digest", ondelete="CASCADE"), primary_key=True)
    user_hash: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)


class RunRow(Base):
    """An ingest run. Without an ``outcome`` it goes on, or its process was killed. Times are UTC; ``report`` is kept for the newest.

    ``place`` is the data folder that it fills: servers with folders of their own may share a database.
    """

    __tablename__ = "runs"
    __table_args__ = (CheckConstraint("trigger IN ('cli', 'http', 'up')", name="trigger"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(DateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime)
    place: Mapped[str | None] = mapped_column(String(32))
    trigger: Mapped[str] = mapped_column(String(16))
    who: Mapped[str] = mapped_column(Words)
    why: Mapped[str] = mapped_column(Words)
    sources: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    confirm_loss: Mapped[list[str]] = mapped_column(JSON)
    force: Mapped[str | None] = mapped_column(Words)
    phase: Mapped[str] = mapped_column(String(32))
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str | None] = mapped_column(String(16))
    exit_code: Mapped[int | None] = mapped_column(Integer)
    version_before: Mapped[str | None] = mapped_column(String(32))
    version_after: Mapped[str | None] = mapped_column(String(32))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    gate: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    notes: Mapped[list[str]] = mapped_column(JSON)
    problem: Mapped[str | None] = mapped_column(Words)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)


class FeedbackRow(Base):
    """What somebody thought of an answer (server/state/feedback.py). One key says one thing of an answer; times are UTC.

    ``user_hash`` is the end user, as a keyed hash; ``comment`` was masked before it came here.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("audience IN ('public', 'internal')", name="audience"),
        CheckConstraint("rating IN ('up', 'down')", name="rating"),
        UniqueConstraint("answer_id", "key_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(DateTime, index=True)
    answer_id: Mapped[str] = mapped_column(String(80))
    key_id: Mapped[str] = mapped_column(String(16))
    audience: Mapped[str] = mapped_column(String(16))
    user_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    rating: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(String(32))
    comment: Mapped[str | None] = mapped_column(Words)
    language: Mapped[str | None] = mapped_column(String(35))
    region: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[str | None] = mapped_column(Words)
    product: Mapped[str | None] = mapped_column(Words)


class AuditRow(Base):
    """A link of the audit log's chain (server/state/audit_chain.py), never changed. ``details`` is JSON, hashed as text."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(64))
    object: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(String(32))
    request_id: Mapped[str | None] = mapped_column(String(64))
    kb_version: Mapped[str | None] = mapped_column(String(32))
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64))


class AuditHeadRow(Base):
    """The one row with the chain's last number and hash. Who appends updates it first, and so waits for whoever else does."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class RateWindowRow(Base):
    """What was counted in a window of one minute (server/limits/store.py). ``expires_at`` is in Unix seconds; ``key`` holds no names."""

    __tablename__ = "rate_windows"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[float] = mapped_column(Double, index=True)


class FreezeRow(Base):
    """A topic about which nothing is answered. Times are UTC; ``texts`` are said instead of our own sentence."""

    __tablename__ = "freezes"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    topic: Mapped[str] = mapped_column(Words)
    texts: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Words)
    who: Mapped[str] = mapped_column(Words)
    created_at: Mapped[datetime] = mapped_column(DateTime)
    until: Mapped[datetime | None] = mapped_column(DateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(DateTime)
    lifted_by: Mapped[str | None] = mapped_column(Words)
