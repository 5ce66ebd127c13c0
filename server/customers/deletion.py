"""Deletes what is held about one customer, looks for what is left, and says so in a proof."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, String, delete, func, select
from sqlalchemy.orm import Session

from rag.privacy.finder import finder_of
from server.customers.customer import Customer, Mentions, byte_patterns
from server.customers.residue import SearchedFile, backups_holding, overwrite_deleted, search_files
from server.settings import Settings
from server.state.audit import AuditLog
from server.state.audit_chain import canonical
from server.state.customer_tables import CUSTOMER_TABLES, CustomerTable
from server.state.database import StateDatabase
from server.state.tables import Base
from server.state.user_hash import UserHasher

_AT_ONCE = 500
_NOT_SEARCHED = (
    "logs that were written elsewhere (personal data in them is masked)",
    "copies of the data folder that `citedesk backup` does not know of",
    "the documents of the knowledge base (`citedesk forget` takes one out)",
    "the language model's own logs",
)


@dataclass(frozen=True, slots=True)
class EmptiedTable:
    """A table with ``before`` rows, of which ``deleted`` were the customer's and ``after`` still are."""

    table: str
    before: int
    deleted: int
    after: int


@dataclass(frozen=True, slots=True)
class DeletionProof:
    """What was deleted and what was looked through afterwards. Names the customer by keyed hashes only, so it may be kept.

    ``mentioned``: columns of other tables that mention him still. ``file_search``: ``bytes``, or why the bytes could not be searched.
    """

    at: str
    users: Sequence[str]
    tables: Sequence[EmptiedTable]
    mentioned: Mapping[str, int]
    files: Sequence[SearchedFile]
    file_search: str
    backups: Sequence[Mapping[str, str]]
    not_searched: Sequence[str] = _NOT_SEARCHED

    @property
    def complete(self) -> bool:
        """Whether nothing is left within reach; backups are listed, and are their owner's."""
        return not (any(one.after for one in self.tables) or self.mentioned or any(one.found for one in self.files))

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return {"object": "customer_deletion", "complete": self.complete} | asdict(self)


@dataclass(frozen=True, slots=True)
class CustomerForgetter:
    """Forgets customers of one data folder. ``settings`` name the folder, the phone regions and the anchors."""

    database: StateDatabase
    settings: Settings

    def held(self, customer: Customer) -> dict[str, int]:
        """How many rows of each table are about ``customer``."""
        hashes, mentions = self._known_as(customer)
        with self.database.session() as session:
            return {table.name: len(_keys(session, table, hashes, mentions)) for table in CUSTOMER_TABLES}

    def forget(self, customer: Customer, actor: str, why: str = "") -> dict[str, Any]:
        """Delete, search, and return the proof with the audit row that holds its SHA-256.

        Raises AuditUnavailableError before anything is deleted, KnowledgeBaseError when the database is in use too long.
        """
        log = AuditLog(self.database, self.settings.phone_regions)
        with log.around(actor, "customer.forget", "customer", {"why": why}) as told:
            proof = self._forgotten(customer).to_json()
            digest = hashlib.sha256(canonical(proof).encode()).hexdigest()
            told |= {"complete": proof["complete"], "proof": digest, "deleted": {one["table"]: one["deleted"] for one in proof["tables"]}}
        end = log.head()
        return proof | {"sha256": digest, "audit": {"number": end.number, "hash": end.hash}}

    def _forgotten(self, customer: Customer) -> DeletionProof:
        hashes, mentions = self._known_as(customer)
        with self.database.exclusive("customers") as session:  # it reads first: beside another writer SQLite would refuse it
            tables = [_empty(session, table, hashes, mentions) for table in CUSTOMER_TABLES]
        data, patterns, file = self.settings.data, byte_patterns(customer, hashes), self._file()
        if file is not None:
            overwrite_deleted(file)
        with self.database.session() as session:
            mentioned = dict(_mentioned(session, mentions))
        return DeletionProof(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            users=hashes,
            tables=tables,
            mentioned=mentioned,
            files=search_files(data, file, patterns),
            file_search="bytes" if file is not None else "the state is kept by a database server: its tables were searched, not its files",
            backups=[{"path": made.path, "when": made.when, "holds": holds} for made, holds in backups_holding(data, patterns)],
        )

    def _known_as(self, customer: Customer) -> tuple[tuple[str, ...], Mentions]:
        return customer.hashes(UserHasher.of(self.database)), Mentions(customer, finder_of(self.settings.phone_regions))

    def _file(self) -> Path | None:
        """The database's file, if it is one of SQLite's."""
        return self.database.path if self.database.is_file else None


def _empty(session: Session, table: CustomerTable, hashes: Collection[str], mentions: Mentions) -> EmptiedTable:
    before = session.scalar(select(func.count()).select_from(table.row)) or 0
    keys = _keys(session, table, hashes, mentions)
    for start in range(0, len(keys), _AT_ONCE):
        session.execute(delete(table.row).where(table.key.in_(keys[start : start + _AT_ONCE])))
    return EmptiedTable(table.name, before, len(keys), len(_keys(session, table, hashes, mentions)))


def _keys(session: Session, table: CustomerTable, hashes: Collection[str], mentions: Mentions) -> list[Any]:
    """Of the rows that are the customer's, or mention him."""
    his = set(session.scalars(select(table.key).where(table.of_users(hashes))))
    for key, *texts in session.execute(select(table.key, *table.texts).execution_options(yield_per=_AT_ONCE)):
        if any(text in mentions for text in texts if text):
            his.add(key)
    return sorted(his)


def _mentioned(session: Session, mentions: Mentions) -> Iterator[tuple[str, int]]:
    """Every column of every table whose texts mention the customer still, and in how many rows."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, (String, JSON)):
                values = session.scalars(select(column).where(column.is_not(None)).execution_options(yield_per=_AT_ONCE))
                count = sum(_text(value) in mentions for value in values)
                if count:
                    yield f"{table.name}.{column.name}", count


def _text(value: object) -> str:
    """A text, or the texts of a JSON value, each on a line."""
    if isinstance(value, Mapping):
        return "\n".join(_text(one) for pair in value.items() for one in pair)
    if isinstance(value, (list, tuple)):
        return "\n".join(map(_text, value))
    return str(value)
