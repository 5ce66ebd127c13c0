"""A set of files with a manifest of its own, as a folder or as one ``.tar``: what a backup is made of.

``backup.json``, which comes last, holds the digest of every other file, so that an archive is whole or noticed not to be.
"""

import hashlib
import json
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from dataclasses import replace as with_changes
from pathlib import Path, PurePosixPath
from typing import IO, Any

from kb.errors import VersionDamagedError
from kb.files import READ_SIZE, Bytes, FileDigest, disk_errors, fsync_directory, fsync_tree, make_folder, remove, replace, write_file

CONTENTS_NAME = "backup.json"
FORMAT = 1
_SUFFIX = ".tar"
_BLOCK = 512
_ADVICE = "Use another backup."


@dataclass(frozen=True, slots=True)
class ArchiveContents:
    """The content of ``backup.json``. ``files`` maps names to digests; ``documents`` maps the ids of documents to content hashes."""

    version: str
    created: str
    documents: Mapping[str, str]
    files: Mapping[str, FileDigest] = field(default_factory=dict)
    format: int = FORMAT


def _ignore(_steps: int) -> None:
    """Nobody wants to be told."""


def write_archive(
    target: Path, sources: Mapping[str, Path], label: ArchiveContents, advance: Callable[[int], None] = _ignore
) -> ArchiveContents:
    """Writes the files ``sources`` (by their names in the archive) to ``target``, a new folder, or a new file ending in ``.tar``.

    ``label`` says all of the contents but the files. ``advance`` is told of each file, once written and once read back.
    The archive stands there when it is complete, readable by its owner only, and read back; a crash leaves at most `partial_of` it
    behind, which the next call replaces. Raises StorageFullError, StorageDeniedError, KnowledgeBaseError.
    """
    partial = partial_of(target)
    with disk_errors(target, sum(path.stat().st_size for path in sources.values())):
        make_folder(target.parent)
        remove(partial)
        try:
            _write(partial, target.suffix == _SUFFIX, sources, label, advance)
            contents = verify_archive(partial, advance)
        except BaseException:
            with suppress(OSError):  # what stopped it is told; a copy that is no use must not keep the disk full besides
                remove(partial)
            raise
        replace(partial, target)
    return contents


def partial_of(target: Path) -> Path:
    """Where `write_archive` writes what becomes ``target``."""
    return target.with_name(f"{target.name}.partial")


def _write(
    partial: Path, as_tar: bool, sources: Mapping[str, Path], label: ArchiveContents, advance: Callable[[int], None]
) -> None:
    if as_tar:
        partial.touch(0o600)  # before anything secret stands in it
        write_file(partial, _tar_pieces(sources, label, advance))
    else:
        _write_folder(partial, sources, label, advance)


def verify_archive(path: Path, advance: Callable[[int], None] = _ignore) -> ArchiveContents:
    """Reads the whole archive; ``advance`` is told of each file.

    Raises VersionDamagedError, naming what is missing or differs, StorageDeniedError.
    """
    with open_archive(path) as archive:
        for name in archive.contents.files:
            for _ in archive.pieces(name):
                pass
            advance(1)
        return archive.contents


