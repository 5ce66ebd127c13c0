"""Taking documents out of every kept version, so that nothing on the disk holds them any more.

A version that holds one is written anew without it, under its own id, and takes the place of the old one in one step (see
kb/layout.py). A version that is damaged cannot be shown not to hold it, nor be served: it is emptied, and only its number stays.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace as with_changes
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from kb.document import DOCUMENT_ID, document_id
from kb.errors import KnowledgeBaseError, VersionDamagedError
from kb.retention import remove_unused_originals
from kb.staged_version import StagedVersion
from kb.store import VersionStore
from kb.store_writer import StoreWriter
from kb.version import Version

CarryFiles: TypeAlias = Callable[[Version, Path, frozenset[str]], None]
"""Writes into a staged folder what else the version holds, without the documents of these ids: ingest's ledger."""


@dataclass(frozen=True, slots=True)
class Purged:
    """The versions that were written anew, those that were damaged and are emptied now, and how many originals are gone."""

    rewritten: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    objects: int = 0


def document_ids(name: str) -> frozenset[str]:
    """The ids that ``name`` may stand for: an id itself, or a source and a path (of which either may hold slashes)."""
    if DOCUMENT_ID.fullmatch(name):
        return frozenset({name})
    cuts = [position for position, character in enumerate(name) if character == "/"]
    return frozenset(document_id(name[:cut], name[cut + 1 :]) for cut in cuts)


def purge(
    store: VersionStore,
    writer: StoreWriter,
    documents: frozenset[str],
    carry_files: CarryFiles,
    advance: Callable[[int], None] = lambda _: None,
) -> Purged:
    """Takes ``documents`` out of every kept version and out of the originals, oldest version first. Safe to do again after a crash.

    ``advance`` is told of each version.
    Raises VersionDamagedError if the current version is damaged, StorageFullError, StorageDeniedError; what was taken out until then
    stays out.
    """
    rewritten, emptied = [], []
    for version_id in reversed(store.version_ids()):
        advance(1)
        if store.is_empty(version_id):
            continue
        try:
            version = store.open(version_id)
        except VersionDamagedError as error:
            if version_id == store.current_id():
                raise VersionDamagedError(f"The current version is damaged, so nothing can be taken out of it. {error}") from error
            writer.empty_version(version_id)
            emptied.append(version_id)
            continue
        try:
            if rewrite_without(writer, version, documents, carry_files):
                rewritten.append(version_id)
        finally:
            version.close()
    objects, problem = remove_unused_originals(store)
    if problem is not None:
        raise KnowledgeBaseError(problem)
    return Purged(tuple(rewritten), tuple(emptied), objects)


def rewrite_without(writer: StoreWriter, version: Version, documents: frozenset[str], carry_files: CarryFiles) -> bool:
    """Replaces the version by a revision without ``documents``; False if it holds none of them."""
    gone = held_documents(version, documents)
    if not gone:
        return False
    staged = writer.stage_revision(version.manifest)
    write_without(writer, staged, version, gone, carry_files)
    writer.replace_version(staged)
    return True


def write_without(writer: StoreWriter, staged: StagedVersion, version: Version, gone: frozenset[str], carry_files: CarryFiles) -> None:
    """Writes and seals all of ``version`` but the documents ``gone`` as ``staged``. Vectors are copied, not computed."""
    kept = [row for row, passage in enumerate(version.passages(range(len(version.vectors)))) if passage.document_id not in gone]
    documents = (document for document in version.all_documents() if document.id not in gone)
    staged.write(documents, version.passages(kept), version.vectors[np.array(kept, np.int64)])
    carry_files(version, staged.path, gone)
    manifest, now = version.manifest, datetime.now(UTC).isoformat(timespec="seconds")
    writer.seal_as(
        staged,
        with_changes(
            manifest,
            id=staged.id,
            parent=staged.parent,
            sources=staged.contents.sources,
            counts=staged.contents.counts,
            files=staged.digests(),
            gate=None if manifest.gate is None else _without_texts(manifest.gate),
            forgotten={**manifest.forgotten, **dict.fromkeys(sorted(gone), now)},
        ),
    )


def _without_texts(gate: Mapping[str, Any]) -> dict[str, Any]:
    """A gate's result without what quotes questions and answers, and so perhaps the document; the name of what it asked stays."""
    kept = {key: value for key, value in gate.items() if key in ("passed", "forced")}
    details = gate.get("details")
    exam = details.get("exam") if isinstance(details, Mapping) else None
    return kept if exam is None else kept | {"details": {"exam": exam}}


def held_documents(version: Version, documents: Iterable[str]) -> frozenset[str]:
    """Those of ``documents`` (ids) that the version holds."""
    return frozenset(one for one in documents if version.has_document(one))
