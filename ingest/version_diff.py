"""What changed from one version to the next, document by document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal, TypeAlias

from ingest.word_marks import mark_words
from kb.passage import Passage
from kb.version_outline import DocumentOutline

DocumentChangeKind: TypeAlias = Literal["added", "changed", "renamed", "removed"]
PassageChangeKind: TypeAlias = Literal["added", "changed", "removed", "details"]
FieldValue: TypeAlias = str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A property, such as ``audience`` or ``effective_to``, and its values before and after. Days are in ISO form."""

    field: str
    old: FieldValue
    new: FieldValue

    def to_json(self) -> dict[str, Any]:
        """The change as plain JSON values."""
        return {"field": self.field, "old": _plain(self.old), "new": _plain(self.new)}


@dataclass(frozen=True, slots=True)
class PassageChange:
    """A passage before and after; None where it was not there.

    Of kind ``details`` it kept its text, and ``fields`` changed otherwise than its document's did. ``exposed``: only internal readers
    could see it, and now the public can.
    """

    kind: PassageChangeKind
    old: Passage | None
    new: Passage | None
    fields: tuple[FieldChange, ...] = ()
    exposed: bool = False

    @property
    def shown(self) -> Passage:
        """The passage as it is now, or was last."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a passage that changed stands on one side at least")
        return found

    def to_json(self, characters: int | None = None) -> dict[str, Any]:
        """The change as plain JSON values: ids, texts (``characters`` of each at most), and ``marks`` where both sides are there.

        ``marks`` are pairs of ``same``, ``removed`` or ``added`` and a stretch of text.
        """
        row: dict[str, Any] = {
            "kind": self.kind,
            "old_id": None if self.old is None else self.old.id,
            "new_id": None if self.new is None else self.new.id,
            "heading": list(self.shown.heading_path),
            "page": self.shown.page,
            "language": self.shown.language,
            "old": None if self.old is None else self.old.text[:characters],
            "new": None if self.new is None else self.new.text[:characters],
            "fields": [field.to_json() for field in self.fields],
            "exposed": self.exposed,
        }
        if self.kind == "changed":
            row["marks"] = [[mark.kind, mark.text] for mark in mark_words(row["old"], row["new"])]
        return row


@dataclass(frozen=True, slots=True)
class PassageCounts:
    """How many passages of one document were added, changed, removed, changed in their details only, and stayed."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    details: int = 0
    unchanged: int = 0

    def to_json(self) -> dict[str, int]:
        """The counts by name."""
        return {name: getattr(self, name) for name in ("added", "changed", "removed", "details", "unchanged")}

    def __add__(self, other: "PassageCounts") -> "PassageCounts":
        ours, theirs = self.to_json(), other.to_json()
        return PassageCounts(**{name: ours[name] + theirs[name] for name in ours})


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document before and after; None where it was not there.

    ``renamed``: the same file under another path or source. ``fields`` are title, language and scope where they differ.
    ``exposed`` counts the passages that only internal readers could see and the public now can.
    ``passages`` is empty, ``counts`` is not, where there are more than are read (see `ingest.diff.MOST_TEXTS`).
    """

    kind: DocumentChangeKind
    old: DocumentOutline | None
    new: DocumentOutline | None
    fields: tuple[FieldChange, ...]
    counts: PassageCounts
    passages: tuple[PassageChange, ...]
    exposed: int = 0

    @property
    def shown(self) -> DocumentOutline:
        """The document as it is now, or was last."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a document that changed stands on one side at least")
        return found

    @property
    def widened(self) -> bool:
        """Whether the public can see something of it that was internal: what an operator must not overlook."""
        return self.exposed > 0 or any((one.field, one.old, one.new) == ("audience", "internal", "public") for one in self.fields)

    def to_json(self, passages: int | None = None, characters: int | None = None) -> dict[str, Any]:
        """The change as plain JSON values, with so many passages and characters of each at most."""
        return {
            "kind": self.kind,
            **document_json(self.shown),
            "old_source": None if self.old is None else self.old.source,
            "old_path": None if self.old is None else self.old.path,
            "widened": self.widened,
            "exposed_passages": self.exposed,
            "fields": [field.to_json() for field in self.fields],
            "passage_counts": self.counts.to_json(),
            "passages": [passage.to_json(characters) for passage in self.passages[:passages]],
        }


