"""One source's documents in the next version: new and changed ones, unchanged ones, and those kept because their file failed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.ledger import Ledger, LedgerEntry, current_reader
from ingest.metadata import Metadata
from ingest.plan import SourcePlan
from ingest.read import ReadDocument, ReadFile
from ingest.report import FileReport, FileState
from ingest.source import RefusedFile
from kb.document import Document, document_id
from kb.errors import SourceError
from kb.passage import Passage
from kb.version import Version

KEPT = "kept yesterday's"


@dataclass(slots=True)
class SourceContent:
    """What one source, read at ``place``, gives to the next version.

    ``lost`` are the paths of documents that are gone, ``kept`` those of live documents that stay because their file (the key) failed.
    ``reader`` is what read its files (`current_reader`); ``by_another`` says that in the live version another did.
    """

    source: str
    place: str = ""
    reader: str = ""
    by_another: bool = False
    documents: dict[str, ReadDocument] = field(default_factory=dict)
    reports: list[FileReport] = field(default_factory=list)
    ledger: dict[str, LedgerEntry] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    lost: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the next version would differ from the live one in this source."""
        return bool(self.added or self.changed or self.lost)

    @property
    def read_anew(self) -> bool:
        """Whether files were read again only because the parsers have changed. Unless a version remembers it, so they are every night."""
        return self.by_another and not self.differs


class LiveSource:
    """A source's documents in the live version (none at the first run)."""

    def __init__(self, source: str, live: Version | None) -> None:
        self.source = source
        self._live = live
        documents = () if live is None else live.all_documents(source)
        self.hashes: Mapping[str, str] = {document.path: document.content_hash for document in documents}

    def read(self, path: str) -> ReadDocument | None:
        """The document at ``path`` with its passages, or ``None``."""
        if self._live is None or path not in self.hashes:
            return None
        key = document_id(self.source, path)
        document = self._live.document(key)
        return None if document is None else ReadDocument(document, tuple(self._live.passages_of(key)))


def mirror_source(plan: SourcePlan, read: Sequence[ReadFile], old: LiveSource, ledger: Ledger, place: str = "") -> SourceContent:
    """Brings together what was read, reused and refused. ``ledger`` is the live version's, ``place`` where the source lies."""
    content = SourceContent(plan.source, place, current_reader())
    content.by_another = bool(read and old.hashes) and ledger.readers.get(plan.source) != content.reader
    for reused in plan.reused:
        for path in reused.entry.documents:
            _take_unchanged(content, old, path)
        content.ledger[reused.path] = reused.entry
    twice = [(refused, file.seconds) for file in read for refused in _take_read(content, file, old)]
    for file in read:
        if file.refused:
            taken = [item.document.path for item in file.documents if content.documents[item.document.path] is item]
            _keep(content, file.planned.path, taken, old, ledger, file.planned.outside)
    for refused in plan.refused:
        _keep(content, refused.path, [], old, ledger, refused.outside)
    failures = [(refused, 0.0) for refused in plan.refused] + [(refused, file.seconds) for file in read for refused in file.refused]
    for refused, seconds in (*failures, *twice):
        _report_refusal(content, refused, seconds)
    content.documents = dict(sorted(content.documents.items()))  # the order of a full build, whatever was reused
    content.lost = tuple(path for path in old.hashes if path not in content.documents)
    content.reports.sort(key=lambda report: (report.path, report.state))
    return content


def carry_source(source: str, live: Version, ledger: Ledger) -> SourceContent:
    """A source that was not given: all its documents as they are."""
    files = dict(ledger.sources.get(source, {}))
    content = SourceContent(source, ledger.places.get(source, ""), ledger.readers.get(source, ""), ledger=files)
    for document in live.all_documents(source):
        content.documents[document.path] = ReadDocument(document, tuple(live.passages_of(document.id)))
    return content


def check_loss(content: SourceContent, old: LiveSource, confirmed: frozenset[str]) -> None:
    """Raises SourceError if more than half of a source's documents are gone. One that only moved within it is not lost."""
    present = {item.document.content_hash for item in content.documents.values()}
    lost = [path for path in content.lost if old.hashes[path] not in present]
    if len(lost) * 2 > len(old.hashes) and content.source not in confirmed:
        raise SourceError(
            f"The source {content.source!r} lost {len(lost)} of its {len(old.hashes)} documents ({_some(lost)}). Nothing was changed. "
            f"Check that its folder is complete and mounted; if they are meant to go, run again with --confirm-loss {content.source}."
        )


