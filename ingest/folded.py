"""Zip archives that lie in a folder: read as the folders that they hold, each failing by itself."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ingest.archive import DEFAULT_ARCHIVE_LIMITS, ArchiveLimits, UnusableArchiveError, unpack_archive
from ingest.parse.limits import MEBIBYTE
from ingest.scope_file import FolderScope, ScopeTree
from ingest.skipped import SkippedFile
from ingest.source import Listing, RefusedFile, SourceFile


def with_archives(listing: Listing, folder: Path, limits: ArchiveLimits = DEFAULT_ARCHIVE_LIMITS) -> Listing:
    """``listing`` with what its archives hold, unpacked below ``folder``; the path of ``a.md`` in ``x.zip`` is ``x.zip/a.md``.

    ``limits`` are those of all of them together. An archive that cannot be used is refused like any other file. Raises StorageFullError,
    StorageDeniedError.
    """
    listing = listing.without_skipped()
    whole, left = replace(listing, archives=()), limits
    for number, archive in enumerate(listing.archives):
        area = folder / f"{number:06d}"
        try:
            inner = unpack_archive(archive.file, listing.source, area, left)
        except UnusableArchiveError as error:
            shutil.rmtree(area, ignore_errors=True)  # what it unpacked before; the next writer sweeps what may be left
            shared = f" (the archives of one source share {limits.inflated // MEBIBYTE:,} MiB and {limits.entries:,} entries)"
            reason = error.reason + (shared if error.exceeds and left != limits else "")
            whole = replace(whole, refused=(*whole.refused, RefusedFile(archive.path, reason)))
            continue
        used = sum(file.file.stat().st_size for file in inner.files)
        left = replace(left, inflated=max(0, left.inflated - used), entries=max(0, left.entries - len(inner.paths)))
        whole = _joined(whole, archive.path, inner)
    return whole


def _joined(whole: Listing, path: str, inner: Listing) -> Listing:
    """``whole`` with the files of ``inner``, the archive at ``path``."""
    return replace(
        whole,
        files=(*whole.files, *(SourceFile(f"{path}/{file.path}", file.file) for file in inner.files)),
        refused=(*whole.refused, *(RefusedFile(f"{path}/{file.path}", file.reason) for file in inner.refused)),
        skipped=tuple(sorted((*whole.skipped, *(SkippedFile(f"{path}/{file.path}", file.kind) for file in inner.skipped)))),
        scopes=ScopeTree({**whole.scopes.folders, **_placed(whole.scopes, path, inner.scopes)}),
    )


def _placed(outer: ScopeTree, path: str, inner: ScopeTree) -> Mapping[str, FolderScope]:
    """The rules of the archive at ``path`` by their place in the source; what a ``files:`` entry says of the archive stands around them."""
    own = inner.folders.get(".", FolderScope())
    root = replace(own, rules=own.rules.over(outer.entry(path)))
    return {path: root, **{f"{path}/{folder}": scope for folder, scope in inner.folders.items() if folder != "."}}
