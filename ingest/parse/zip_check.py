"""Zip containers (XLSX): looked over before anything is unpacked, by counting what really comes out."""

import io
import zipfile
from pathlib import PurePosixPath

from ingest.parse.limits import MEBIBYTE, Limits
from kb.errors import ParseError

CHUNK = 1 << 16


def check_zip(content: bytes, limits: Limits) -> None:
    """Raises ParseError if ``content`` is no zip file, is encrypted, or would unpack to more than ``limits`` allow.

    Sizes are counted while reading: the sizes in the headers are the sender's claim.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > limits.zip_entries:
                raise ParseError(f"the file holds {len(entries):,} entries, more than the {limits.zip_entries:,} allowed")
            _check_claims(entries, limits)
            left = limits.zip_inflated
            for entry in entries:
                left -= _inflated(archive, entry, left, limits)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise ParseError(f"the file is damaged ({error})") from error


def _check_claims(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts:
            raise ParseError(f"the file holds an entry that points outside of it: {entry.filename!r}")
        if entry.flag_bits & 1:
            raise ParseError("the file is encrypted; save it without a password")
        if path.suffix.lower() in (".zip", ".xlsx", ".docx", ".7z", ".rar"):
            raise ParseError(f"the file holds another archive: {entry.filename!r}")
    if sum(entry.file_size for entry in entries) > limits.zip_inflated:
        raise _too_large(limits)


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """The entry's true size. Raises ParseError once it is more than ``left`` or inflates too well."""
    size = 0
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > left:
                raise _too_large(limits)
            if size > MEBIBYTE and size > limits.zip_ratio * max(entry.compress_size, 1):
                raise ParseError(f"the entry {entry.filename!r} inflates more than {limits.zip_ratio} times, as no sound file does")
    return size


def _too_large(limits: Limits) -> ParseError:
    return ParseError(f"the file unpacks to more than {limits.zip_inflated // MEBIBYTE} MiB")