def check_place(content: SourceContent, old: LiveSource, before: str, confirmed: frozenset[str]) -> None:
    """Raises SourceError if a source read at another place than ``before`` holds other documents: two folders of one name, most likely.

    A source that moved keeps most of its documents as they are.
    """
    if not before or content.place == before or content.source in confirmed:
        return
    present = {item.document.content_hash for item in content.documents.values()}
    same = sum(found in present for found in old.hashes.values())
    if same * 2 < len(old.hashes):
        raise SourceError(
            f"The source {content.source!r} was read from {before} before. Now it is {content.place}, and {len(old.hashes) - same} of its "
            f"{len(old.hashes)} documents are not the same. Nothing was changed. If these are two sources, give one another name (--name); "
            f"if one has taken the other's place, run again with --confirm-loss {content.source}."
        )


def _take_unchanged(content: SourceContent, old: LiveSource, path: str) -> None:
    item = old.read(path)
    if item is not None:
        content.documents[path] = item
        content.unchanged += 1
        content.reports.append(FileReport(content.source, path, "unchanged", None, len(item.passages)))


def _take_read(content: SourceContent, file: ReadFile, old: LiveSource) -> Iterator[RefusedFile]:
    """Adds a file's documents; yields those whose path another document has already."""
    taken: list[str] = []
    share = file.seconds / max(1, len(file.documents))
    for item in file.documents:
        path = item.document.path
        if path in content.documents:
            yield RefusedFile(path, f"another file of the source has a document {path!r} already; the first one is kept")
            continue
        taken.append(path)
        content.documents[path] = item
        state = _count(content, item, old.read(path))
        content.reports.append(FileReport(content.source, path, state, item.note, len(item.passages), round(share, 4)))
    if file.fingerprint is not None and len(taken) == len(file.documents):
        content.ledger[file.planned.path] = LedgerEntry(file.fingerprint, tuple(taken))


def _count(content: SourceContent, item: ReadDocument, before: ReadDocument | None) -> FileState:
    if before is None:
        content.added += 1
        return "ingested"
    if (before.document, before.passages) == (item.document, item.passages):
        content.unchanged += 1
        return "unchanged"
    content.changed += 1
    return "ingested"


def _keep(content: SourceContent, file: str, taken: Sequence[str], old: LiveSource, ledger: Ledger, outside: Metadata) -> None:
    """Keeps the live documents of a ``file`` of which something was refused, but those that were ``taken`` anew.

    Nobody knows which of them the refused part was, so all stay. Where the folder has become internal, so do they. The ledger
    remembers whose they are, under a fingerprint that no file has: next time the file is read again. Of an archive that cannot be opened
    the files are those that were in it.
    """
    content.kept[file] = _keep_documents(content, file, taken, old, ledger, outside)
    for within in ledger.sources.get(content.source, {}):
        if within.startswith(f"{file}/"):
            content.kept[file] += _keep_documents(content, within, [], old, ledger, outside)


def _keep_documents(
    content: SourceContent, file: str, taken: Sequence[str], old: LiveSource, ledger: Ledger, outside: Metadata
) -> list[str]:
    """Keeps the live documents of one ``file`` and returns their paths."""
    entry = ledger.entry(content.source, file)
    kept = []
    for path in (file,) if entry is None else entry.documents:
        item = old.read(path)
        if item is None or path in content.documents:
            continue
        content.documents[path] = _make_internal(item) if outside.audience == "internal" else item
        content.changed += content.documents[path] != item
        kept.append(path)
    if taken or kept:
        content.ledger[file] = LedgerEntry("", (*taken, *kept))
    return kept


def _report_refusal(content: SourceContent, refused: RefusedFile, seconds: float) -> None:
    everything = {path for paths in content.kept.values() for path in paths}
    kept = content.kept.get(refused.path) or [path for path in (refused.path,) if path in everything]
    passages = sum(len(content.documents[path].passages) for path in kept)
    reason = f"{refused.reason}; {KEPT}" if kept else refused.reason
    content.reports.append(FileReport(content.source, refused.path, "failed", reason, passages, round(seconds, 4)))


def _make_internal(item: ReadDocument) -> ReadDocument:
    document = item.document
    blocks = tuple(
        block if block.scope is None else replace(block, scope=replace(block.scope, audience="internal")) for block in document.blocks
    )
    narrowed: Document = replace(document, scope=replace(document.scope, audience="internal"), blocks=blocks)
    passages: tuple[Passage, ...] = tuple(replace(passage, scope=replace(passage.scope, audience="internal")) for passage in item.passages)
    return replace(item, document=narrowed, passages=passages)


def _some(paths: Sequence[str]) -> str:
    return ", ".join(paths[:3]) + (", …" if len(paths) > 3 else "")
