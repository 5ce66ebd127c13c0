"""Sources: folders and single files, and what is found in them."""

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.parse.endings import FORMATS, NO_DOCUMENTS, SKIPPED_NAMES, unsupported
from ingest.scope_file import MISSPELT, SCOPE_FILE, FolderScope, ScopeTree, misspelt_scope, read_scope_file
from kb.errors import SourceError


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source to mirror: its name in the knowledge base, and the folder or file it stands for."""

    name: str
    path: Path

    @classmethod
    def from_path(cls, path: Path, name: str | None = None) -> "SourceSpec":
        """The source at ``path``, by default under the folder's or file's own name (``.`` is resolved)."""
        resolved = path.expanduser().resolve()
        return cls(name or resolved.name or "root", resolved)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that should become documents. ``path`` is its POSIX path within the source."""

    path: str
    file: Path


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that cannot become one, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source holds: files to read, files refused, the folders' rules, and how many files were skipped as no documents."""

    source: str
    files: tuple[SourceFile, ...]
    refused: tuple[RefusedFile, ...]
    scopes: ScopeTree
    skipped: int


def list_source(spec: SourceSpec) -> Listing:
    """Looks through ``spec``. Raises SourceError if it is missing or a folder in it cannot be read.

    A folder that cannot be read stops the run: mirroring it as empty would delete its documents. Links that leave the source
    are refused; links within it are followed to files only.
    """
    _check_name(spec.name)
    if spec.path.is_dir():
        return _list_folder(spec)
    if spec.path.is_file():
        return _list_file(spec)
    raise SourceError(f"The source {spec.path} does not exist or is no folder or file. Check the path, and that its disk is mounted.")


def _check_name(name: str) -> None:
    if not name or not name.isprintable() or "/" in name or len(name) > 200:
        raise SourceError(f"The source name {name!r} cannot be used: write a printable name without '/', up to 200 characters.")


def _list_file(spec: SourceSpec) -> Listing:
    """A single file, under the rules of its own folder: those beside it were written for it too."""
    scope_file = spec.path.parent / SCOPE_FILE
    scopes = {".": read_scope_file(scope_file, SCOPE_FILE)} if scope_file.is_file() else {}
    file = SourceFile(_normal(spec.path.name), spec.path)
    reason = None if spec.path.suffix.lower() in FORMATS else unsupported(spec.path.suffix)
    refused = () if reason is None else (RefusedFile(file.path, reason),)
    return Listing(spec.name, () if refused else (file,), refused, ScopeTree(scopes), 0)


def _list_folder(spec: SourceSpec) -> Listing:
    files: list[SourceFile] = []
    refused: list[RefusedFile] = []
    scopes: dict[str, FolderScope] = {}
    root = spec.path.resolve()
    skipped = 0
    for entry, path in _walk(root):
        name = entry.name
        if name == SCOPE_FILE:
            scopes.setdefault(PurePosixPath(path).parent.as_posix(), read_scope_file(entry, path))
            continue
        if name.casefold() in MISSPELT:
            scopes[PurePosixPath(path).parent.as_posix()] = misspelt_scope(path)
            continue
        reason = _refusal(entry, path, root)
        if reason is not None:
            refused.append(RefusedFile(path.encode("utf-8", "backslashreplace").decode(), reason))
        elif _is_skipped(entry):
            skipped += 1
        else:
            files.append(SourceFile(path, entry))
    return Listing(spec.name, tuple(files), tuple(refused), ScopeTree(scopes), skipped)


def _walk(root: Path) -> Iterator[tuple[Path, str]]:
    """Every entry that is no folder, hidden ones aside, in order: where it is, and its path within ``root``."""
    for folder, folders, names in os.walk(root, onerror=_stop):
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not _is_hidden(name) and name not in linked)
        for name in sorted([*names, *linked]):
            if not _is_hidden(name):
                entry = Path(folder, name)
                yield entry, _normal(entry.relative_to(root).as_posix())


def _stop(error: OSError) -> None:
    what = f"The folder {error.filename} cannot be read ({error.strerror})."
    raise SourceError(f"{what} Nothing was changed; give access to it and run again.") from error


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in SKIPPED_NAMES


def _refusal(entry: Path, path: str, root: Path) -> str | None:
    """Why the entry cannot be read as a document, or ``None``."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "its name is not valid UTF-8; rename it"
    if entry.is_symlink():
        reason = _link_refusal(entry, root)
        if reason is not None:
            return reason
        if entry.is_dir():
            return None
    try:
        if not stat.S_ISREG(entry.stat().st_mode):
            return "it is no regular file"
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    return None if _is_skipped(entry) or entry.suffix.lower() in FORMATS else unsupported(entry.suffix)


def _link_refusal(entry: Path, root: Path) -> str | None:
    try:
        target = entry.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop of links
        return "it is a link that points nowhere"
    return None if target.is_relative_to(root) else "it is a link that leaves the source; copy the file into the source"


def _is_skipped(entry: Path) -> bool:
    return entry.suffix.lower() in NO_DOCUMENTS or entry.is_dir()


def _normal(path: str) -> str:
    """Composed Unicode: a name typed in a `_scope.yaml` must match a name written by another operating system."""
    return unicodedata.normalize("NFC", path)
