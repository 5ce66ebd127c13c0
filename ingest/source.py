"""Sources: what a run is asked to mirror (a folder, a file, a zip archive, web addresses), and what was found in one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from ingest.metadata import Metadata
from ingest.scope_file import ScopeTree
from ingest.skipped import BY_WISH, SkippedFile

SourceKind: TypeAlias = Literal["files", "archive", "addresses"]

ARCHIVE_ENDING = ".zip"
ADDRESSES_ENDING = ".urls"
_KINDS: Mapping[str, SourceKind] = {ARCHIVE_ENDING: "archive", ADDRESSES_ENDING: "addresses"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source to mirror: its name in the knowledge base, and the folder or file it stands for.

    With an ``address`` it is that one web page, and ``path`` means nothing.
    """

    name: str
    path: Path
    address: str | None = None

    @classmethod
    def from_path(cls, path: Path, name: str | None = None) -> "SourceSpec":
        """The source at ``path``, by default under the folder's or file's own name (``.`` is resolved).

        A zip archive and a list of addresses lose their ending: what they stand for may be a folder tomorrow.
        """
        resolved = path.expanduser().resolve()
        own = resolved.stem if resolved.suffix.lower() in _KINDS and not resolved.is_dir() else resolved.name
        return cls(name or own or "root", resolved)

    @classmethod
    def from_argument(cls, text: str, name: str | None = None) -> "SourceSpec":
        """The source that ``text`` names: an address if it begins with a scheme, else a path.

        An address alone is called by what stands in it after the scheme, with ``:`` for ``/``.
        """
        if not _SCHEME.match(text):
            return cls.from_path(Path(text), name)
        own = text.split("://", 1)[1].split("#", 1)[0].rpartition("@")[2].strip("/")
        return cls(name or own.replace("/", ":") or "web", Path(), text)

    @property
    def argument(self) -> str:
        """What `from_argument` makes this source of again, given its name."""
        return str(self.path) if self.address is None else self.address

    @property
    def kind(self) -> SourceKind:
        """How it is listed."""
        if self.address is not None:
            return "addresses"
        if self.path.is_dir():
            return "files"
        return _KINDS.get(self.path.suffix.lower(), "files")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that should become documents. ``path`` is its POSIX path within the source."""

    path: str
    file: Path


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that cannot become one, and why. ``outside`` is what the folders say about it, where that is known."""

    path: str
    reason: str
    outside: Metadata = Metadata()


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source holds: files to read, files refused, the folders' rules, and the files that were skipped as no documents.

    ``notes`` are sentences for the report. ``archives`` are zip archives among the files, still to be looked into (`ingest.folded`).
    """

    source: str
    files: tuple[SourceFile, ...]
    refused: tuple[RefusedFile, ...]
    scopes: ScopeTree
    skipped: tuple[SkippedFile, ...] = ()
    notes: tuple[str, ...] = ()
    archives: tuple[SourceFile, ...] = ()

    @property
    def paths(self) -> frozenset[str]:
        """Everything that lies in the source, whatever becomes of it."""
        return frozenset(one.path for kind in (self.files, self.refused, self.skipped, self.archives) for one in kind)

    def without_skipped(self) -> "Listing":
        """Without the files and archives of which a `_scope.yaml` says that they are to be skipped; they are named as skipped by wish."""
        wished = {one.path for kind in (self.files, self.refused, self.archives) for one in kind if self.scopes.skips(one.path)}
        if not wished:
            return self
        return replace(
            self,
            files=tuple(file for file in self.files if file.path not in wished),
            refused=tuple(file for file in self.refused if file.path not in wished),
            archives=tuple(file for file in self.archives if file.path not in wished),
            skipped=tuple(sorted((*self.skipped, *(SkippedFile(path, BY_WISH) for path in wished)))),
        )
