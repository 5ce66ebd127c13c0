"""What people thought of answers: a thumb, a reason, a comment without personal data."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias, cast, get_args

from sqlalchemy import ColumnElement, func, select

from kb.scope import Audience
from rag.privacy.masker import mask
from rag.privacy.phone import DEFAULT_REGIONS
from server.state import utc
from server.state.database import StateDatabase
from server.state.insert import insert_into
from server.state.tables import FeedbackRow

Rating: TypeAlias = Literal["up", "down"]
Reason: TypeAlias = Literal["wrong", "incomplete", "outdated", "off_topic", "unclear", "no_answer", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was said of the answer ``answer_id``, from which point of view. ``user_hash`` is the end user as a keyed hash."""

    answer_id: str
    rating: Rating
    reason: Reason | None = None
    comment: str | None = None
    user_hash: str | None = None
    language: str | None = None
    region: str | None = None
    channel: str | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """An opinion as it is kept, with the key that sent it and that key's audience. ``created_at`` is UTC, the last time."""

    id: str
    created_at: datetime
    key_id: str
    audience: Audience
    opinion: Opinion


class FeedbackStore:
    """All feedback of one shop. ``phone_regions`` are the countries whose phone numbers are known and masked."""

    def __init__(self, database: StateDatabase, phone_regions: Sequence[str] = DEFAULT_REGIONS) -> None:
        self._database = database
        self._phone_regions = phone_regions

    def add(self, opinion: Opinion, key_id: str, audience: Audience) -> Feedback:
        """Keep ``opinion``, personal data in its comment masked. What the same key said of the same answer before is replaced."""
        comment = None if opinion.comment is None else mask(opinion.comment, self._phone_regions)
        said = asdict(opinion) | {"comment": comment, "created_at": utc.now(), "audience": audience}
        named = {"id": f"fb_{secrets.token_hex(12)}", "key_id": key_id}
        with self._database.session() as session:
            new = insert_into(session, FeedbackRow).values(named | said)
            written = new.on_conflict_do_update(index_elements=["answer_id", "key_id"], set_=said).returning(FeedbackRow)
            return _feedback(session.scalars(written).one())

    def page(self, audience: Audience, limit: int, offset: int = 0, rating: Rating | None = None) -> list[Feedback]:
        """``limit`` of those that ``audience`` may read after the first ``offset``, newest first: the public's own, or all."""
        wanted = select(FeedbackRow).where(*_wanted(audience, rating)).order_by(FeedbackRow.created_at.desc(), FeedbackRow.id)
        with self._database.session() as session:
            return [_feedback(row) for row in session.scalars(wanted.limit(limit).offset(offset))]

    def count(self, audience: Audience, rating: Rating | None = None) -> int:
        """How many of them there are."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).select_from(FeedbackRow).where(*_wanted(audience, rating))) or 0


def _wanted(audience: Audience, rating: Rating | None) -> list[ColumnElement[bool]]:
    public = [FeedbackRow.audience == "public"] if audience == "public" else []
    return public if rating is None else [*public, FeedbackRow.rating == rating]


def _feedback(row: FeedbackRow) -> Feedback:
    opinion = Opinion(
        row.answer_id, cast(Rating, row.rating), cast("Reason | None", row.reason), row.comment, row.user_hash,
        row.language, row.region, row.channel, row.product,
    )  # fmt: skip
    return Feedback(row.id, row.created_at.replace(tzinfo=UTC), row.key_id, cast(Audience, row.audience), opinion)
