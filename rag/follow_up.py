"""The passages for a question of a conversation: those for the question as rewritten, and those of the turn before it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from kb.search import Hit, HybridSearch
from kb.version import Version
from rag.query import Query
from rag.reference import Reference, reference_of
from rag.rewrite import thread_before

ALONE_PENALTY = 0.5
"""How far the user's words alone have to be ahead where they surely refer back; rules err, and these may find their answer alone."""
PLACES = {Reference.POSSIBLE: (1, 3, 5), Reference.CERTAIN: (5, 6, 7)}
"""Where the best passages of the turn before are put in, 0 being the first place; the reader reads eight."""
WRITTEN_PLACES = (1, 3)
"""Where those of the model's rewriting are put in: however badly it rewrote, what was found without it moves two places at most."""


def candidates(search: HybridSearch, version: Version, query: Query, question: str, k: int, also: str | None = None) -> list[Hit]:
    """The ``k`` best passages for ``question``, which is ``query`` as rewritten; for a follow-up also those of the turn before.

    A passage found by the question and by the user's words alone has the better of both scores. The turn before
    is searched again, because nothing is kept between questions; its best passages follow the first five. What a language model
    made of the question is ``also`` searched for, where it made anything of it: its best passages are put in between.

    Raises:
        EncoderMismatchError: the version was embedded with another encoder.
    """
    reference = reference_of(query.text)
    before = thread_before(query)
    if reference not in PLACES or not before.lines:
        return search.search(version, [question], k, query.scope)[0]
    certain = reference is Reference.CERTAIN
    earlier = before.question if certain else f"{before.question}\n{query.text}"
    asked = [question, query.text, earlier, *([] if also is None else [also])]
    now, alone, previous, *written = search.search(version, asked, k, query.scope)
    penalty = ALONE_PENALTY if certain else 0.0
    hits = _put_in(previous, PLACES[reference], _better(now, [replace(hit, score=hit.score - penalty) for hit in alone]))
    for found in written:
        hits = _put_in(found, WRITTEN_PLACES, hits)
    return hits[:k]


def _better(*lists: Iterable[Hit]) -> list[Hit]:
    """The lists as one, each passage once with its better score, best first."""
    best: dict[str, Hit] = {}
    for hit in sorted(chain(*lists), key=lambda hit: -hit.score):
        best.setdefault(hit.passage.id, hit)
    return list(best.values())


def _put_in(previous: Sequence[Hit], places: Sequence[int], hits: Sequence[Hit]) -> list[Hit]:
    """``hits`` with the best of ``previous`` at ``places``, unless they stand before these; scored no higher than the hit before."""
    merged = list(hits)
    for place, hit in zip(places, previous, strict=False):
        if hit.passage.id in {other.passage.id for other in merged[:place]}:
            continue
        merged = [other for other in merged if other.passage.id != hit.passage.id]
        before = merged[min(place, len(merged)) - 1]
        merged.insert(place, replace(hit, score=min(hit.score, before.score)))
    return merged
