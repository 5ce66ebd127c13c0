"""Examines a version more thoroughly than opening it does: its record, its indexes against each other, canaries, originals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from kb.errors import VersionDamagedError
from kb.objects import ObjectStore
from kb.scope import AUDIENCES, Audience, SearchScope
from kb.text.tokens import tokenize
from kb.version import Version

CANARIES = 5
_SAME_SCORE = 1e-4  # passages of the same text have the same vector; rounding decides between them


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found in the version ``version``. ``problems`` are sentences; without any it is sound.

    ``checked`` counts what was looked at: files, documents, passages, canaries, originals.
    """

    version: str
    problems: tuple[str, ...]
    checked: Mapping[str, int]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def inspect(version: Version, objects: ObjectStore) -> Inspection:
    """Examines an open version, whose files were verified and whose vectors were checked when it was opened.

    Raises VersionDamagedError where an index cannot even be opened.
    """
    version.warm()
    canaries = [(audience, ordinal) for audience in AUDIENCES for ordinal in canary_ordinals(version, audience)]
    problems = [
        *_record_problems(version),
        *_document_problems(version),
        *(problem for audience, ordinal in canaries for problem in _canary_problems(version, audience, ordinal)),
        *_original_problems(version, objects),
    ]
    counts = version.manifest.counts
    checked = {"files": len(version.manifest.files), "documents": counts["documents"], "passages": counts["passages"]}
    return Inspection(version.id, tuple(problems), checked | {"canaries": len(canaries), "originals": len(version.content_hashes())})


def canary_ordinals(version: Version, audience: Audience) -> list[int]:
    """Passages that must find themselves, the same ones each time: those whose ids have the lowest hashes."""
    admitted = _admitted(version, audience)
    ids = [(sha256(passage.id.encode()).digest(), int(row)) for row, passage in zip(admitted, version.passages(admitted), strict=True)]
    return [row for _, row in sorted(ids)[:CANARIES]]


def _admitted(version: Version, audience: Audience) -> NDArray[np.int32]:
    ordinals = version.admission.ordinals(audience)
    return ordinals[version.admission.mask(_point_of_view(audience))[ordinals]]


def _point_of_view(audience: Audience) -> SearchScope:
    return SearchScope(datetime.now(UTC).date(), audience, anywhere=True)


def _record_problems(version: Version) -> Iterator[str]:
    wrong = version.integrity_problem()
    if wrong is not None:
        yield f"The record's integrity check says: {wrong}."
    for audience in AUDIENCES:
        # The lexical index was compared with these when it was opened, the vectors' rows with the passages.
        found, stated = len(version.admission.ordinals(audience)), version.manifest.counts[f"passages_{audience}"]
        if found != stated:
            yield f"The record shows {found} passages to {audience} readers, the manifest says {stated}."


def _document_problems(version: Version) -> Iterator[str]:
    documents = passages = 0
    for document in version.all_documents():
        documents += 1
        for passage in version.passages_of(document.id):
            passages += 1
            if passage.text != document.text[passage.start : passage.end]:
                yield f"Passage {passage.id} of {document.source}/{document.path} is not what stands at its place in the document."
    counts = version.manifest.counts
    if (documents, passages) != (counts["documents"], counts["passages"]):
        yield f"The record holds {documents} documents with {passages} passages, the manifest says {dict(counts)}."


def _canary_problems(version: Version, audience: Audience, ordinal: int) -> Iterator[str]:
    """The stored vector stands for the passage's own text, encoded: no encoder is needed."""
    passage = version.passages([ordinal])[0]
    vector, scope = version.vectors[ordinal : ordinal + 1], _point_of_view(audience)
    for index in (version.vector_index(audience), version.language_index(audience, passage.language)):
        best = index.search(vector, 1, scope)[0]
        if not best or float(version.vectors[best[0].ordinal] @ vector[0]) < float(vector[0] @ vector[0]) - _SAME_SCORE:
            yield f"Asked for itself, passage {passage.id} is not what {audience} readers find."
    lexical = version.lexical_index(audience)
    row = int(np.searchsorted(lexical.ordinals, ordinal))
    if tokenize(passage.encoded_text, passage.language) and lexical.score(passage.encoded_text).scores[row] <= 0:
        yield f"Asked for its own words, passage {passage.id} is not found by {audience} readers."


def _original_problems(version: Version, objects: ObjectStore) -> Iterator[str]:
    for content_hash in sorted(version.content_hashes()):
        try:
            objects.read(content_hash)
        except VersionDamagedError as error:
            yield str(error)
