"""Moments as the state database keeps them: UTC, without a zone, which SQLite does not store."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present one, as it is stored."""
    return datetime.now(UTC).replace(tzinfo=None)


def stored(moment: datetime | None) -> datetime | None:
    """``moment``, of whatever zone, as it is stored."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def read(moment: datetime | None) -> datetime | None:
    """A stored moment with its zone."""
    return None if moment is None else moment.replace(tzinfo=UTC)
