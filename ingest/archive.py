"""Zip archives as sources: looked over, then unpacked under names of our own, and listed like the folder they hold."""

import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ingest.archive_names import entry_names
from ingest.folder import is_hidden, is_no_document, normal_path, rules_beside, sort_entries, wrong_ending
from ingest.parse.limits import MEBIBYTE
from ingest.scope_file import MISSPELT, FolderScope, ScopeTree
from ingest.skipped import SkippedFile
from ingest.source import Listing, RefusedFile, SourceSpec
from ingest.source_area import SourceArea
from kb.errors import SourceError
from kb.files import disk_errors, make_folder, write_file
from kb.text.printable import is_printable_name

CHUNK = 1 << 16
DIRECTORY_BYTES = 512  # for one entry in the table of contents, whose name fills most of it
FARTHEST_END = 65_535 + 22 + 20 + 56  # a comment, and the records that end an archive, the 64-bit ones too
NOT_HERE = 0xFFFFFFFF
_DIRECTORY_SIZES = ((b"PK\x05\x06", 12, "<L"), (b"PK\x06\x06", 40, "<Q"))
_DAMAGE = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What one archive may hold: entries, bytes when unpacked, and how many times an entry of more than a mebibyte may inflate."""

    entries: int = 20_000
    inflated: int = 4096 * MEBIBYTE
    ratio: int = 200


DEFAULT_ARCHIVE_LIMITS = ArchiveLimits()


class UnusableArchiveError(SourceError):
    """An archive that is not read, and the ``reason``: a clause that begins in lower case. ``exceeds``: it holds more than is allowed."""

    def __init__(self, archive: Path, reason: str, exceeds: bool = False) -> None:
        super().__init__(f"The archive {archive} cannot be used: {reason}. Nothing was changed.")
        self.reason = reason
        self.exceeds = exceeds


@dataclass(frozen=True, slots=True)
class _Entry:
    info: zipfile.ZipInfo
    path: str


def list_archive(spec: SourceSpec, area: SourceArea, limits: ArchiveLimits = DEFAULT_ARCHIVE_LIMITS) -> Listing:
    """What the archive of ``spec`` holds, unpacked into the area's folder. Paths in it are the documents' paths.

    Raises SourceError if the archive cannot be used; StorageFullError, StorageDeniedError.
    """
    listing = unpack_archive(spec.path, spec.name, area.folder, limits)
    return replace(listing, scopes=_under(rules_beside(spec.path), normal_path(spec.path.name), listing.scopes))


def unpack_archive(file: Path, source: str, folder: Path, limits: ArchiveLimits = DEFAULT_ARCHIVE_LIMITS) -> Listing:
    """What the archive ``file`` holds, unpacked into ``folder``, as files of ``source``.

    Only what can become a document is unpacked; an archive within is refused by name. Sizes are counted while reading: those in the
    headers are the sender's claim. Raises UnusableArchiveError if the archive is damaged, encrypted, too large, or holds links or names
    that leave it; StorageFullError, StorageDeniedError.
    """
    with _damage(file):
        _check_directory(file, limits)
        archive = zipfile.ZipFile(file)
    with archive:
        entries = _check_entries(file, archive.infolist(), limits)
        listed = [entry for entry in entries if not any(is_hidden(part) for part in PurePosixPath(entry.path).parts)]
        wanted = [entry for entry in listed if _is_wanted(entry.path)]
        staged = _unpack(file, archive, wanted, folder, limits)
        listing = sort_entries(source, staged, folder)
    rest = [entry.path for entry in listed if not _is_wanted(entry.path)]
    refused = [RefusedFile(path, reason) for path in rest if (reason := wrong_ending(path)) is not None]
    skipped = tuple(SkippedFile.at(path) for path in rest if wrong_ending(path) is None)
    return replace(listing, refused=(*listing.refused, *refused), skipped=skipped)


def _check_directory(archive: Path, limits: ArchiveLimits) -> None:
    """Refuses a table of contents that could not be read without filling the memory: the zip reader takes it whole, however long."""
    with archive.open("rb") as file:
        file.seek(-min(archive.stat().st_size, FARTHEST_END), os.SEEK_END)
        tail = file.read()
    found = [(tail.rfind(mark) + offset, form) for mark, offset, form in _DIRECTORY_SIZES if mark in tail]
    sizes = [struct.unpack_from(form, tail, at)[0] for at, form in found if at + struct.calcsize(form) <= len(tail)]
    if max((size for size in sizes if size != NOT_HERE), default=0) > limits.entries * DIRECTORY_BYTES:
        raise _too_many(archive, "far more than", limits)


def _check_entries(archive: Path, infos: Sequence[zipfile.ZipInfo], limits: ArchiveLimits) -> list[_Entry]:
    """The files in the archive, sorted by path, after everything that can be told before unpacking was looked at."""
    if len(infos) > limits.entries:
        raise _too_many(archive, f"{len(infos):,} entries, more than", limits)
    if sum(info.file_size for info in infos) > limits.inflated:
        raise _too_large(archive, limits)
    entries: dict[str, _Entry] = {}
    for info, name in zip(infos, entry_names(infos), strict=True):
        _check_entry(archive, info, name)
        if name.endswith("/"):
            continue
        path = PurePosixPath(normal_path(name)).as_posix()
        if path in entries:
            raise _unusable(archive, f"it holds two files called {path!r}; make it anew")
        entries[path] = _Entry(info, path)
    return [entries[path] for path in sorted(entries)]


def _check_entry(archive: Path, info: zipfile.ZipInfo, name: str) -> None:
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or (len(parts[0]) > 1 and parts[0][1] == ":"):
        raise _unusable(archive, f"it holds an entry that points outside of it: {name!r}")
    if not name.strip("/") or not is_printable_name(name):
        raise _unusable(archive, f"it holds an entry whose name cannot be used: {name!r}; rename it")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _unusable(archive, f"{name!r} in it is a link or no regular file; put the file itself into the archive")
    if info.flag_bits & 1:
        raise _unusable(archive, "it is encrypted; save it without a password")


def _is_wanted(path: str) -> bool:
    is_rules = PurePosixPath(path).name.casefold() in MISSPELT
    return is_rules or (wrong_ending(path) is None and not is_no_document(path))


def _unpack(
    path: Path, archive: zipfile.ZipFile, entries: Sequence[_Entry], folder: Path, limits: ArchiveLimits
) -> list[tuple[Path, str]]:
    """Writes the entries into ``folder`` as numbered files: no name from the archive ever names a file on this disk."""
    left = limits.inflated
    staged: list[tuple[Path, str]] = []
    with disk_errors(folder, sum(entry.info.file_size for entry in entries)):
        make_folder(folder)
        for number, entry in enumerate(entries):
            target = folder / f"{number:06d}"
            left -= write_file(target, _chunks(path, archive, entry, left, limits)).size
            staged.append((target, entry.path))
    return staged


def _chunks(path: Path, archive: zipfile.ZipFile, entry: _Entry, left: int, limits: ArchiveLimits) -> Iterator[bytes]:
    """The content of an entry. Raises SourceError once it is more than ``left`` or inflates too well."""
    size = 0
    allowed = max(MEBIBYTE, limits.ratio * max(entry.info.compress_size, 1))
    with _damage(path), archive.open(entry.info) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > left:
                raise _too_large(path, limits)
            if size > allowed:
                raise _unusable(path, f"{entry.path!r} in it inflates more than {limits.ratio} times, as no sound file does")
            yield chunk


def _under(outer: FolderScope, name: str, inner: ScopeTree) -> ScopeTree:
    """The archive's own rules, with those of the folder in which the archive called ``name`` lies around them."""
    own = inner.folders.get(".", FolderScope())
    around = outer.files[name].over(outer.rules) if name in outer.files else outer.rules
    root = replace(own, rules=own.rules.over(around), problem=outer.problem or own.problem)
    return ScopeTree({**inner.folders, ".": root})


@contextmanager
def _damage(archive: Path) -> Iterator[None]:
    """Translates what the zip reader raises into an error that names the archive."""
    try:
        yield
    except PermissionError as error:
        raise _unusable(archive, f"it cannot be read ({error.strerror}); give access to it") from error
    except _DAMAGE as error:
        raise _unusable(archive, f"it is damaged or no zip archive ({error}); make or fetch it anew") from error


def _too_large(archive: Path, limits: ArchiveLimits) -> UnusableArchiveError:
    return UnusableArchiveError(archive, f"it unpacks to more than {limits.inflated // MEBIBYTE} MiB; split it", exceeds=True)


def _unusable(archive: Path, reason: str) -> UnusableArchiveError:
    return UnusableArchiveError(archive, reason)


def _too_many(archive: Path, entries: str, limits: ArchiveLimits) -> UnusableArchiveError:
    return UnusableArchiveError(archive, f"it holds {entries} the {limits.entries:,} entries allowed; split it", exceeds=True)
