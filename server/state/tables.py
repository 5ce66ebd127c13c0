"""The tables of the state database. Migrations (server/migrations) bring a database to what stands here."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Names for every constraint, so that a later migration can drop one on any database.
_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=_NAMING)


class ApiKeyRow(Base):
    """An API key. Only the SHA-256 of the whole key is kept; ``scopes`` are separated by blanks; times are UTC."""

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
    text: Mapped[str] = mapped_column(Text)
    audience: Mapped[str] = mapped_column(String(16))
    language: Mapped[str | None] = mapped_column(String(35))
    region: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[str | None] = mapped_column(Text)
    product: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(DateTime, index=True)
