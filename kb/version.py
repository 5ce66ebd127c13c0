"""A version of the knowledge base: immutable, verified when it is opened, read by many threads at once."""

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache, partial
from pathlib import Path
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from kb.admission import Admission, build_admission
from kb.arrays import open_array
from kb.database import RECORD_NAME
from kb.document import BlockKind, Document
from kb.document_summary import DocumentName, DocumentSummary
from kb.encoder import FloatArray
from kb.errors import VersionDamagedError
from kb.files import digest_file, disk_errors
from kb.index_type import build_index
from kb.lexical_index import LexicalIndex, load_lexical
from kb.manifest import MANIFEST_NAME, Manifest
from kb.passage import Passage
from kb.record import Record
from kb.scope import AUDIENCES, Audience
from kb.spread import Spread, spread_of
from kb.vector_index import VectorIndex
from kb.vectors import find_bad_vector
from kb.version_outline import VersionOutline

VECTORS_NAME = "vectors.npy"
LEXICAL_NAME = "lexical"
REMEMBERED_NAMES = 4096
"""Documents whose source and path are kept in memory: each hit of each search is shown with them."""


class Version:
    """One version, open for reading. Build it with `Version.open`.

    ``vectors`` [passages, dimension] float32 is mapped from disk, a row per passage ordinal. The indexes of an audience
    are built from it when they are first asked for, or all at once by `warm`.
    """

    def __init__(self, path: Path, manifest: Manifest, record: Record, vectors: FloatArray, admission: Admission) -> None:
        self.path = path
        self.manifest = manifest
        self.vectors = vectors
        self.admission = admission
        self._record = record
        self._document_name = lru_cache(REMEMBERED_NAMES)(record.document_name)
        self._vector_indexes: dict[str, VectorIndex] = {}
        self._lexical_indexes: dict[str, LexicalIndex] = {}
        self._language_indexes: dict[tuple[str, str], VectorIndex] = {}
        self._spreads: dict[str, Spread] = {}
        self._titles: dict[str, frozenset[str]] = {}
        self._audience_languages: dict[str, tuple[str, ...]] = {}
        self._lock = RLock()  # held while an index is built: a second thread waits for it rather than building it too

    @classmethod
    def open(cls, path: Path, verify: bool = True) -> "Version":
        """Opens the version in the folder ``path``. ``verify`` compares every file with its digest in the manifest.

        Raises VersionDamagedError naming the file that is missing, changed or inconsistent.
        """
        with disk_errors(path):
            manifest = read_manifest(path)
            if verify:
                _verify_files(path, manifest)
            vectors = _open_vectors(path / VECTORS_NAME, manifest)
            record = Record(path / RECORD_NAME)
        try:
            admission = _open_admission(record, len(vectors))
        except BaseException:
            record.close()
            raise
        return cls(path, manifest, record, vectors, admission)

    @property
    def id(self) -> str:
        """The version's number, as six digits: ``000042``."""
        return self.manifest.id

    @cached_property
    def languages(self) -> NDArray[np.str_]:
        """The language of each passage [passages], by ordinal."""
        return self._record.languages()

    def languages_of(self, audience: Audience) -> tuple[str, ...]:
        """The languages of the passages that ``audience`` may see, the most frequent first."""
        with self._lock:
            if audience not in self._audience_languages:
                names, counts = np.unique(self.languages[self.admission.ordinals(audience)], return_counts=True)
                self._audience_languages[audience] = tuple(str(names[place]) for place in np.argsort(-counts, kind="stable"))
            return self._audience_languages[audience]

    def warm(self) -> None:
        """Builds the indexes of every audience now, so that no search waits for them. Raises VersionDamagedError."""
        for audience in AUDIENCES:
            self.lexical_index(audience)
            self.titles(audience)
            self.languages_of(audience)
            if len(self.admission.ordinals(audience)):
                self.spread(audience)
            for language in np.unique(self.languages[self.admission.ordinals(audience)]):
                self.language_index(audience, str(language))

    def vector_index(self, audience: Audience) -> VectorIndex:
        """The vector index over what ``audience`` may see, in all languages."""
        shared = self._index_of(audience)
        with self._lock:
            if shared not in self._vector_indexes:
                self._vector_indexes[shared] = self._build_index(self.admission.ordinals(shared))
            return self._vector_indexes[shared]

    def language_index(self, audience: Audience, language: str) -> VectorIndex:
        """The vector index over what ``audience`` may see in ``language``: `kb.search` ranks each language by itself."""
        shared = self._index_of(audience)
        with self._lock:
            if (shared, language) not in self._language_indexes:
                ordinals = self.admission.ordinals(shared)
                chosen = ordinals[self.languages[ordinals] == language]
                self._language_indexes[shared, language] = self._build_index(chosen)
            return self._language_indexes[shared, language]

    def lexical_index(self, audience: Audience) -> LexicalIndex:
        """The lexical index over what ``audience`` may see. Raises VersionDamagedError if it cannot be read."""
        shared = self._index_of(audience)
        with self._lock:
            if shared not in self._lexical_indexes:
                self._lexical_indexes[shared] = _open_lexical(self.path / LEXICAL_NAME / shared, self.admission.ordinals(shared))
            return self._lexical_indexes[shared]

    def spread(self, audience: Audience) -> Spread:
        """How the vectors of what ``audience`` may see lie, which must be one passage at least."""
        shared = self._index_of(audience)
        with self._lock:
            if shared not in self._spreads:
                self._spreads[shared] = spread_of(self.vectors, self.admission.ordinals(shared))
            return self._spreads[shared]

    def outline(self) -> VersionOutline:
        """All documents and passages without their texts, whoever may see them."""
        return self._record.outline()

    def passages(self, ordinals: Iterable[int]) -> list[Passage]:
        """The passages at ``ordinals``, in that order. Raises IndexError for an ordinal that is not in the version."""
        return self._record.passages(ordinals)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with ``passage_id``, or None."""
        return self._record.passage(passage_id)

    def ordinal(self, passage_id: str) -> int | None:
        """The ordinal of the passage with ``passage_id``, which is its row in ``vectors``, or None."""
        return self._record.ordinal(passage_id)

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of one document, by ordinal, whoever may see them. Empty for an unknown document."""
        return self._record.passages_of(document_id)

    def ordinals_of_kind(self, kind: BlockKind) -> list[int]:
        """The ordinals of the passages of ``kind``, ascending, whoever may see them."""
        return self._record.ordinals_of_kind(kind)

    def document(self, document_id: str) -> Document | None:
        """The document with ``document_id``, whoever may see it, or None."""
        return self._record.document(document_id)

    def has_document(self, document_id: str) -> bool:
        """Whether the version holds the document with ``document_id``, whoever may see it."""
        return self._record.document_name(document_id) is not None

    def content_hashes(self) -> set[str]:
        """The content hashes of all documents: the originals that the version uses."""
        return self._record.content_hashes()

    def integrity_problem(self) -> str | None:
        """What SQLite finds wrong with the record when it examines all of it, or None."""
        return self._record.integrity_problem()

    def document_name(self, document_id: str) -> DocumentName:
        """Source and path of the document with ``document_id``, which must be in the version (KeyError)."""
        name = self._document_name(document_id)
        if name is None:
            raise KeyError(document_id)
        return name

    def titles(self, audience: Audience) -> frozenset[str]:
        """The titles of all passages that ``audience`` may see."""
        with self._lock:
            if audience not in self._titles:
                self._titles[audience] = self._record.titles(audience)
            return self._titles[audience]

    def all_documents(self, source: str | None = None) -> Iterator[Document]:
        """Every document (of one source), one at a time by source and path, also those without any passage."""
        return self._record.all_documents(source)

    def documents(self, audience: Audience, offset: int = 0, limit: int = 100, source: str | None = None) -> list[DocumentSummary]:
        """The documents of which ``audience`` may see at least one passage, by source and path, a page at a time."""
        return self._record.summaries(audience, offset, limit, source)

    def document_count(self, audience: Audience, source: str | None = None) -> int:
        """How many documents `documents` lists in all."""
        return self._record.summary_count(audience, source)

    def close(self) -> None:
        """Closes the files and lets the memory go. Nothing may be read afterwards; closing twice is fine."""
        with self._lock:
            self._record.close()
            self._vector_indexes.clear()
            self._language_indexes.clear()
            self._lexical_indexes.clear()
            self._spreads.clear()
            self.vectors = np.empty((0, self.manifest.dimension), np.float32)

    def _build_index(self, ordinals: NDArray[np.int32]) -> VectorIndex:
        return build_index(self.manifest.index_type, self.vectors, ordinals, self.admission)

    def _index_of(self, audience: Audience) -> Audience:
        # Without internal passages both audiences see the same, and one index serves both.
        counts = self.manifest.counts
        return "public" if counts["passages_public"] == counts["passages"] else audience


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the version in ``folder``. Raises VersionDamagedError naming the file."""
    path = folder / MANIFEST_NAME
    try:
        return Manifest.from_json(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError) as error:
        raise VersionDamagedError(f"{path} cannot be read ({error}). {_WHAT_NEXT}") from error
    except VersionDamagedError as error:
        raise VersionDamagedError(f"{path}: {error}. {_WHAT_NEXT}") from error


_WHAT_NEXT = "Go back to an older version with `citedesk rollback`, or run `citedesk ingest` again."


def _verify_files(folder: Path, manifest: Manifest) -> None:
    for name, expected in manifest.files.items():
        path = folder / name
        try:
            size = path.stat().st_size
            if size != expected.size:
                raise VersionDamagedError(f"{path} has {size} bytes instead of {expected.size}. {_WHAT_NEXT}")
            if digest_file(path) != expected:
                raise VersionDamagedError(f"{path} has changed since it was written: its SHA-256 differs. {_WHAT_NEXT}")
        except FileNotFoundError as error:
            raise VersionDamagedError(f"{path} is missing. {_WHAT_NEXT}") from error


def _open_vectors(path: Path, manifest: Manifest) -> FloatArray:
    vectors = open_array(path)
    expected = (manifest.counts["passages"], manifest.dimension)
    if vectors.dtype != np.float32 or vectors.shape != expected:
        raise VersionDamagedError(f"{path} holds {vectors.dtype} {vectors.shape} instead of float32 {expected}. {_WHAT_NEXT}")
    bad = find_bad_vector(vectors)
    if bad is not None:
        raise VersionDamagedError(f"{path}: row {bad.row} is {bad.reason}. {_WHAT_NEXT}")
    return vectors


def _open_admission(record: Record, rows: int) -> Admission:
    scopes = record.scopes()
    if len(scopes.passage_scopes) != rows:
        raise VersionDamagedError(f"{record.path} holds {len(scopes.passage_scopes)} passages for {rows} vectors. {_WHAT_NEXT}")
    return build_admission(scopes.documents, scopes.scopes, scopes.passage_documents, scopes.passage_scopes)


def _open_lexical(folder: Path, ordinals: NDArray[np.int32]) -> LexicalIndex:
    damaged = partial(VersionDamagedError, f"{folder} does not hold the lexical index of this version. {_WHAT_NEXT}")
    try:
        index = load_lexical(folder)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise damaged() from error
    if not np.array_equal(index.ordinals, ordinals):
        raise damaged()
    return index
