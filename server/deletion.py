"""The proof that a document is gone: no trace in the version that answers, and a list of where it is still kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.forgetting import Holding, find_holdings
from ingest.ledger import read_ledger
from kb.deletion import Remains, remains_of, traces_of
from kb.document import document_id
from kb.forgetting import document_ids
from kb.forgotten import read_forgotten
from kb.store import VersionStore
from kb.version import Version
from server.backup.made import made_backups


@dataclass(frozen=True, slots=True)
class DeletionProof:
    """``traces`` of a document in ``version``, sentences; none if it was deleted. ``kept`` lists what still holds it, by kind.

    ``known``: an older version holds it, so its passages, vectors and words could be looked for too. ``forgotten`` tells when, by whom
    and why it was, if it was. ``sources`` are the version's.
    """

    version: str
    traces: tuple[str, ...]
    known: bool
    kept: Mapping[str, Sequence[str]]
    forgotten: str | None
    sources: Sequence[str]

    @property
    def recorded(self) -> bool:
        """Whether anything here has or had the document. If not, its name may be a slip of the pen, and the proof one of nothing."""
        return bool(self.traces or self.known or self.kept["backups"] or self.forgotten)


def prove_deleted(store: VersionStore, version_id: str | None, name: str) -> DeletionProof:
    """Looks for the document ``name`` (an id, or source and path) in a version, the current one if None.

    Raises NoVersionError, VersionNotFoundError, VersionDamagedError.
    """
    documents = document_ids(name)
    version = store.open_current() if version_id is None else store.open(version_id)
    try:
        holdings = [one for one in find_holdings(store, documents) if one.version != version.id]
        traces = tuple(_traces(store, version, documents, holdings))
        kept, forgotten = _kept(store, documents, holdings), _forgotten(store, documents)
        return DeletionProof(version.id, traces, bool(holdings), kept, forgotten, sorted(version.manifest.sources))
    finally:
        version.close()


def _traces(store: VersionStore, version: Version, documents: frozenset[str], holdings: Sequence[Holding]) -> Iterator[str]:
    for document in sorted(documents):
        yield from traces_of(version, document, [_remains(store, one) for one in holdings if one.document == document])
    for source, files in read_ledger(version.path).sources.items():
        for path, entry in files.items():
            if any(document_id(source, one) in documents for one in entry.documents):
                yield f"The ledger of version {version.id} names it under the file {path!r}."


def _remains(store: VersionStore, holding: Holding) -> Remains:
    older = store.open(holding.version, verify=False)
    try:
        return remains_of(older, holding.document)
    finally:
        older.close()


def _forgotten(store: VersionStore, documents: frozenset[str]) -> str | None:
    for one in read_forgotten(store.layout):
        if one.document in documents:
            return f"{one.when}, by {one.who} ({one.why})"
    return None


def _kept(store: VersionStore, documents: frozenset[str], holdings: Sequence[Holding]) -> dict[str, list[str]]:
    held = {backup.place: backup.holds(documents) for backup in made_backups(store.data)}
    return {
        "versions": [one.version for one in holdings],
        "originals": sorted({one.content for one in holdings if store.objects.has(one.content)}),
        "backups": [path for path, answer in held.items() if answer == "yes"],
        "backups out of reach": [path for path, answer in held.items() if answer == "unknown"],
    }
