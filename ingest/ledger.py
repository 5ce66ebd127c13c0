"""The ledger: from which files a version's documents were made, so that unchanged files need not be parsed again.

It is a file of the version, listed in its manifest. A version without one, or with one by another release, only costs time.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

from ingest.chunk import CHUNKER
from ingest.metadata import Metadata
from ingest.parse.limits import Limits
from kb.files import disk_errors, write_file

LEDGER_NAME = "ingest.json"
PARSERS = "parsers-6"
"""Names the behaviour of all parsers. Change it with them: files read under another name are read anew."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One file: the fingerprint of what it was made from, and the paths of its documents."""

    fingerprint: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries by source and by the file's path within it.

    ``places`` are where the sources were read (folders, files, addresses), ``readers`` by which release's rules (`current_reader`).
    """

    sources: Mapping[str, Mapping[str, LedgerEntry]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, str] = field(default_factory=dict)

    def entry(self, source: str, path: str) -> LedgerEntry | None:
        """The entry of a file, or ``None``."""
        return self.sources.get(source, {}).get(path)


def current_reader() -> str:
    """Names what turns a file into passages, as a version's manifest has it."""
    return f"{CHUNKER} {PARSERS}"


def fingerprint(content_hash: str, outside: Metadata, without: str = "") -> str:
    """Stands for everything that a file's documents are made from: its content, its folders' rules, parsers and chunker.

    ``without`` names what was missing when it was read (``ocr``, or time for it): once that is there, the file is read again.
    """
    rules = orjson.dumps(asdict(outside), option=orjson.OPT_SORT_KEYS)
    parts = [content_hash.encode(), rules, PARSERS.encode(), CHUNKER.encode()]
    return hashlib.sha256(b"\0".join([*parts, without.encode()] if without else parts)).hexdigest()


def late_mark(limits: Limits) -> str:
    """What was missing where the time for OCR ran out: more of it than ``limits`` allow."""
    return f"more than {limits.ocr_seconds} s of OCR"


def read_ledger(folder: Path) -> Ledger:
    """The ledger of the version in ``folder``; an empty one if there is none that can be read."""
    try:
        values = orjson.loads((folder / LEDGER_NAME).read_bytes())
        return Ledger(
            {
                source: {path: LedgerEntry(entry["fingerprint"], tuple(entry["documents"])) for path, entry in files.items()}
                for source, files in values["sources"].items()
            },
            {str(source): str(place) for source, place in values.get("places", {}).items()},
            {str(source): str(reader) for source, reader in values.get("readers", {}).items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Ledger()


def write_ledger(folder: Path, ledger: Ledger) -> None:
    """Writes the ledger into a staged version's ``folder``, before it is sealed. Raises StorageFullError, StorageDeniedError."""
    values = {source: {path: asdict(entry) for path, entry in files.items()} for source, files in ledger.sources.items()}
    told = {"sources": values, "places": dict(ledger.places), "readers": dict(ledger.readers)}
    data = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    with disk_errors(folder / LEDGER_NAME, len(data)):
        write_file(folder / LEDGER_NAME, (data,))
