"""Whether a PDF file can act: run a script, start a program, send a form. A browser's viewer heeds no policy of ours for those.

Chromium 156 runs the scripts of a PDF that was sent with ``sandbox``: they reach neither the page nor its origin, but open windows under
the service's address. So the file's own bytes are looked through, all of them, whatever its tables say of them: two readers of a
damaged table see two files, and a viewer's is not ours. Names are compared as viewers do, escapes undone (PDF 32000-1, 7.3.5);
object streams (7.5.7), which hide names from sight, are inflated. What cannot be looked through counts as acting.
"""

import re
import zlib
from collections.abc import Iterator

_ACTING = ("JavaScript", "Launch", "SubmitForm", "ImportData", "XFA", "RichMedia", "Rendition")
_OBJECT_STREAM_NAMES = frozenset({b"Type", b"ObjStm", b"N", b"First", b"Length", b"Filter", b"FlateDecode", b"Extends"})
"""What an object stream that is looked through may say of itself. By any other word it might be read otherwise: filters, predictors."""
_MOST_INFLATED = 1 << 26
"""Bytes of all object streams together; those of a manual of a thousand pages are a tenth of it."""


def _name(name: str) -> str:
    """A pattern for the name, any of its characters escaped."""
    letters = "".join(f"(?:{letter}|#{''.join(f'[{digit}{digit.upper()}]' for digit in f'{ord(letter):02x}')})" for letter in name)
    return rf"/{letters}(?=[\x00\s()<>\[\]{{}}/%]|\Z)"


_ACTS = re.compile("|".join(map(_name, _ACTING)).encode())
_HIDING = re.compile(rf"{_name('ObjStm')}|{_name('First')}(?=[\x00\s]*\d+(?![\d\s]*R))".encode())  # some viewers need no /Type
_HEAD = re.compile(rb"[\x00\s]*<<([^()%<>#]*)>>[\x00\s]*")
_WINDOW, _OVERLAP = 1 << 20, 128
"""Bytes looked through at once, and how much longer a match may be than it begins: a search lets no other thread run (2 ms a megabyte)."""
_BEGIN = re.compile(rb"stream(?:\r\n|\n|\r)")


def can_act(content: bytes) -> bool:
    """Whether the PDF file ``content`` can act, or hides whether it can."""
    try:
        return any(True for part in (content, *_object_streams(content)) for _ in _found(_ACTS, part))
    except _HiddenError:
        return True


class _HiddenError(Exception):
    """A part of the file that cannot be looked through."""


def _found(pattern: re.Pattern[bytes], content: bytes) -> Iterator[re.Match[bytes]]:
    """All matches, from one window after the other."""
    for start in range(0, len(content), _WINDOW):
        windowed = pattern.finditer(content, start, start + _WINDOW + _OVERLAP)
        yield from (found for found in windowed if found.start() < start + _WINDOW)


def _object_streams(content: bytes) -> Iterator[bytes]:
    """What stands in object streams. Raises _HiddenError."""
    left, done = _MOST_INFLATED, 0
    for found in _found(_HIDING, content):
        if found.start() < done:
            continue
        begin = _BEGIN.search(content, found.end())
        if begin is None:
            raise _HiddenError
        done = begin.end()
        inflated = _inflate(content, content.rfind(b"obj", 0, found.start()) + 3, begin, left)
        left -= len(inflated)
        yield inflated


def _inflate(content: bytes, start: int, begin: re.Match[bytes], most: int) -> bytes:
    """The object stream whose dictionary begins at ``start``; nothing if it is not compressed, and in plain sight."""
    head = _HEAD.fullmatch(content, start, begin.start())
    names = re.findall(rb"/([^\x00\s/\[\]]*)", head[1]) if head else [b""]
    if not _OBJECT_STREAM_NAMES.issuperset(names) or names.count(b"FlateDecode") != names.count(b"Filter"):
        raise _HiddenError
    if b"Filter" not in names:
        return b""
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(content[begin.end() : content.find(b"endstream", begin.end())], most)
    except zlib.error as error:
        raise _HiddenError from error
    if not inflater.eof:
        raise _HiddenError
    return inflated