@dataclass(frozen=True, slots=True)
class DatedDocument:
    """A document of the new version that ends to hold after ``day``, or begins on it.

    Either all of it does (``whole``), or so many ``passages`` with dates of their own.
    """

    document: DocumentOutline
    day: date
    passages: int
    whole: bool

    def to_json(self) -> dict[str, Any]:
        """The document and its day as plain JSON values."""
        return {**document_json(self.document), "day": self.day.isoformat(), "passages": self.passages, "whole": self.whole}


@dataclass(frozen=True)
class VersionDiff:
    """All that changed from ``old`` (a version's id, or None for nothing) to ``new``, as of a day.

    ``documents`` come in the order removed, added, renamed, changed, and by source and path. ``resaved`` counts documents whose file
    changed, but nothing that is read from it. ``notes`` are sentences about the versions as a whole.
    """

    old: str | None
    new: str
    as_of: date
    documents: tuple[DocumentChange, ...]
    unchanged: int
    resaved: int
    passages: PassageCounts
    expiring: tuple[DatedDocument, ...]
    starting: tuple[DatedDocument, ...]
    notes: tuple[str, ...] = ()

    def of_kind(self, kind: DocumentChangeKind) -> tuple[DocumentChange, ...]:
        """The documents that were added, changed, renamed or removed."""
        return tuple(document for document in self.documents if document.kind == kind)

    @cached_property
    def widened(self) -> tuple[DocumentChange, ...]:
        """The documents of which the public can see something that was internal."""
        return tuple(document for document in self.documents if document.widened)

    @property
    def counts(self) -> dict[str, int]:
        """Documents and passages by what became of them."""
        kinds: tuple[DocumentChangeKind, ...] = ("added", "changed", "renamed", "removed")
        documents = {f"documents_{kind}": len(self.of_kind(kind)) for kind in kinds}
        passages = {f"passages_{name}": count for name, count in self.passages.to_json().items()}
        rest = {"widened": len(self.widened), "expiring": len(self.expiring), "starting": len(self.starting)}
        return {**documents, "documents_resaved": self.resaved, "documents_unchanged": self.unchanged, **passages, **rest}

    def new_passages(self) -> tuple[Passage, ...]:
        """The passages that the new version has and the old one had not, or with another text; of renamed documents only those."""
        return tuple(
            one.new for document in self.documents for one in document.passages if one.new is not None and one.kind in ("added", "changed")
        )

    def to_json(self, documents: int | None = None, passages: int | None = None, characters: int | None = None) -> dict[str, Any]:
        """The difference as plain JSON values; the limits cut every list and text, never a count.

        ``widened`` lists the documents that are in ``documents`` too, by id: they stand at the front, so that a limit does not hide them.
        """
        first = sorted(self.documents, key=lambda one: not one.widened)
        return {
            "old": self.old,
            "new": self.new,
            "as_of": self.as_of.isoformat(),
            "counts": self.counts,
            "notes": list(self.notes),
            "widened": [one.shown.id for one in self.widened[:documents]],
            "documents": [one.to_json(passages, characters) for one in first[:documents]],
            "expiring": _listed(self.expiring, documents),
            "starting": _listed(self.starting, documents),
        }


def document_json(document: DocumentOutline) -> dict[str, Any]:
    """What a list says of a document."""
    return {
        "document_id": document.id,
        "source": document.source,
        "path": document.path,
        "title": document.title,
        "language": document.language,
        "audience": document.scope.audience,
    }


def total(counts: Iterable[PassageCounts]) -> PassageCounts:
    """The sum of ``counts``."""
    return sum(counts, start=PassageCounts())


def _listed(dated: Sequence[DatedDocument], limit: int | None) -> list[dict[str, Any]]:
    return [one.to_json() for one in dated[:limit]]


def _plain(value: FieldValue) -> str | list[str] | None:
    return list(value) if isinstance(value, tuple) else value
