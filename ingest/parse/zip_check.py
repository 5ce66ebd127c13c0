"""Zip containers (DOCX, PPTX, XLSX): looked over before anything is unpacked, by counting what really comes out."""

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from ingest.parse.limits import MEBIBYTE, Limits
from kb.errors import ParseError

CHUNK = 1 << 16
ARCHIVES = frozenset(".zip .xlsx .docx .pptx .xlsm .docm .pptm .xlsb .7z .rar .gz .bz2 .xz .tar .jar".split())
EMBEDDED = "embeddings"  # the folder of an Office file for the workbooks behind its charts; no parser opens them
MARKUP = frozenset({".xml", ".rels", ".vml"})
OVERLAP = 32  # bytes of the last chunk looked at again
_DECLARATION = re.compile(b"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C\0T|E\0N\0T\0I)|\0<\0!\0(?:D\0O\0C\0T|E\0N\0T\0I)")


def check_zip(content: bytes, limits: Limits, most_markup: int | None = None) -> None:
    """Raises ParseError if ``content`` is no zip file, is encrypted, or would unpack to more than ``limits`` allow.

    Sizes are counted while reading: the sizes in the headers are the sender's claim. XML that declares a document type or
    entities is refused too, and more than ``most_markup`` bytes of XML where the parser will hold all of it in memory.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > limits.zip_entries:
                raise ParseError(f"the file holds {len(entries):,} entries, more than the {limits.zip_entries:,} allowed")
            _check_claims(entries, limits)
            left, left_markup = limits.zip_inflated, limits.zip_inflated if most_markup is None else most_markup
            for entry in entries:
                is_markup = PurePosixPath(entry.filename).suffix.lower() in MARKUP
                size = _inflated(archive, entry, left, limits, is_markup)
                left -= size
                left_markup -= size if is_markup else 0
                if left_markup < 0:
                    raise ParseError(f"the file holds more than {(most_markup or 0) // MEBIBYTE} MiB of XML; split it")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise ParseError(f"the file is damaged ({error})") from error


def _check_claims(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = set[str]()
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts:
            raise ParseError(f"the file holds an entry that points outside of it: {entry.filename!r}")
        if entry.flag_bits & 1:
            raise ParseError("the file is encrypted; save it without a password")
        if path.suffix.lower() in ARCHIVES and EMBEDDED not in path.parts:
            raise ParseError(f"the file holds another archive: {entry.filename!r}")
        if entry.filename in names:
            raise ParseError(f"the file is damaged: it holds the entry {entry.filename!r} twice")
        names.add(entry.filename)
    if sum(entry.file_size for entry in entries) > limits.zip_inflated:
        raise _too_large(limits)


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, limits: Limits, is_markup: bool) -> int:
    """The entry's true size. Raises ParseError once it is more than ``left``, inflates too well or declares entities."""
    size, last = 0, b""
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > left:
                raise _too_large(limits)
            if size > MEBIBYTE and size > limits.zip_ratio * max(entry.compress_size, 1):
                raise ParseError(f"the entry {entry.filename!r} inflates more than {limits.zip_ratio} times, as no sound file does")
            if is_markup and _DECLARATION.search(last + chunk):
                raise ParseError(f"the entry {entry.filename!r} declares a document type or entities, as no Office program does")
            last = chunk[-OVERLAP:]
    return size


def _too_large(limits: Limits) -> ParseError:
    return ParseError(f"the file unpacks to more than {limits.zip_inflated // MEBIBYTE} MiB")
