"""What must be true of a data folder after anything at all has happened to its writer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from kb.encoders.hashing import HashingEncoder
from kb.errors import CitedeskError
from kb.live import LiveVersion
from kb.scope import SearchScope
from kb.store import VersionStore
from kb.version import Version

Contents = Mapping[str, str]
"""The content hash of every document, by path."""


_DAY = date(2026, 5, 4)


@dataclass(frozen=True)
class Violation:
    """What is wrong, as one of the five kinds that are counted, and where."""

    kind: str
    detail: str


def examine(store: VersionStore, before: Contents, after: Contents, acknowledged: bool) -> list[Violation]:
    """Opens the store as a starting server does and compares what it serves with the two states that are allowed.

    ``failed start``: nothing is served, or another version than the current one. ``lost``: an acknowledged change is not there.
    ``half-visible``: a mix of both states. ``phantom``: a document of neither.
    ``mismatch``: passages, vectors, indexes and originals do not belong together.
    """
    live = LiveVersion(store)
    try:
        if live.problem is not None:
            return [Violation("failed start", live.problem)]
        with live.lease() as version:
            return [*_compare(contents_of(version), before, after, acknowledged), *mismatches(store, version)]
    except CitedeskError as error:
        return [Violation("failed start", str(error))]
    finally:
        live.close()


def contents_of(version: Version) -> dict[str, str]:
    return {document.path: document.content_hash for document in version.all_documents()}


def mismatches(store: VersionStore, version: Version) -> list[Violation]:
    """Every passage's vector is that of its text, every index finds it, and its document's original is kept whole."""
    passages = version.passages(range(len(version.vectors)))
    expected = HashingEncoder(version.vectors.shape[1]).encode_passages([passage.encoded_text for passage in passages])
    wrong = np.flatnonzero(np.abs(version.vectors - expected).max(axis=1, initial=0.0) > 1e-6)
    found = [Violation("mismatch", f"the vector of passage {row} is not that of its text") for row in wrong]
    for ordinal in range(0, len(passages), 7):
        found += _unfound(version, ordinal, SearchScope(as_of=_DAY))
    for document in version.all_documents():
        try:
            store.objects.read(document.content_hash)
        except CitedeskError as error:
            found.append(Violation("mismatch", str(error)))
    return found


def _unfound(version: Version, ordinal: int, scope: SearchScope) -> list[Violation]:
    nearest = version.vector_index("public").search(version.vectors[ordinal : ordinal + 1], 1, scope)[0]
    same = bool(nearest) and np.allclose(version.vectors[nearest[0].ordinal], version.vectors[ordinal], atol=1e-6)
    match = version.lexical_index("public").score(version.passages([ordinal])[0].text)
    if same and match.scores[ordinal] > 0:
        return []
    return [Violation("mismatch", f"an index does not find passage {ordinal}")]


def _compare(found: Contents, before: Contents, after: Contents, acknowledged: bool) -> list[Violation]:
    if found == after:
        return []
    if found == before:
        return [Violation("lost", "the change was acknowledged and is not there")] if acknowledged else []
    known = set(before.items()) | set(after.items())
    strange = [path for path, content in found.items() if (path, content) not in known]
    return [Violation("phantom", f"{strange[0]} is of neither state")] if strange else [Violation("half-visible", "a mix of both states")]
