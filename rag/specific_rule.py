"""The rule made for the asker's own region, channel or product goes before the general one about the same matter."""

from collections.abc import Sequence
from dataclasses import replace

from kb.scope import REGION_MEMBERS, Scope, SearchScope, canonical_region, country_of, region_contains
from kb.search import Hit
from rag.draft import Evidence, ScoredUnit
from rag.same_matter import SameMatter

PLACES = (6, 7)
"""Where the best specific passages are put in that stand further behind: the reader reads eight."""
READ = 24
"""Sentences that are compared: the best."""
LOGIT_MARGIN = 2.5
"""How much less the reader may think of the specific sentence than of the general one."""
LEAST_LOGIT = -3.5
"""The least that the reader must think of the specific sentence."""
ALIKE = 0.575
ALIKE_ACROSS = 0.47
"""How alike the two must be, in one language and across two; more than for telling that another rule exists, for here one is left out."""


def prefer_specific(evidence: Evidence, search: SearchScope, matter: SameMatter) -> Evidence:
    """``evidence`` without the passages that tell in general what another tells for the region, channel or product of ``search``.

    What takes their place stands where they stood: it may be in another language, which costs it score.
    """
    best = evidence.units[:READ]
    ranks = {id(scored): specificity(scored.unit.hit.passage.scope, search) for scored in best}
    if evidence.abstain is not None or len(set(ranks.values())) < 2:
        return evidence
    beaten: set[str] = set()
    raised: dict[int, float] = {}
    for scored in best:
        closer = _closer(scored, best, ranks, evidence.question, matter)
        if closer:
            beaten.add(scored.unit.hit.passage.id)
            raised[id(closer[0])] = max(scored.score, closer[0].score, raised.get(id(closer[0]), closer[0].score))
    kept = [scored for scored in evidence.units if scored.unit.hit.passage.id not in beaten]
    units = [replace(scored, score=raised.get(id(scored), scored.score)) for scored in kept]
    return replace(
        evidence,
        hits=tuple(hit for hit in evidence.hits if hit.passage.id not in beaten),
        units=tuple(sorted(units, key=lambda scored: -scored.score)),
    )


def with_specific(hits: Sequence[Hit], search: SearchScope) -> list[Hit]:
    """``hits`` with the best of those made for the region, channel or product of ``search`` among the first eight.

    A rule in another language than the question's stands far behind, and is the one that holds.
    """
    general = (0, 0, 0)
    behind = [hit for hit in hits[PLACES[-1] + 1 :] if specificity(hit.passage.scope, search) > general]
    merged = list(hits)
    for place, hit in zip(PLACES, behind, strict=False):
        merged.remove(hit)
        merged.insert(place, replace(hit, score=min(hit.score, merged[place - 1].score)))
    return merged


def specificity(scope: Scope, search: SearchScope) -> tuple[int, int, int]:
    """How closely ``scope`` fits ``search``, in product, channel and region; what ``search`` does not name counts for nothing.

    A rule for the state goes before one for its country, that before one for a group of countries, and that before one for everywhere.
    """
    product = 1 if search.product is not None and scope.products else 0
    channel = 1 if search.channel is not None and scope.channels else 0
    return product, channel, _closeness(scope.regions, search.region)


def _closeness(regions: Sequence[str], region: str | None) -> int:
    if region is None:
        return 0
    here = canonical_region(region)
    rules = [rule for rule in map(canonical_region, regions) if region_contains(rule, here)]
    return max((1 if rule in REGION_MEMBERS else 2 if country_of(rule) is None else 3 for rule in rules), default=0)


def _closer(
    scored: ScoredUnit, best: Sequence[ScoredUnit], ranks: dict[int, tuple[int, int, int]], question: str, matter: SameMatter
) -> list[ScoredUnit]:
    """Those of ``best`` that tell more closely what ``scored`` tells, the likest first."""
    ours = ranks[id(scored)]
    closer = [
        other
        for other in best
        if ranks[id(other)] != ours
        and all(theirs >= mine for theirs, mine in zip(ranks[id(other)], ours, strict=True))
        and other.logit >= max(LEAST_LOGIT, scored.logit - LOGIT_MARGIN)
    ]
    return [other for likeness, other in matter.among(question, scored, closer) if likeness >= _least_likeness(scored, other)]


def _least_likeness(one: ScoredUnit, other: ScoredUnit) -> float:
    return ALIKE if one.unit.hit.passage.language == other.unit.hit.passage.language else ALIKE_ACROSS
