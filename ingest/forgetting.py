"""Forgetting documents: out of every kept version, its ledger and the originals, and kept from coming back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.ledger import LEDGER_NAME, Ledger, LedgerEntry, read_ledger, write_ledger
from ingest.progress import ProgressListener, SilentProgress
from kb.document import document_id
from kb.document_summary import DocumentName
from kb.errors import KnowledgeBaseError, VersionDamagedError, VersionNotFoundError
from kb.forgetting import Purged, purge
from kb.forgotten import Forgotten, read_forgotten, write_forgotten
from kb.store import VersionStore
from kb.store_writer import StoreWriter
from kb.version import Version


@dataclass(frozen=True, slots=True)
class Holding:
    """A kept version that holds a document: its name there and the hash of its content."""

    version: str
    document: str
    name: DocumentName
    content: str


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What came of it. ``twins`` are other documents with the same content, which stay."""

    documents: frozenset[str]
    purged: Purged
    twins: tuple[Holding, ...]


def find_holdings(store: VersionStore, documents: frozenset[str]) -> tuple[Holding, ...]:
    """Where the documents with these ids are kept, newest version first. Damaged versions are passed over."""
    found = []
    for version in _sound_versions(store):
        for one in sorted(documents):
            document = version.document(one)
            if document is not None:
                found.append(Holding(version.id, one, DocumentName(document.source, document.path), document.content_hash))
    return tuple(found)


def forget(
    store: VersionStore, writer: StoreWriter, holdings: Iterable[Holding], who: str, why: str, progress: ProgressListener | None = None
) -> Forgetting:
    """Forgets the documents of ``holdings`` everywhere. Killed at any instruction, the next writer or the same command finishes it.

    Raises VersionDamagedError, StorageFullError, StorageDeniedError.
    """
    held = list(holdings)
    documents = frozenset(one.document for one in held)
    twins = _twins(store, documents, frozenset(one.content for one in held))
    shared = {twin.content for twin in twins}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    contents = sorted({(one.document, one.content) for one in held})
    entries = [Forgotten(document, None if content in shared else content, now, who, why, False) for document, content in contents]
    others = [entry for entry in read_forgotten(store.layout) if (entry.document, entry.content) not in contents]
    write_forgotten(store.layout, [*others, *entries])
    return Forgetting(documents, finish_forgetting(store, writer, progress), twins)


def finish_forgetting(store: VersionStore, writer: StoreWriter, progress: ProgressListener | None = None) -> Purged:
    """Finishes what a killed `forget` began. Costs the reading of one small file when there is nothing to finish."""
    entries = read_forgotten(store.layout)
    pending = frozenset(entry.document for entry in entries if not entry.done)
    if not pending:
        return Purged()
    listener = progress or SilentProgress()
    listener.phase("forget", len(store.version_ids()))
    purged = purge(store, writer, pending, carry_ledger, listener.advance)
    listener.done()
    write_forgotten(store.layout, [replace(entry, done=True) for entry in entries])
    return purged


def remember(store: VersionStore, documents: frozenset[str]) -> int:
    """Lets the documents with these ids come back at the next ingest; returns how many entries that were. Under the writer's lock."""
    entries = read_forgotten(store.layout)
    left = [entry for entry in entries if entry.document not in documents]
    if any(not entry.done for entry in entries if entry.document in documents):
        raise KnowledgeBaseError("The forgetting of this document was cut short. Finish it first: run the same `citedesk forget` again.")
    if len(left) < len(entries):
        write_forgotten(store.layout, left)
    return len(entries) - len(left)


def refusal(forgotten: Iterable[Forgotten], source: str, path: str, content: str) -> str | None:
    """Why a document that is in a source again may not come back, or None if it may."""
    key = document_id(source, path)
    entry = next((one for one in forgotten if one.matches(key, content)), None)
    if entry is None:
        return None
    return f"it was forgotten on {entry.when[:10]}; `citedesk forget --remember {entry.document}` lets it come back"


def carry_ledger(version: Version, folder: Path, gone: frozenset[str]) -> None:
    """Writes the ledger of ``version`` into the staged ``folder``, without the documents ``gone`` (a `kb.forgetting.CarryFiles`).

    A file that loses its only document loses its entry; nothing of it is left.
    """
    if LEDGER_NAME not in version.manifest.files:
        return
    ledger = read_ledger(version.path)
    left = {source: _without(source, files.items(), gone) for source, files in ledger.sources.items()}
    places = {source: place for source, place in ledger.places.items() if left.get(source)}  # that of a lone file names the document
    write_ledger(folder, Ledger(left, places, ledger.readers))


def _without(source: str, files: Iterable[tuple[str, LedgerEntry]], gone: frozenset[str]) -> dict[str, LedgerEntry]:
    left = {}
    for path, entry in files:
        documents = tuple(one for one in entry.documents if document_id(source, one) not in gone)
        if documents or not entry.documents:
            left[path] = replace(entry, documents=documents)
    return left


def _twins(store: VersionStore, documents: frozenset[str], contents: frozenset[str]) -> tuple[Holding, ...]:
    return tuple(
        Holding(version.id, document.id, DocumentName(document.source, document.path), document.content_hash)
        for version in _sound_versions(store)
        if contents & version.content_hashes()
        for document in version.all_documents()
        if document.content_hash in contents and document.id not in documents
    )


def _sound_versions(store: VersionStore) -> Iterable[Version]:
    for version_id in store.version_ids():
        try:
            version = store.open(version_id, verify=False)
        except (VersionDamagedError, VersionNotFoundError):
            continue  # whoever needs all of them opens them again and is told
        try:
            yield version
        finally:
            version.close()
