"""The tables that hold what customers wrote or did. A new one joins here, and is then emptied when a customer is forgotten.

A test compares this list with the tables that have a column ``user_hash``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from server.state.tables import Base, FeedbackRow, RateWindowRow, RecentQuestionRow, RecentQuestionUserRow


@dataclass(frozen=True, slots=True)
class CustomerTable:
    """A table whose rows are one customer's if `of_users` says so, or if one of ``texts`` mentions him. ``key`` tells its rows apart.

    ``with_it`` are tables whose rows go with those of this one.
    """

    row: type[Base]
    key: InstrumentedAttribute[Any]
    texts: tuple[InstrumentedAttribute[Any], ...]
    of_users: Callable[[Collection[str]], ColumnElement[bool]]
    with_it: tuple[type[Base], ...] = ()

    @property
    def name(self) -> str:
        """The table's name."""
        return str(self.row.__tablename__)


def _questions_of(hashes: Collection[str]) -> ColumnElement[bool]:
    asked = select(RecentQuestionUserRow.digest).where(RecentQuestionUserRow.user_hash.in_(hashes))
    return RecentQuestionRow.digest.in_(asked)


def _windows_of(hashes: Collection[str]) -> ColumnElement[bool]:
    """What is counted of an end user has his hash within its name."""
    return or_(*(RateWindowRow.key.contains(one) for one in hashes))


CUSTOMER_TABLES = (
    # A question that others asked too goes as well: whose words it keeps cannot be told.
    CustomerTable(
        RecentQuestionRow,
        RecentQuestionRow.digest,
        (RecentQuestionRow.text, RecentQuestionRow.channel, RecentQuestionRow.product),
        _questions_of,
        (RecentQuestionUserRow,),
    ),
    CustomerTable(
        FeedbackRow,
        FeedbackRow.id,
        (FeedbackRow.comment, FeedbackRow.channel, FeedbackRow.product),
        FeedbackRow.user_hash.in_,
    ),
    CustomerTable(RateWindowRow, RateWindowRow.key, (), _windows_of),
)
