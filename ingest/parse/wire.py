"""Messages between the parent and its parser processes: JSON with a length before it.

Never pickle: the child has read a stranger's file.
"""

import struct
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import IO, Any

import orjson

from ingest.metadata import LIST_KEYS, Metadata
from ingest.parse.draft import Draft, DraftBlock, FileInput, Parsed, Refusal
from ingest.parse.limits import Limits
from kb.document import LineBox

LENGTH = struct.Struct(">Q")
LARGEST_MESSAGE = 1 << 30
READY = b"ready"


def write_message(stream: IO[bytes], payload: bytes) -> None:
    """Writes one message and flushes it."""
    stream.write(LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def read_message(stream: IO[bytes]) -> bytes | None:
    """The next message; ``None`` if the other side closed the pipe, also in the middle of a message."""
    header = stream.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(header)
    if length > LARGEST_MESSAGE:
        return None
    payload = stream.read(length)
    return payload if len(payload) == length else None


def pack_request(file: FileInput, limits: Limits) -> tuple[bytes, bytes]:
    """The two messages that ask for a file to be parsed: what it is, and its content."""
    return orjson.dumps({"name": file.name, "limits": asdict(limits)}), file.content


def unpack_request(head: bytes, content: bytes) -> tuple[FileInput, Limits]:
    """What `pack_request` packed."""
    values = orjson.loads(head)
    return FileInput(values["name"], content), Limits(**values["limits"])


def pack_parsed(parsed: Parsed) -> bytes:
    """The answer of a parser process."""
    return orjson.dumps(parsed)


def unpack_parsed(payload: bytes) -> Parsed:
    """What `pack_parsed` packed. Raises ValueError, KeyError or TypeError if it is no such thing."""
    values = orjson.loads(payload)
    refusals = tuple(Refusal(item["path"], item["reason"]) for item in values["refusals"])
    return Parsed(tuple(_draft(item) for item in values["drafts"]), refusals)


def _draft(values: Mapping[str, Any]) -> Draft:
    return Draft(
        text=values["text"],
        blocks=tuple(_block(item) for item in values["blocks"]),
        media_type=values["media_type"],
        metadata=_metadata(values["metadata"]),
        title=values["title"],
        lines=tuple(LineBox(**item) for item in values["lines"]),
        pages=values["pages"],
        path=values["path"],
        span=None if values["span"] is None else (values["span"][0], values["span"][1]),
        notes=tuple(values["notes"]),
        unread_pages=tuple(values["unread_pages"]),
        late_pages=tuple(values["late_pages"]),
    )


def _block(values: Mapping[str, Any]) -> DraftBlock:
    metadata = None if values["metadata"] is None else _metadata(values["metadata"])
    return DraftBlock(values["kind"], values["start"], values["end"], tuple(values["heading_path"]), values["page"], metadata)


def _metadata(values: Mapping[str, Any]) -> Metadata:
    changed = {key: tuple(values[key]) for key in LIST_KEYS if values[key] is not None}
    days = {key: date.fromisoformat(values[key]) for key in ("effective_from", "effective_to") if values[key] is not None}
    return Metadata(**{**values, **changed, **days})
