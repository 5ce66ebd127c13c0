"""The last questions that were asked, if the shop wants them kept: what a new version answers to them is compared with the old one."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import cast

import structlog
from sqlalchemy import Delete, delete, func, select
from sqlalchemy.exc import SQLAlchemyError

from kb.errors import StateUnavailableError
from kb.scope import Audience
from rag.privacy.masker import mask
from rag.privacy.phone import DEFAULT_REGIONS
from rag.query import Query
from server.state import utc
from server.state.database import StateDatabase
from server.state.insert import insert_into
from server.state.tables import RecentQuestionRow, RecentQuestionUserRow

_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RecentQuestion:
    """A question as it was asked, with its asker's audience and point of view. ``asked_at`` is UTC, the last time."""

    text: str
    audience: Audience
    language: str | None
    region: str | None
    channel: str | None
    product: str | None
    asked_at: datetime


class QuestionStore:
    """The last ``keep`` distinct questions of one data folder; with 0 none, and those kept before are forgotten.

    Personal data in them is masked first; ``phone_regions`` are the countries whose phone numbers are known.
    """

    def __init__(self, database: StateDatabase, keep: int, phone_regions: Sequence[str] = DEFAULT_REGIONS) -> None:
        self._database = database
        self._keep = keep
        self._phone_regions = phone_regions

    def forget_surplus(self) -> None:
        """Remove all but the last ``keep`` questions: for a setting that was lowered."""
        with self._database.session() as session:
            session.execute(self._surplus())

    def remembers(self, query: Query, today: date) -> bool:
        """Whether ``query`` is of those kept: one about today that stands alone, for a follow-up says little without what went before."""
        return self._keep > 0 and query.as_of == today and not any(turn.role != "system" for turn in query.history)

    def remember(self, query: Query, user_hash: str | None = None) -> None:
        """Keep ``query``, and that the end user ``user_hash`` (`UserHasher`) asked it; the oldest ones make room.

        That it cannot be written is logged, without the question, and costs nothing.
        """
        if self._keep == 0:
            return
        try:
            self._write(query, user_hash)
        except (SQLAlchemyError, StateUnavailableError) as error:
            _LOG.warning("question_not_remembered", reason=type(error).__name__)

    def recent(self, limit: int) -> list[RecentQuestion]:
        """The last ``limit`` questions, the newest first."""
        newest_first = select(RecentQuestionRow).order_by(RecentQuestionRow.asked_at.desc(), RecentQuestionRow.digest).limit(limit)
        with self._database.session() as session:
            return [_question(row) for row in session.scalars(newest_first)]

    def count(self) -> int:
        """How many are kept."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).select_from(RecentQuestionRow)) or 0

    def _write(self, query: Query, user_hash: str | None) -> None:
        query = replace(query, text=mask(query.text, self._phone_regions))
        row = {
            "digest": _digest(query),
            "text": query.text,
            "audience": query.audience,
            "language": query.language,
            "region": query.region,
            "channel": query.channel,
            "product": query.product,
            "asked_at": utc.now(),
        }
        with self._database.exclusive("questions") as session:  # two that make room at once could wait for each other forever
            written = insert_into(session, RecentQuestionRow).values(row)
            session.execute(written.on_conflict_do_update(index_elements=["digest"], set_={"asked_at": row["asked_at"]}))
            if user_hash is not None:
                asker = insert_into(session, RecentQuestionUserRow).values(digest=row["digest"], user_hash=user_hash)
                session.execute(asker.on_conflict_do_nothing())
            session.execute(self._surplus())

    def _surplus(self) -> Delete:
        kept = select(RecentQuestionRow.digest).order_by(RecentQuestionRow.asked_at.desc(), RecentQuestionRow.digest).limit(self._keep)
        return delete(RecentQuestionRow).where(RecentQuestionRow.digest.not_in(kept))


def _digest(query: Query) -> str:
    """What tells questions apart: their words, not their case, width or spacing; who asked, and from where."""
    words = " ".join(unicodedata.normalize("NFKC", query.text).casefold().split())
    parts = (words, query.audience, query.language, query.region, query.channel, query.product)
    return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()


def _question(row: RecentQuestionRow) -> RecentQuestion:
    return RecentQuestion(
        text=row.text,
        audience=cast(Audience, row.audience),
        language=row.language,
        region=row.region,
        channel=row.channel,
        product=row.product,
        asked_at=row.asked_at.replace(tzinfo=UTC),
    )
