"""Files to documents and passages: parse in a child process, assemble, chunk, keep the original."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ingest.assemble import assemble
from ingest.chunk import chunk_document
from ingest.flagged import FlaggedPassage, flag_notes, flagged_passages
from ingest.forgetting import refusal
from ingest.ledger import fingerprint, late_mark
from ingest.parse.draft import Draft, FileInput
from ingest.parse.pool import ParserPool
from ingest.plan import PlannedFile
from ingest.source import RefusedFile
from kb.document import Document
from kb.errors import ParseError
from kb.forgotten import Forgotten
from kb.objects import ObjectStore
from kb.passage import Passage

SETTLING = 4
"""How often a file is read that changes meanwhile."""
SETTLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document with its passages. ``note`` says what could not be read of it; ``flagged`` are passages that speak to a model.

    Nothing is flagged in a document that was read on another night.
    """

    document: Document
    passages: tuple[Passage, ...]
    note: str | None = None
    flagged: tuple[FlaggedPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What one file gave. ``fingerprint`` is ``None`` if something in it was refused: then it is read again next time."""

    planned: PlannedFile
    documents: tuple[ReadDocument, ...]
    refused: tuple[RefusedFile, ...]
    fingerprint: str | None
    seconds: float


def read_files(
    files: Sequence[PlannedFile], pool: ParserPool, originals: ObjectStore, forgotten: Sequence[Forgotten] = ()
) -> Iterator[ReadFile]:
    """Reads all ``files``, several at once, and yields them in order. Bad and forgotten files give refusals, never an error."""
    with ThreadPoolExecutor(pool.workers) as threads:
        yield from threads.map(lambda planned: read_file(planned, pool, originals, forgotten), files)


def read_file(planned: PlannedFile, pool: ParserPool, originals: ObjectStore, forgotten: Sequence[Forgotten] = ()) -> ReadFile:
    """Reads one file. The originals of its documents are put into ``originals``."""
    started = time.monotonic()
    documents: list[ReadDocument] = []
    refused: list[RefusedFile] = []
    content = b""
    without = ""  # what was missing for pages that OCR could have read
    try:
        content = _content(planned)
        parsed = pool.parse(FileInput(planned.path, content))
    except ParseError as error:
        refused.append(RefusedFile(planned.path, str(error)))
    else:
        refused += [RefusedFile(refusal.path, refusal.reason) for refusal in parsed.refusals]
        for draft in parsed.drafts:
            without = "ocr" if draft.unread_pages else late_mark(pool.limits) if draft.late_pages else without
            path = planned.path if draft.path is None else draft.path
            try:
                documents.append(_document(planned, path, draft, content, originals, forgotten))
            except ParseError as error:
                refused.append(RefusedFile(path, str(error)))
    mark = None if refused else fingerprint(hashlib.sha256(content).hexdigest(), planned.outside, without)
    return ReadFile(planned, tuple(documents), tuple(refused), mark, time.monotonic() - started)


def _content(planned: PlannedFile) -> bytes:
    """What the file holds, once it has been the same twice. Raises ParseError.

    The plan saw it a while ago. Where it holds something else now, somebody is writing it, and half of a text looks like a whole one.
    """
    seen = planned.content_hash
    for _ in range(SETTLING):
        content = _bytes_of(planned.file)
        found = hashlib.sha256(content).hexdigest()
        if found == seen:
            return content
        seen = found
        time.sleep(SETTLE_SECONDS)
    raise ParseError("it is being written: it changed each time that it was read; the next run reads it again")


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ParseError(f"it cannot be read ({error.strerror})") from error


def _document(
    planned: PlannedFile, path: str, draft: Draft, content: bytes, originals: ObjectStore, forgotten: Sequence[Forgotten]
) -> ReadDocument:
    original = content if draft.span is None else content[slice(*draft.span)]
    content_hash = hashlib.sha256(original).hexdigest()
    reason = refusal(forgotten, planned.source, path, content_hash)
    if reason is not None:
        raise ParseError(reason)
    document = assemble(planned.source, path, draft, content_hash, planned.outside)
    passages = chunk_document(document)
    originals.put(original)
    flagged = flagged_passages(planned.source, path, passages)
    return ReadDocument(document, tuple(passages), "; ".join((*draft.notes, *flag_notes(flagged))) or None, flagged)
