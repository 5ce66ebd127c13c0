"""A version being built in the staging folder, which nobody reads and the next writer sweeps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb.arrays import write_array
from kb.database import RECORD_NAME
from kb.document import Document
from kb.encoder import FloatArray
from kb.errors import KnowledgeBaseError
from kb.files import FileDigest, digest_file, disk_errors, fsync_tree, make_folder
from kb.lexical_index import build_lexical
from kb.manifest import MANIFEST_NAME
from kb.passage import Passage
from kb.record_writer import RecordWriter
from kb.scope import Audience
from kb.vectors import find_bad_vector
from kb.version import LEXICAL_NAME, VECTORS_NAME


@dataclass(frozen=True, slots=True)
class StagedContents:
    """What was written into a staged version: counts as in the manifest, and the vectors' length."""

    sources: Mapping[str, int]
    counts: Mapping[str, int]
    dimension: int


class StagedVersion:
    """The version ``id`` in the making, in the folder ``path``; ``parent`` is the current version it will follow."""

    def __init__(self, path: Path, version_id: str, parent: str | None) -> None:
        self.path = path
        self.id = version_id
        self.parent = parent
        self._contents: StagedContents | None = None

    @property
    def contents(self) -> StagedContents:
        """What `write` wrote. Raises KnowledgeBaseError before that."""
        if self._contents is None:
            raise KnowledgeBaseError(f"Nothing was written into the staged version {self.id}.")
        return self._contents

    def write(self, documents: Iterable[Document], passages: Sequence[Passage], vectors: FloatArray) -> None:
        """Writes everything but the manifest. ``vectors`` [passages, dimension]: unit vectors, a row per passage.

        Raises KnowledgeBaseError when documents, passages and vectors do not fit each other, StorageFullError, StorageDeniedError.
        """
        _check_vectors(passages, vectors)
        with disk_errors(self.path, _estimated_size(passages, vectors)):
            make_folder(self.path)
            with RecordWriter(self.path / RECORD_NAME) as record:
                for document in documents:
                    record.add_document(document)
                for passage in passages:
                    record.add_passage(passage)
            write_array(self.path / VECTORS_NAME, vectors.astype(np.float32, copy=False))
            self._write_lexical(passages, record.visible)
        counts = {"documents": sum(record.sources.values()), "passages": record.passages}
        counts |= {f"passages_{audience}": len(ordinals) for audience, ordinals in record.visible.items()}
        self._contents = StagedContents(dict(sorted(record.sources.items())), counts, vectors.shape[1])

    def digests(self) -> dict[str, FileDigest]:
        """Forces all files onto the disk and returns their digests (of what they hold there) by path, the manifest aside."""
        with disk_errors(self.path):
            fsync_tree(self.path)
            files = sorted(path for path in self.path.rglob("*") if path.is_file() and path.name != MANIFEST_NAME)
            return {path.relative_to(self.path).as_posix(): digest_file(path) for path in files}

    def _write_lexical(self, passages: Sequence[Passage], visible: Mapping[Audience, Sequence[int]]) -> None:
        make_folder(self.path / LEXICAL_NAME)
        for audience, ordinals in visible.items():
            if audience == "public" or len(ordinals) > len(visible["public"]):  # see Version: equal sets share one index
                build_lexical(self.path / LEXICAL_NAME / audience, [passages[ordinal] for ordinal in ordinals], ordinals)


def _check_vectors(passages: Sequence[Passage], vectors: FloatArray) -> None:
    if vectors.ndim != 2 or len(vectors) != len(passages):
        raise KnowledgeBaseError(f"{len(passages)} passages cannot be stored with vectors of shape {vectors.shape}.")
    bad = find_bad_vector(vectors)
    if bad is not None:
        passage = passages[bad.row]
        raise KnowledgeBaseError(f"The encoder gave a vector that is {bad.reason} for {passage.title!r}, passage {passage.text[:60]!r}.")


def _estimated_size(passages: Sequence[Passage], vectors: FloatArray) -> int:
    # The text stands in passages, documents and, as terms, in the lexical indexes.
    return vectors.size * 4 + 4 * sum(len(passage.text) for passage in passages)
