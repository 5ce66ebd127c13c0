"""Folders and single files: what is found in them, and which of it can become documents."""

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from ingest.parse.endings import ARCHIVES, FORMATS, NO_DOCUMENTS, SKIPPED_NAMES, unsupported
from ingest.scope_file import MISSPELT, SCOPE_FILE, FolderScope, ScopeTree, misspelt_scope, read_scope_file
from ingest.skipped import LINKED_FOLDER, SkippedFile
from ingest.source import ADDRESSES_ENDING, ARCHIVE_ENDING, Listing, RefusedFile, SourceFile, SourceSpec
from kb.errors import SourceError
from kb.text.printable import is_printable_name


def list_folder(spec: SourceSpec) -> Listing:
    """Looks through the folder of ``spec``. Raises SourceError if a folder in it cannot be read.

    A folder that cannot be read stops the run: mirroring it as empty would delete its documents. Links that leave the source
    are refused; links within it are followed to files only.
    """
    root = spec.path.resolve()
    return sort_entries(spec.name, _walk(root), root)


def list_file(spec: SourceSpec) -> Listing:
    """A single file, under the rules of its own folder: those beside it were written for it too."""
    scopes = {".": rules_beside(spec.path)}
    file = SourceFile(normal_path(spec.path.name), spec.path)
    reason = None if spec.path.suffix.lower() in FORMATS else _unsupported(spec.path.suffix)
    refused = () if reason is None else (RefusedFile(file.path, reason),)
    return Listing(spec.name, () if refused else (file,), refused, ScopeTree(scopes))


def rules_beside(file: Path) -> FolderScope:
    """What the `_scope.yaml` beside ``file`` says; nothing if there is none."""
    scope_file = file.parent / SCOPE_FILE
    return read_scope_file(scope_file, SCOPE_FILE) if scope_file.is_file() else FolderScope()


def sort_entries(source: str, entries: Iterable[tuple[Path, str]], root: Path) -> Listing:
    """Which of ``entries`` can become documents. Each is a file below ``root`` and its path within the source, which need not agree."""
    files: list[SourceFile] = []
    refused: list[RefusedFile] = []
    scopes: dict[str, FolderScope] = {}
    skipped: list[SkippedFile] = []
    archives: list[SourceFile] = []
    for entry, path in entries:
        pure = PurePosixPath(path)
        if pure.name == SCOPE_FILE:
            scopes.setdefault(pure.parent.as_posix(), read_scope_file(entry, path))
            continue
        if pure.name.casefold() in MISSPELT:
            scopes[pure.parent.as_posix()] = misspelt_scope(path)
            continue
        reason = _unreadable(entry, path, root)
        if reason is not None:
            refused.append(RefusedFile(path.encode("utf-8", "backslashreplace").decode(), reason))
        elif entry.is_dir():
            skipped.append(SkippedFile(path, LINKED_FOLDER))
        elif pure.suffix.lower() == ARCHIVE_ENDING:
            archives.append(SourceFile(path, entry))
        elif (wrong := wrong_ending(path)) is not None:
            refused.append(RefusedFile(path, wrong))
        elif is_no_document(path):
            skipped.append(SkippedFile.at(path))
        else:
            files.append(SourceFile(path, entry))
    return Listing(source, tuple(files), tuple(refused), ScopeTree(scopes), tuple(sorted(skipped)), archives=tuple(archives))


def _walk(root: Path) -> Iterator[tuple[Path, str]]:
    """Every entry that is no folder, hidden ones aside, in order: where it is, and its path within ``root``."""
    for folder, folders, names in os.walk(root, onerror=_stop):
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not is_hidden(name) and name not in linked)
        for name in sorted([*names, *linked]):
            if not is_hidden(name):
                entry = Path(folder, name)
                yield entry, normal_path(entry.relative_to(root).as_posix())


def _stop(error: OSError) -> None:
    what = f"The folder {error.filename} cannot be read ({error.strerror})."
    raise SourceError(f"{what} Nothing was changed; give access to it and run again.") from error


def is_hidden(name: str) -> bool:
    """Whether a file or folder called ``name`` is passed over in silence."""
    return name.startswith((".", "~$")) or name.casefold() in SKIPPED_NAMES


def is_no_document(path: str) -> bool:
    """Whether the file at ``path`` is of a kind that lies beside documents: skipped and named in the report."""
    return PurePosixPath(path).suffix.lower() in NO_DOCUMENTS


def wrong_ending(path: str) -> str | None:
    """Why a file that ends like ``path`` cannot be read as a document, or ``None``."""
    suffix = PurePosixPath(path).suffix
    return None if is_no_document(path) or suffix.lower() in FORMATS else _unsupported(suffix)


def _unreadable(entry: Path, path: str, root: Path) -> str | None:
    """Why the entry cannot be read, whatever its name ends in, or ``None``."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return "its name is not valid UTF-8; rename it"
    if not is_printable_name(path):
        return "its name, or that of its folder, holds a line break or another character that cannot be shown; rename it"
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
    return None


def _link_refusal(entry: Path, root: Path) -> str | None:
    try:
        target = entry.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop of links
        return "it is a link that points nowhere"
    return None if target.is_relative_to(root) else "it is a link that leaves the source; copy the file into the source"


def _unsupported(suffix: str) -> str:
    if suffix.lower() == ARCHIVE_ENDING:
        return "it is an archive within an archive; unpack it"
    if suffix.lower() in ARCHIVES:
        return f"archives of this kind ({suffix}) are not read; unpack it, or make a zip archive of it"
    if suffix.lower() == ADDRESSES_ENDING:
        return "it is a list of addresses within the source; ingest it as a source of its own"
    return unsupported(suffix)


def normal_path(path: str) -> str:
    """Composed Unicode: a name typed in a `_scope.yaml` must match a name written by another operating system."""
    return unicodedata.normalize("NFC", path)
