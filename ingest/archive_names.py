"""The names in a zip archive, which for thirty years did not say in what encoding they are written."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence

UTF8_FLAG = 0x800
UNICODE_PATH = 0x7075  # the extra field in which Info-ZIP repeats a name in UTF-8
_COMMON_HANZI = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")  # the first level of GB 2312: what Chinese names are made of
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")


def entry_names(entries: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The name of each entry as its writer meant it, with ``/`` between folders.

    Names that do not say what they are were written by one program: all are UTF-8, or all are GBK (as Windows writes them in China),
    or all are code page 437, as the format has it.
    """
    encoding = _encoding([_raw(entry) for entry in entries if not _says(entry)])
    return [(_declared(entry) or _raw(entry).decode(encoding)).replace("\\", "/") for entry in entries]


def _says(entry: zipfile.ZipInfo) -> bool:
    return _declared(entry) is not None


def _declared(entry: zipfile.ZipInfo) -> str | None:
    if entry.flag_bits & UTF8_FLAG:
        return entry.orig_filename
    raw = _raw(entry)
    for kind, data in _extra_fields(entry.extra):
        if kind == UNICODE_PATH and len(data) > 5 and struct.unpack_from("<BL", data) == (1, zlib.crc32(raw)):
            return data[5:].decode("utf-8", "replace")
    return None


def _raw(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & UTF8_FLAG else "cp437")


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        yield kind, extra[4 : 4 + size]
        extra = extra[4 + size :]


def _encoding(names: Sequence[bytes]) -> str:
    for encoding in ("utf-8", "gb18030"):
        if all(_decodes(name, encoding) for name in names) and (encoding == "utf-8" or _looks_chinese(names)):
            return encoding
    return "cp437"


def _decodes(name: bytes, encoding: str) -> bool:
    try:
        name.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(names: Sequence[bytes]) -> bool:
    """In code page 437 the bytes of common Chinese characters are lines for drawing boxes, which no name holds."""
    pairs = [pair for name in names for pair in _PAIR.findall(name)]
    return 2 * sum(_COMMON_HANZI.fullmatch(pair) is not None for pair in pairs) > len(pairs)