class Archive:
    """An open archive. Get it from `open_archive`."""

    def __init__(self, path: Path, tar: tarfile.TarFile | None) -> None:
        self.path = path
        self._tar = tar
        self.contents = self._read_contents()

    def names(self, folder: str) -> list[str]:
        """The names of the files below ``folder``, relative to it."""
        return sorted(name.removeprefix(f"{folder}/") for name in self.contents.files if name.startswith(f"{folder}/"))

    def pieces(self, name: str) -> Iterator[Bytes]:
        """The content of a file, piece by piece; at its end VersionDamagedError if it was not what the archive says."""
        expected = self.contents.files.get(name)
        digest, size = hashlib.sha256(), 0
        with self._open(name) as file:
            while piece := file.read(READ_SIZE):
                digest.update(piece)
                size += len(piece)
                yield piece
        if FileDigest(digest.hexdigest(), size) != expected:
            raise VersionDamagedError(f"{name} in {self.path} is damaged: its SHA-256 differs. {_ADVICE}")

    def read(self, name: str) -> bytes:
        """The content of a file. Raises VersionDamagedError."""
        return b"".join(bytes(piece) for piece in self.pieces(name))

    def _read_contents(self) -> ArchiveContents:
        try:
            with self._open(CONTENTS_NAME) as file:
                body: dict[str, Any] = json.loads(file.read())
            if body.pop("checksum") != _checksum(body) or body["format"] != FORMAT:
                raise VersionDamagedError(f"{CONTENTS_NAME} in {self.path} is damaged, or of another release. {_ADVICE}")
            files = {_checked_name(name): FileDigest(**digest) for name, digest in body.pop("files").items()}
            return ArchiveContents(**body, files=files)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise VersionDamagedError(f"{CONTENTS_NAME} in {self.path} cannot be read ({error}). {_ADVICE}") from error

    @contextmanager
    def _open(self, name: str) -> Iterator[IO[bytes]]:
        missing = VersionDamagedError(f"{self.path} is no backup, or not a whole one: {name} is missing. {_ADVICE}")
        try:
            file = (self.path / name).open("rb") if self._tar is None else self._tar.extractfile(name)
        except (FileNotFoundError, NotADirectoryError, KeyError) as error:
            raise missing from error
        if file is None:
            raise missing
        with file:
            yield file


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Opens the archive at ``path``. Raises VersionDamagedError if it is none, StorageDeniedError."""
    try:
        with disk_errors(path):
            if path.is_dir():
                yield Archive(path, None)
                return
            with tarfile.open(path, "r:") as tar:
                yield Archive(path, tar)
    except (tarfile.TarError, FileNotFoundError, EOFError) as error:
        raise VersionDamagedError(f"{path} is no backup, or not a whole one ({error}). {_ADVICE}") from error


def _write_folder(folder: Path, sources: Mapping[str, Path], label: ArchiveContents, advance: Callable[[int], None]) -> None:
    digests = {}
    make_folder(folder)
    folder.chmod(0o700)
    for name, source in sources.items():
        make_folder((folder / name).parent)
        digests[name] = write_file(folder / name, _file_pieces(source))
        advance(1)
    write_file(folder / CONTENTS_NAME, (_contents_bytes(label, digests),))
    fsync_tree(folder)
    fsync_directory(folder.parent)


def _tar_pieces(sources: Mapping[str, Path], label: ArchiveContents, advance: Callable[[int], None]) -> Iterator[Bytes]:
    digests = {}
    for name, source in sources.items():
        size = source.stat().st_size
        yield _tar_header(name, size)
        digest, written = hashlib.sha256(), 0
        for piece in _file_pieces(source):
            digest.update(piece)
            written += len(piece)
            yield piece
        if written != size:
            raise VersionDamagedError(f"{source} changed while it was copied. Run the command again.")
        yield bytes(-size % _BLOCK)
        digests[name] = FileDigest(digest.hexdigest(), size)
        advance(1)
    last = _contents_bytes(label, digests)
    yield _tar_header(CONTENTS_NAME, len(last))
    yield last + bytes(-len(last) % _BLOCK + 2 * _BLOCK)


def _tar_header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.PAX_FORMAT)


def _file_pieces(source: Path) -> Iterator[Bytes]:
    with source.open("rb", buffering=0) as file:
        while piece := file.read(READ_SIZE):
            yield piece


def _contents_bytes(label: ArchiveContents, digests: Mapping[str, FileDigest]) -> bytes:
    body = asdict(with_changes(label, files=digests))
    return json.dumps(body | {"checksum": _checksum(body)}, indent=1, sort_keys=True).encode()


def _checksum(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _checked_name(name: str) -> str:
    """``name``, if it stays within the folder that it is unpacked into."""
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts:
        raise ValueError(f"a file is named {name!r}")
    return name
