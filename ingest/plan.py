"""The plan of a run: which files must be parsed, which documents can be taken from the live version."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.ledger import Ledger, LedgerEntry, fingerprint, late_mark
from ingest.metadata import Metadata
from ingest.parse.limits import Limits
from ingest.parse.scan import can_recognise
from ingest.skipped import SkippedFile
from ingest.source import Listing, RefusedFile, SourceFile
from kb.errors import ParseError

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to parse. ``outside`` is what the folders say about it, ``content_hash`` what it held when the plan was made."""

    source: str
    path: str
    file: Path
    content_hash: str
    outside: Metadata


@dataclass(frozen=True, slots=True)
class ReusedFile:
    """A file whose documents are taken from the live version."""

    path: str
    entry: LedgerEntry


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What is to be done with one source, and what was refused already."""

    source: str
    files: tuple[PlannedFile, ...]
    reused: tuple[ReusedFile, ...]
    refused: tuple[RefusedFile, ...]
    skipped: tuple[SkippedFile, ...] = ()


def plan_source(
    listing: Listing, ledger: Ledger, live_paths: frozenset[str], limits: Limits, advance: Callable[[int], None] | None = None
) -> SourcePlan:
    """Compares what a source holds with ``ledger``. ``live_paths`` are the source's documents in the live version.

    What a `_scope.yaml` says is to be skipped is neither read nor refused; what it gave before is gone, as that of a file that is gone.
    """
    listing = listing.without_skipped()
    files: list[PlannedFile] = []
    reused: list[ReusedFile] = []
    refused = [replace(one, outside=_outside(listing, one.path)) for one in listing.refused]
    missing = ["", late_mark(limits)] if can_recognise(limits) else ["", late_mark(limits), "ocr"]
    for found in listing.files:
        try:
            planned = _plan_file(listing, found, limits)
        except ParseError as error:
            refused.append(RefusedFile(found.path, str(error), _outside(listing, found.path)))
        else:
            entry = ledger.entry(listing.source, found.path)
            if entry is not None and _is_current(entry, planned, live_paths, missing):
                reused.append(ReusedFile(found.path, entry))
            else:
                files.append(planned)
        if advance is not None:
            advance(1)
    return SourcePlan(listing.source, tuple(files), tuple(reused), tuple(refused), listing.skipped)


def _is_current(entry: LedgerEntry, planned: PlannedFile, live_paths: frozenset[str], missing: Sequence[str]) -> bool:
    """Whether the live documents are what reading the file would give. ``missing`` are the marks of what still is not there."""
    marks = [fingerprint(planned.content_hash, planned.outside, without) for without in missing]
    return entry.fingerprint in marks and live_paths.issuperset(entry.documents)


def _plan_file(listing: Listing, found: SourceFile, limits: Limits) -> PlannedFile:
    outside = listing.scopes.metadata(found.path)
    return PlannedFile(listing.source, found.path, found.file, _hash(found.file, limits), outside)


def _outside(listing: Listing, path: str) -> Metadata:
    """What the folders say about the refused file at ``path``; nothing where a broken `_scope.yaml` is why it was refused."""
    try:
        return listing.scopes.metadata(path)
    except ParseError:
        return Metadata()


def _hash(file: Path, limits: Limits) -> str:
    digest = hashlib.sha256()
    size = 0
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if size > limits.largest_file:
                    raise ParseError(f"it is larger than {limits.largest_file >> 20} MiB; split it")
    except OSError as error:
        raise ParseError(f"it cannot be read ({error.strerror})") from error
    return digest.hexdigest()
