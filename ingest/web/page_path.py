"""What a web page is called as a document, and in what format it comes."""

from collections.abc import Mapping
from pathlib import PurePosixPath

import httpx

from ingest.parse.endings import FORMATS
from kb.errors import ParseError

OFFICE = "application/vnd.openxmlformats-officedocument"
ENDINGS: Mapping[str, str] = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "application/pdf": ".pdf",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/x-ndjson": ".ndjson",
    "application/jsonl": ".jsonl",
    f"{OFFICE}.spreadsheetml.sheet": ".xlsx",
    f"{OFFICE}.wordprocessingml.document": ".docx",
    f"{OFFICE}.presentationml.presentation": ".pptx",
    "message/rfc822": ".eml",
}
UNSPECIFIC = ("", "text/plain", "application/octet-stream", "binary/octet-stream")
"""Content types that servers give to what they do not know; then the address's own ending tells more."""


def page_ending(address: httpx.URL, content_type: str) -> str:
    """The ending for what ``address`` answered as ``content_type``. Raises ParseError if no parser reads that."""
    kind = content_type.partition(";")[0].strip().lower()
    own = PurePosixPath(address.path).suffix.lower()
    if kind in UNSPECIFIC and own in FORMATS:
        return own
    ending = ENDINGS.get(kind)
    if ending is None or ending not in FORMATS:
        raise ParseError(f"it is of the type {kind or 'unknown'}, which is not read")
    return ending


def page_path(address: httpx.URL, ending: str) -> str:
    """The document's path: host, path and query of ``address``, with an ending that tells the format (``ending`` if it has none)."""
    base = _base(address)
    own = PurePosixPath(base).suffix.lower()
    return base if own in FORMATS and FORMATS[own] == FORMATS[ending] else base + ending


def known_path(address: httpx.URL, known: frozenset[str]) -> str:
    """The document's path when it is not known what ``address`` would have answered: one of ``known`` if there is one."""
    paths = [page_path(address, ending) for ending in sorted(FORMATS)]
    return next((path for path in paths if path in known), page_path(address, ".html"))


def _base(address: httpx.URL) -> str:
    path = _readable(address.path, address.raw_path.partition(b"?")[0])
    folder = path if not path.endswith("/") else f"{path}index"
    query = f"?{_readable(address.query.decode('ascii'), address.query)}" if address.query else ""
    port = "" if address.port is None else f":{address.port}"
    return f"{address.host}{port}{folder}{query}"


def _readable(decoded: str, raw: bytes) -> str:
    """A Chinese page is called by its Chinese name, unless its name holds what no path should."""
    sound = decoded.isprintable() and "\\" not in decoded and ".." not in decoded.split("/") and "//" not in decoded
    return decoded if sound and "�" not in decoded else raw.decode("ascii")
