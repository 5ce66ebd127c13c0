"""Documents that contradict each other: what is new or changed, held against the passages nearest to it in the same version.

Nobody asked a question, so nothing ranks the sentences: each of a new passage is compared with each of its neighbours', by the same
rules as while answering (`rag.conflict_finder`), where every doubt speaks against a conflict. Only values that differ count: without a
question nothing tells what a yes and a no are about (in the sample shop every such pair was a false alarm).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from kb.passage import Passage
from kb.scope import Audience, Scope, SearchScope
from kb.search import Hit
from kb.version import Version
from rag.conflict_finder import BEST_UNITS, OTHER_MARGIN, OTHER_UNITS, ConflictFinder, FoundConflict
from rag.draft import ScoredUnit
from rag.unit import Unit, units_of

MOST_PASSAGES = 500
"""The most passages that are examined: a first publication would compare the whole knowledge base with itself."""
MOST_PAIRS = 200
"""The most pairs that are listed."""
NEIGHBOURS = 8
"""Passages of other documents that each one is held against."""
_SEARCHED = 4 * NEIGHBOURS
"""Passages searched for, of which those of the same document are left out."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence and where it stands. ``document`` is the path within ``source``; ``page`` counts from 1."""

    passage_id: str
    document_id: str
    source: str
    document: str
    title: str
    page: int | None
    language: str
    audience: Audience
    quote: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements that cannot both hold, and a sentence about them. When ``equal``, nothing puts ``stronger`` first."""

    stronger: Statement
    weaker: Statement
    note: str
    equal: bool


@dataclass(frozen=True, slots=True)
class Contradictions:
    """The pairs found, and of how many new or changed passages: ``left_out`` ones were too many to examine.

    ``found`` counts all pairs, also those past the limit that are not in ``pairs``.
    """

    examined: int
    left_out: int
    found: int
    pairs: tuple[Contradiction, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        return {**asdict(self), "pairs": [asdict(pair) for pair in self.pairs]}


def find_contradictions(
    version: Version, passages: Sequence[Passage], as_of: date, advance: Callable[[int], None] = lambda _: None
) -> Contradictions:
    """The contradictions between ``passages``, which are of ``version``, and those nearest to them by their vectors.

    Passages of both audiences are examined, but not those superseded, or never in force on one day from ``as_of`` on. ``advance`` is told
    after each passage.
    """
    current = SearchScope(as_of, "internal", anywhere=True)
    admitted = version.admission.mask(current)
    ordinals = [ordinal for passage in passages if (ordinal := version.ordinal(passage.id)) is not None and admitted[ordinal]]
    examined = ordinals[:MOST_PASSAGES]
    finder = ConflictFinder()
    found: dict[frozenset[str], FoundConflict] = {}
    for ordinal in examined:
        nearest = version.vector_index("internal").search(np.asarray(version.vectors[ordinal][None, :]), _SEARCHED, current)[0]
        near = version.passages([ordinal, *(scored.ordinal for scored in nearest)])
        for other in _comparable(near[0], near[1:], as_of):
            if frozenset((near[0].id, other.id)) not in found:
                found |= {_key(conflict): conflict for conflict in contradictions(finder, _hit(version, near[0]), _hit(version, other))}
        advance(1)
    listed = [_contradiction(conflict) for conflict in list(found.values())[:MOST_PAIRS]]
    return Contradictions(len(examined), len(ordinals) - len(examined), len(found), tuple(listed))


def contradictions(finder: ConflictFinder, one: Hit, other: Hit) -> Iterator[FoundConflict]:
    """What ``one`` says that ``other`` contradicts; at most one conflict."""
    ours, theirs = units_of([one]), units_of([other])
    others = OTHER_UNITS - BEST_UNITS
    for start in range(0, len(ours), BEST_UNITS):
        first = _scored(ours[start : start + BEST_UNITS], 0.0)
        for begin in range(0, len(theirs), others):
            for conflict in finder.find("", [*first, *_scored(theirs[begin : begin + others], -OTHER_MARGIN)]):
                if not conflict.polar:
                    yield conflict
                    return


def _scored(units: Iterable[Unit], score: float) -> list[ScoredUnit]:
    """Units that may all answer: the finder takes those at the top score for the answer, and the rest for what may contradict it."""
    return [ScoredUnit(unit, 0.0, 0.0, score) for unit in units]


def _comparable(passage: Passage, nearest: Sequence[Passage], as_of: date) -> list[Passage]:
    return [
        other for other in nearest if other.document_id != passage.document_id and _hold_together(passage.scope, other.scope, as_of)
    ][:NEIGHBOURS]


def _hold_together(one: Scope, other: Scope, as_of: date) -> bool:
    """Whether there is a day from ``as_of`` on when both are in force."""
    begin = max(one.effective_from or as_of, other.effective_from or as_of, as_of)
    return begin <= min(one.effective_to or date.max, other.effective_to or date.max)


def _hit(version: Version, passage: Passage) -> Hit:
    name = version.document_name(passage.document_id)
    return Hit(passage, name.source, name.path, 0.0, 0.0, 0.0, 0.0)


def _key(conflict: FoundConflict) -> frozenset[str]:
    return frozenset((conflict.stronger.passage.id, conflict.weaker.passage.id))


def _contradiction(conflict: FoundConflict) -> Contradiction:
    sides = _statement(conflict.stronger, conflict.stronger_quote), _statement(conflict.weaker, conflict.weaker_quote)
    return Contradiction(*sides, conflict.note, conflict.equal)


def _statement(hit: Hit, quote: str) -> Statement:
    one = hit.passage
    place = (one.id, one.document_id, hit.source, hit.document, one.title, one.page)
    return Statement(*place, one.language, one.scope.audience, quote)
