"""Compares two versions: ids and hashes first, texts only where those differ.

A passage's id stands for its document, its headings and its text, so equal ids need no look at the text. What an id does not stand for
(scope, title, language, address) is compared besides: a rule that becomes public without a changed word is the change that matters most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.field_changes import field_changes
from ingest.passage_pairs import PassagePair, pair_passages
from ingest.renames import find_renames
from ingest.version_diff import (
    DatedDocument,
    DocumentChange,
    DocumentChangeKind,
    FieldChange,
    PassageChange,
    PassageCounts,
    VersionDiff,
    total,
)
from kb.passage import Passage
from kb.scope import Audience
from kb.version import Version
from kb.version_outline import DocumentOutline, PassageOutline, VersionOutline

DAYS_AHEAD = 30
"""How many days before a document expires, or takes effect, it is reported."""
MOST_TEXTS = 50_000
"""The most passages of either version whose texts are read. Of the documents beyond, only counts are given, and a note says so."""

_ORDER: tuple[DocumentChangeKind, ...] = ("removed", "added", "renamed", "changed")
_NOTHING = VersionOutline({}, {})


def diff_versions(old: Version | None, new: Version, as_of: date) -> VersionDiff:
    """What ``new`` changes against ``old`` (None: against nothing), and what expires or begins within 30 days of ``as_of``.

    Raises VersionDamagedError if a record cannot be read.
    """
    before, after = _NOTHING if old is None else old.outline(), new.outline()
    texts = _Texts(_read_passages(old, before, after), _read_passages(new, after, before))
    changes, unchanged, resaved, stayed = [], 0, 0, 0
    for pair in _document_pairs(before, after):
        change = _document_change(pair, texts)
        if change is not None:
            changes.append(change)
        elif pair.old is not None and pair.new is not None:
            unchanged += pair.old.content_hash == pair.new.content_hash
            resaved += pair.old.content_hash != pair.new.content_hash
            stayed += len(pair.new_passages)
    changes.sort(key=lambda one: (_ORDER.index(one.kind), one.shown.source, one.shown.path))
    last = as_of + timedelta(DAYS_AHEAD)
    return VersionDiff(
        old=None if old is None else old.id,
        new=new.id,
        as_of=as_of,
        documents=tuple(changes),
        unchanged=unchanged,
        resaved=resaved,
        passages=total([PassageCounts(unchanged=stayed), *(one.counts for one in changes)]),
        expiring=_dated(after, "effective_to", as_of, last),
        starting=_dated(after, "effective_from", as_of + timedelta(1), last),
        notes=tuple(_notes(old, new, texts)),
    )


@dataclass(frozen=True, slots=True)
class _DocumentPair:
    """A document on both sides, with all its passages."""

    old: DocumentOutline | None
    new: DocumentOutline | None
    old_passages: tuple[PassageOutline, ...]
    new_passages: tuple[PassageOutline, ...]


@dataclass(frozen=True, slots=True)
class _Texts:
    """The passages whose ids only one version has, by id; None where there are more than are read."""

    old: Mapping[str, Passage] | None
    new: Mapping[str, Passage] | None

    @property
    def complete(self) -> bool:
        return self.old is not None and self.new is not None


def _document_pairs(before: VersionOutline, after: VersionOutline) -> Iterator[_DocumentPair]:
    gone = [document for document_id, document in before.documents.items() if document_id not in after.documents]
    come = [document for document_id, document in after.documents.items() if document_id not in before.documents]
    renames = find_renames(gone, come)
    for document_id, document in before.documents.items():
        later = renames.get(document_id, document_id)
        yield _DocumentPair(document, after.documents.get(later), before.passages[document_id], after.passages.get(later, ()))
    renamed = set(renames.values())
    for document in come:
        if document.id not in renamed:
            yield _DocumentPair(None, document, (), after.passages[document.id])


def _read_passages(version: Version | None, ours: VersionOutline, theirs: VersionOutline) -> Mapping[str, Passage] | None:
    """The passages to be looked at by their texts: those with an id, or details, that the other version does not have."""
    if version is None:
        return {}
    known = {passage.id: passage for passages in theirs.passages.values() for passage in passages}
    wanted = [
        passage.ordinal
        for passages in ours.passages.values()
        for passage in passages
        if (other := known.get(passage.id)) is None or field_changes(other, passage)
    ]
    return {passage.id: passage for passage in version.passages(wanted)} if len(wanted) <= MOST_TEXTS else None


def _document_change(pair: _DocumentPair, texts: _Texts) -> DocumentChange | None:
    fields = field_changes(pair.old, pair.new) if pair.old is not None and pair.new is not None else ()
    passages, counts, exposed = _compare_passages(pair, fields, texts)
    kind = _kind(pair)
    if kind == "changed" and not passages and not fields and not (counts.added or counts.removed):
        return None
    return DocumentChange(kind, pair.old, pair.new, fields, counts, passages, exposed)


def _kind(pair: _DocumentPair) -> DocumentChangeKind:
    if pair.old is None or pair.new is None:
        return "added" if pair.old is None else "removed"
    return "changed" if pair.old.id == pair.new.id else "renamed"


def _compare_passages(
    pair: _DocumentPair, fields: tuple[FieldChange, ...], texts: _Texts
) -> tuple[tuple[PassageChange, ...], PassageCounts, int]:
    """What became of the passages, and how many were exposed. ``fields`` is what changed for the whole document."""
    old_ids = {passage.id: passage for passage in pair.old_passages}
    new_ids = {passage.id: passage for passage in pair.new_passages}
    gone = [passage for passage in pair.old_passages if passage.id not in new_ids]
    come = [passage for passage in pair.new_passages if passage.id not in old_ids]
    kept = [(old_ids[passage.id], passage) for passage in pair.new_passages if passage.id in old_ids]
    if texts.old is None or texts.new is None:
        exposed = sum(_exposed(pair, one, other) for one, other in kept)
        return (), PassageCounts(added=len(come), removed=len(gone), unchanged=len(kept)), exposed
    found = pair_passages([texts.old[one.id] for one in gone], [texts.new[one.id] for one in come])
    old_outlines, new_outlines = {one.id: one for one in gone}, {one.id: one for one in come}
    changes, exposed = [], 0
    for one, other in kept:
        exposed += _exposed(pair, one, other)
        details = _own_changes(one, other, fields)
        if details:
            changes.append(PassageChange("details", texts.old[one.id], texts.new[other.id], details, _exposed(pair, one, other)))
    unchanged = len(kept) - len(changes)
    for match in found:
        change = _passage_change(pair, match, fields, old_outlines, new_outlines)
        exposed += change is None and _was_exposed(pair, match, old_outlines, new_outlines)
        unchanged += change is None
        if change is not None:
            changes.append(change)
            exposed += change.exposed
    return _in_order(changes), _count(changes, unchanged), exposed


def _passage_change(
    pair: _DocumentPair,
    match: PassagePair,
    fields: tuple[FieldChange, ...],
    old: Mapping[str, PassageOutline],
    new: Mapping[str, PassageOutline],
) -> PassageChange | None:
    """The change that ``match`` is; None for a passage that only got a new id, because its document was renamed."""
    if match.old is None or match.new is None:
        return PassageChange("added" if match.old is None else "removed", match.old, match.new)
    details = _own_changes(old[match.old.id], new[match.new.id], fields)
    exposed = _was_exposed(pair, match, old, new)
    if match.old.text == match.new.text and match.old.heading_path == match.new.heading_path:
        return PassageChange("details", match.old, match.new, details, exposed) if details else None
    if match.old.heading_path != match.new.heading_path:
        details = (*details, FieldChange("heading", match.old.heading_path, match.new.heading_path))
    return PassageChange("changed", match.old, match.new, details, exposed)


def _own_changes(old: PassageOutline, new: PassageOutline, fields: tuple[FieldChange, ...]) -> tuple[FieldChange, ...]:
    """What changed for this passage, and not in the same way for its whole document."""
    return tuple(one for one in field_changes(old, new) if one not in fields)


def _was_exposed(pair: _DocumentPair, match: PassagePair, old: Mapping[str, PassageOutline], new: Mapping[str, PassageOutline]) -> bool:
    return match.old is not None and match.new is not None and _exposed(pair, old[match.old.id], new[match.new.id])


def _exposed(pair: _DocumentPair, old: PassageOutline, new: PassageOutline) -> bool:
    return _audience(pair.old, old) == "internal" and _audience(pair.new, new) == "public"


def _audience(document: DocumentOutline | None, passage: PassageOutline) -> Audience:
    """Who may see a passage: its document must allow it too."""
    public = document is not None and document.scope.audience == passage.scope.audience == "public"
    return "public" if public else "internal"


def _in_order(changes: Sequence[PassageChange]) -> tuple[PassageChange, ...]:
    """By where they stand in the document, those that were removed by where they stood."""
    return tuple(sorted(changes, key=lambda change: (change.shown.start, change.new is None)))


def _count(changes: Sequence[PassageChange], unchanged: int) -> PassageCounts:
    kinds = [change.kind for change in changes]
    return PassageCounts(kinds.count("added"), kinds.count("changed"), kinds.count("removed"), kinds.count("details"), unchanged)


def _dated(outline: VersionOutline, field: str, first: date, last: date) -> tuple[DatedDocument, ...]:
    """What has its ``field`` between ``first`` and ``last``: whole documents, or passages with a day of their own."""
    found = []
    for document_id, document in outline.documents.items():
        own: date | None = getattr(document.scope, field)
        passages = outline.passages[document_id]
        if own is not None and first <= own <= last:
            found.append(DatedDocument(document, own, len(passages), whole=True))
        days = [day for passage in passages if (day := getattr(passage.scope, field)) not in (None, own)]
        for day in sorted({day for day in days if first <= day <= last}):
            found.append(DatedDocument(document, day, days.count(day), whole=False))
    return tuple(sorted(found, key=lambda one: (one.day, one.document.source, one.document.path)))


def _notes(old: Version | None, new: Version, texts: _Texts) -> Iterator[str]:
    if not texts.complete:
        yield f"More than {MOST_TEXTS:,} passages differ: they are counted, and their texts are not shown."
    if old is None:
        return
    for name in ("encoder_id", "chunker"):
        before, after = getattr(old.manifest, name), getattr(new.manifest, name)
        if before != after:
            yield f"The {name.removesuffix('_id')} changed from {before} to {after}."
