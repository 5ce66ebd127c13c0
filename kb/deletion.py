"""Shows that a version holds nothing of a document: not its record, not its passages, not its vectors, not its words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kb.encoder import FloatArray
from kb.passage import Passage
from kb.scope import AUDIENCES
from kb.text.tokens import tokenize
from kb.version import Version

_AT_ONCE = 2000  # passages read at a time
_SAME = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Remains:
    """What a document once gave to a version: its passages, and their vectors [passages, dimension] made by ``encoder_id``."""

    passages: Sequence[Passage]
    vectors: FloatArray
    encoder_id: str


def remains_of(version: Version, document: str) -> Remains:
    """What the version holds of the document with the id ``document``."""
    passages = version.passages_of(document)
    rows = [row for row in (version.ordinal(passage.id) for passage in passages) if row is not None]
    return Remains(passages, np.array(version.vectors[np.array(rows, np.int64)]), version.manifest.encoder_id)


def traces_of(version: Version, document: str, remains: Sequence[Remains] = ()) -> Iterator[str]:
    """What the version still holds of the document with the id ``document``, a sentence each; nothing if it was deleted.

    ``remains`` are what older versions hold of it; without them only the ids can be looked for.
    """
    if version.has_document(document) or version.passages_of(document):
        yield f"Version {version.id} holds the document."
        return
    for one in remains:
        left = [passage.id for passage in one.passages if version.ordinal(passage.id) is not None]
        if left:
            yield f"Version {version.id} holds its passages {', '.join(left[:3])}."
    yield from _vector_traces(version, remains)
    yield from _term_traces(version, remains)


def _vector_traces(version: Version, remains: Sequence[Remains]) -> Iterator[str]:
    """A row that equals one of the document's, unless a passage of the same text stands there in its own right."""
    own = {passage.encoded_text for one in remains for passage in one.passages}
    for one in remains:
        if one.encoder_id != version.manifest.encoder_id or not len(one.vectors) or not len(version.vectors):
            continue
        nearest = np.argmax(version.vectors @ one.vectors.T, axis=0)
        rows = nearest[np.einsum("ij,ij->i", version.vectors[nearest], one.vectors) > _SAME]
        strangers = [passage.id for passage in version.passages(rows) if passage.encoded_text not in own]
        if strangers:
            yield f"Version {version.id} has its vector under another text, passage {strangers[0]}."


def _term_traces(version: Version, remains: Sequence[Remains]) -> Iterator[str]:
    """A word of the document in a lexical index, unless another passage has it."""
    terms = {term for one in remains for passage in one.passages for term in tokenize(passage.encoded_text, passage.language)}
    indexes = [version.lexical_index(audience) for audience in AUDIENCES]
    left = {term for term in terms if any(index.idf(term) is not None for index in indexes)}
    for passage in _all_passages(version):
        if not left:
            return
        left -= set(tokenize(passage.encoded_text, passage.language))
    if left:
        yield f"The lexical indexes of version {version.id} hold words that only it had, such as {sorted(left)[0]!r}."


def _all_passages(version: Version) -> Iterator[Passage]:
    total = len(version.vectors)
    for start in range(0, total, _AT_ONCE):
        yield from version.passages(range(start, min(start + _AT_ONCE, total)))
