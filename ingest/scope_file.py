"""`_scope.yaml`: what a folder says about the files in it and below."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import yaml

from ingest.metadata import Metadata, read_metadata
from kb.errors import ParseError

SCOPE_FILE = "_scope.yaml"
MISSPELT = frozenset({"_scope.yaml", "_scope.yml", "scope.yaml", "scope.yml", "_scopes.yaml", "_scope.txt", "_scope.yaml.txt", "_scope"})
"""Names, in lower case, that were surely meant to be SCOPE_FILE. Passing over them could publish what they forbid."""
SKIP = "skip"
"""The key of a file's entry that says that it is not to be read. It stands for single files only: a folder is left out by its place."""
LARGEST_SCOPE_FILE = 1_000_000  # bytes; a folder's rules fit in a few hundred


@dataclass(frozen=True, slots=True)
class FolderScope:
    """One folder's rules: for everything below it, and for single files by their path from this folder.

    ``skipped`` are those of the files that are not to be read.
    """

    rules: Metadata = Metadata()
    files: Mapping[str, Metadata] = field(default_factory=dict)
    problem: str | None = None
    skipped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ScopeTree:
    """The rules of all folders of a source, by the folder's POSIX path within it (``.`` is the source itself)."""

    folders: Mapping[str, FolderScope] = field(default_factory=dict)

    def metadata(self, path: str) -> Metadata:
        """What the folders say about the file at ``path``: its own entry first, then the nearest folder, then outer ones.

        Raises ParseError if any `_scope.yaml` above the file is malformed: then nobody knows who may see it.
        """
        merged = Metadata()
        for folder in reversed(PurePosixPath(path).parents):
            scope = self.folders.get(folder.as_posix(), FolderScope())
            if scope.problem is not None:
                raise ParseError(scope.problem)
            merged = scope.rules.over(merged)
        return self.entry(path).over(merged)

    def entry(self, path: str) -> Metadata:
        """What the ``files:`` entries of the folders say about ``path`` itself, those of the nearest folder first."""
        entry = Metadata()
        for folder in reversed(PurePosixPath(path).parents):
            scope = self.folders.get(folder.as_posix(), FolderScope())
            entry = scope.files.get(PurePosixPath(path).relative_to(folder).as_posix(), Metadata()).over(entry)
        return entry

    def skips(self, path: str) -> bool:
        """Whether a folder says of the file, or the archive, at ``path`` that it is not to be read."""
        whole = PurePosixPath(path)
        above = ((folder, self.folders.get(folder.as_posix())) for folder in whole.parents)
        return any(whole.relative_to(folder).as_posix() in scope.skipped for folder, scope in above if scope is not None and scope.skipped)

    def missing_entries(self, paths: frozenset[str]) -> tuple[str, ...]:
        """The files that some `files:` entry names and that are not among ``paths``: misspelt, most likely."""
        named = {(PurePosixPath(folder) / name).as_posix() for folder, scope in self.folders.items() for name in scope.files}
        return tuple(sorted(named - paths))


def misspelt_scope(name: str) -> FolderScope:
    """The rules of a folder with a scope file that has the wrong name: a problem for every file below."""
    return FolderScope(problem=f"{name} is not read; rename it to {SCOPE_FILE}")


def read_scope_file(file: Path, name: str) -> FolderScope:
    """The rules in ``file``, called ``name`` in messages. A malformed file gives rules that carry the problem, not an error."""
    try:
        return _parse_scope_file(file, name)
    except ParseError as error:
        return FolderScope(problem=str(error))


def _parse_scope_file(file: Path, name: str) -> FolderScope:
    values = _load(file, name)
    entries = values.pop("files", None) or {}
    if not isinstance(entries, Mapping):
        raise ParseError(f"{name}: 'files' must map file names to their keys")
    files: dict[str, Metadata] = {}
    skipped: set[str] = set()
    for raw_path, entry in entries.items():
        path = PurePosixPath(str(raw_path)).as_posix()
        if not isinstance(entry, Mapping):
            raise ParseError(f"{name}: the entry for {path!r} must hold keys such as 'audience: internal'")
        keys = dict(entry)
        if _is_skipped(keys.pop(SKIP, False), f"{name}: {path}"):
            skipped.add(path)
        files[path] = read_metadata(keys, f"{name}: {path}", foreign_keys=False)
        files[path].scope()
    return FolderScope(read_metadata(values, name, foreign_keys=False), files, skipped=frozenset(skipped))


def _is_skipped(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise ParseError(f"{where}: skip is {value!r}; write 'skip: true', or leave it out")
    return value


def _load(file: Path, name: str) -> dict[str, object]:
    try:
        if file.stat().st_size > LARGEST_SCOPE_FILE:
            raise ParseError(f"{name}: larger than {LARGEST_SCOPE_FILE:,} bytes")
        values = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(f"{name}: cannot be read ({error})") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: an impossible day such as 2026-02-30
        raise ParseError(f"{name}: is not YAML ({' '.join(str(error).split())})") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ParseError(f"{name}: must hold keys such as 'audience: internal'")
    return {str(key): value for key, value in values.items()}
