"""The audit log as a chain: each row holds the hash of the one before it, so that none can be changed or taken out unseen.

    hash = SHA-256 of the row's JSON array [number, at, actor, action, object, result, request_id, kb_version, details, previous]

as UTF-8 without blanks, every other character than ASCII escaped. The first row's ``previous`` is 64 zeros. Anybody can recompute it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

BEGINNING = "0" * 64
"""What the first row is linked to."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A row of the log. ``at`` is UTC in ISO 8601, ``details`` a JSON object as text."""

    number: int
    at: str
    actor: str
    action: str
    object: str
    result: str
    request_id: str | None
    kb_version: str | None
    details: str
    previous: str
    hash: str = ""

    def sealed(self) -> "AuditRecord":
        """The record with the hash of what it says."""
        return replace(self, hash=hash_of(self))

    def to_json(self) -> dict[str, Any]:
        """All fields, the details as an object."""
        names = ("number", "at", "actor", "action", "object", "result", "request_id", "kb_version")
        return {name: getattr(self, name) for name in names} | {
            "details": json.loads(self.details), "previous": self.previous, "hash": self.hash,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The end of a chain: its last row's number (0 when it is empty) and hash."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class AuditBreak:
    """Where a chain is broken first, and how."""

    number: int
    reason: str


def canonical(details: Mapping[str, Any]) -> str:
    """``details`` as the text that is kept and hashed: keys in order, no blanks, ASCII."""
    return json.dumps(details, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def hash_of(record: AuditRecord) -> str:
    """The hash of what ``record`` says and of what it is linked to (see above)."""
    parts = [
        record.number, record.at, record.actor, record.action, record.object, record.result,
        record.request_id, record.kb_version, record.details, record.previous,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, separators=(",", ":"), ensure_ascii=True).encode()).hexdigest()


def first_break(records: Iterable[AuditRecord], head: AuditHead, anchors: Iterable[AuditHead] = ()) -> AuditBreak | None:
    """The first thing wrong with ``records`` (by number): with a row, with where they end, or with what ``anchors`` kept of them."""
    expected: dict[int, set[str]] = {}
    for anchor in anchors:
        if anchor.number:
            expected.setdefault(anchor.number, set()).add(anchor.hash)
    last = AuditHead(0, BEGINNING)
    for record in records:
        reason = _wrong_with(record, last, expected.pop(record.number, set()))
        if reason is not None:
            return AuditBreak(record.number, reason)
        last = AuditHead(record.number, record.hash)
    return _wrong_with_end(last, head, expected)


def _wrong_with(record: AuditRecord, last: AuditHead, anchored: Set[str]) -> str | None:
    if record.number != last.number + 1:
        return f"the row before it is not number {record.number - 1} but {last.number}: rows between them were removed, or numbers changed"
    if hash_of(record) != record.hash:
        return "what it says is not what was hashed when it was written: it was edited"
    if record.previous != last.hash:
        return f"it is not linked to row {last.number} as that stands: rows were replaced, reordered or edited together with their hashes"
    if anchored - {record.hash}:
        return "an anchor kept another hash of it: the chain was rewritten from here or from before"
    return None


def _wrong_with_end(last: AuditHead, head: AuditHead, missing: Mapping[int, Set[str]]) -> AuditBreak | None:
    ends = f"the log ends with row {last.number}"
    if missing:
        return AuditBreak(last.number + 1, f"an anchor tells of row {max(missing)}, but {ends}: its end was cut off")
    if last != head:
        return AuditBreak(last.number + 1, f"{ends}, its head says {head.number}: its end was cut off or added to")
    return None
