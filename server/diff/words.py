"""What the parts of a difference are called, in the text and on the page alike."""

from eval.answer_changes import ChangeKind
from ingest.version_diff import DatedDocument, DocumentChange, DocumentChangeKind, FieldChange, FieldValue, PassageChangeKind

DOCUMENT_KINDS: dict[DocumentChangeKind, str] = {"changed": "Changed", "added": "Added", "renamed": "Renamed", "removed": "Removed"}
PASSAGE_KINDS: dict[PassageChangeKind, str] = {
    "added": "added",
    "changed": "changed",
    "removed": "removed",
    "details": "same text, new details",
}
ANSWER_KINDS: dict[ChangeKind, str] = {
    "declined": "no longer answered",
    "answered": "now answered",
    "text": "answered differently",
    "sources": "same words, other sources",
}
_FIELDS = {
    "audience": "audience",
    "regions": "regions",
    "channels": "channels",
    "products": "products",
    "effective_from": "in force from",
    "effective_to": "in force until",
    "supersedes": "supersedes",
    "title": "title",
    "language": "language",
    "public_url": "public address",
    "heading": "heading",
}
_UNRESTRICTED = {"regions": "everywhere", "channels": "all channels", "products": "all products"}


def field_name(change: FieldChange) -> str:
    """What the property is called."""
    return _FIELDS.get(change.field, change.field)


def field_value(change: FieldChange, value: FieldValue) -> str:
    """A value as a reader takes it: an empty list of regions means everywhere."""
    if not value:
        return _UNRESTRICTED.get(change.field, "none")
    separator = " › " if change.field == "heading" else ", "
    return value if isinstance(value, str) else separator.join(value)


def passages_line(change: DocumentChange) -> str:
    """The counts of a document's passages that are not zero."""
    counts = change.counts.to_json()
    told = [f"{counts[name]} {PASSAGE_KINDS[name]}" for name in ("added", "changed", "removed", "details") if counts[name]]
    return "passages: " + ", ".join(told) if told else "no passage changed"


def exposure(change: DocumentChange) -> str:
    """What the public can see that it could not, in a sentence."""
    if any((one.field, one.old, one.new) == ("audience", "internal", "public") for one in change.fields):
        return f"The document was internal and is public now ({change.exposed} of its former passages)."
    return f"{change.exposed} internal {'passage is' if change.exposed == 1 else 'passages are'} public now."


def dated_line(dated: DatedDocument) -> str:
    """How much of a document begins or ends on its day."""
    return "the whole document" if dated.whole else f"{dated.passages} of its passages"
