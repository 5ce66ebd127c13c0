"""JSONL: one document on each line (`_id`, `title`, `text` and scope keys), or one FAQ pair on each line."""

from collections.abc import Iterator
from typing import Any

import orjson

from ingest.metadata import Metadata, read_metadata
from ingest.parse.draft import Draft, DraftBuilder, FileInput, Parsed, Refusal, clean_characters
from ingest.parse.faq import add_pairs, is_faq_header
from ingest.parse.limits import Limits
from kb.errors import ParseError
from kb.text.printable import is_printable_name

MEDIA_TYPE = "application/x-ndjson"
LINE_MEDIA_TYPE = "application/json"
LONGEST_ID = 500
BYTES_PER_CHARACTER = 4
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
Line = tuple[int, int, bytes]


def parse_jsonl(file: FileInput, limits: Limits) -> Parsed:
    """A draft for each line, its path the line's `_id`; or one draft for a whole FAQ table. Bad lines are refused one by one.

    Raises ParseError if the file is empty, its first line is no JSON object, or none of several lines is a document.
    """
    lines = list(_split_lines(file.content))
    if not lines:
        raise ParseError("the file is empty")
    _check_lines(lines, limits)
    if is_faq_header(key.casefold() for key in _load(lines[0])):
        return _parse_pairs(lines)
    return _parse_documents(lines, file.name)


def _check_lines(lines: list[Line], limits: Limits) -> None:
    """Raises ParseError for a line that is too long, before a parser takes several times its size in memory."""
    longest = BYTES_PER_CHARACTER * limits.largest_text
    for number, _, raw in lines:
        if len(raw) > longest:
            raise ParseError(f"line {number} is longer than {longest:,} bytes, the most that one document may hold; split it")


def _parse_documents(lines: list[Line], name: str) -> Parsed:
    drafts: dict[str, Draft] = {}
    refusals = []
    for line in lines:
        path = f"{name}:{line[0]}"
        try:
            record = _load(line)
            path = _document_path(record)
            if path in drafts:
                raise ParseError(f"line {line[0]} repeats the _id {path!r}; the first one is kept")
            drafts[path] = _parse_document(record, path, line)
        except ParseError as error:
            refusals.append(Refusal(path, str(error)))
    if not drafts and len(refusals) > 1:
        raise ParseError(f"none of its {len(refusals)} lines is a document (the first one: {refusals[0].reason})")
    return Parsed(tuple(drafts.values()), tuple(refusals))


def _parse_document(record: dict[str, Any], path: str, line: Line) -> Draft:
    number, start, raw = line
    text = record.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ParseError(f"line {number} has no text")
    metadata = read_metadata(record, f"line {number}")
    builder = DraftBuilder()
    for paragraph in clean_characters(text).split("\n"):
        builder.block("paragraph", " ".join(paragraph.split()))
    if not builder.blocks:
        raise ParseError(f"line {number} has no text")
    return Draft(builder.text, builder.blocks, LINE_MEDIA_TYPE, metadata, path=path, span=(start, start + len(raw)))


def _parse_pairs(lines: list[Line]) -> Parsed:
    builder = DraftBuilder()
    notes = add_pairs(builder, ((f"line {line[0]}", _cells(_load(line))) for line in lines))
    if not builder.blocks:
        raise ParseError("the table holds no complete pair")
    return Parsed((Draft(builder.text, builder.blocks, MEDIA_TYPE, Metadata(), notes=tuple(notes)),))


def _cells(record: dict[str, Any]) -> dict[str, str]:
    return {key.casefold(): _cell_text(value) for key, value in record.items()}


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    return ";".join(map(str, value)) if isinstance(value, list) else str(value)


def _document_path(record: dict[str, Any]) -> str:
    raw = record.get("_id")
    path = str(raw).strip() if isinstance(raw, (str, int)) and not isinstance(raw, bool) else ""
    if not path:
        raise ParseError("the line has no _id")
    if len(path) > LONGEST_ID or not is_printable_name(path):
        raise ParseError(f"the _id is longer than {LONGEST_ID} characters or holds unprintable ones")
    return path


def _load(line: Line) -> dict[str, Any]:
    try:
        record = orjson.loads(line[2])
    except orjson.JSONDecodeError as error:
        raise ParseError(f"line {line[0]} is not JSON ({error})") from error
    if not isinstance(record, dict):
        raise ParseError(f"line {line[0]} is not a JSON object")
    return record


def _split_lines(content: bytes) -> Iterator[Line]:
    """The lines that hold something: ``(number from 1, where it starts, its bytes)``."""
    start = len(BYTE_ORDER_MARK) if content.startswith(BYTE_ORDER_MARK) else 0
    for number, raw in enumerate(content[start:].split(b"\n"), 1):
        stripped = raw.strip(b" \t\r")
        if stripped:
            yield number, start + raw.index(stripped), stripped
        start += len(raw) + 1
