"""Other rules for the same matter: for the regions that a question leaves open (all without one, else the parts of its own), and on
another day that it names.

What is told is only that there is such a rule and where or when, never what it says. A rule counts when it is about the same matter
(`rag.same_matter`), does not tell the same, and speaks of what a question of yes or no asks ("Can I pause my subscription?": not of
another thing that is done with subscriptions).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from kb.scope import SearchScope, canonical_region, region_contains
from kb.search import Hit, HybridSearch
from kb.version import Version
from rag.conflict.polarity import is_polar
from rag.conflict.statement import matter_words
from rag.draft import Evidence, ScoredUnit
from rag.evidence import EvidenceScorer
from rag.facts.fact import Fact, find_facts
from rag.query import Query
from rag.source_strength import SourceKind, source_kind
from rag.unit import Unit, units_of

FETCHED = 32
"""Passages searched for; those that hold here are among them."""
PER_PLACE = 2
"""Passages read for each set of regions."""


class Elsewhere:
    """Looks for other rules. Safe for concurrent use; holds no state."""

    def __init__(self, search: HybridSearch, scorer: EvidenceScorer) -> None:
        self._search = search
        self._scorer = scorer

    def regions(self, query: Query, evidence: Evidence, version: Version) -> tuple[str, ...]:
        """The codes of the regions for which another rule answers what ``evidence`` answers, in alphabetical order.

        Costs one more search and reading, and only where the version has rules for a region that is left open, for this reader.
        """
        here = query.scope
        everywhere = replace(here, every_region=True)
        left_open = frozenset(code for code in version.admission.regions(here.audience) if _is_left_open(code, here))
        if not left_open or not evidence.units:
            return ()
        if not bool(np.any(version.admission.mask(everywhere) & ~version.admission.mask(here))):
            return ()
        found = self._search.search(version, [evidence.question], FETCHED, everywhere)[0]
        regional = [hit for hit in found if source_kind(hit) is not SourceKind.MANUAL and not left_open.isdisjoint(_regions(hit))]
        return self._same_matter(evidence, _spread([hit for hit in regional if _holds_in_its_region(version, hit, here)]), left_open)

    def held_otherwise(self, query: Query, evidence: Evidence, day: date, version: Version) -> bool:
        """Whether on ``day`` the question was answered otherwise, by a document that does not hold from the point of view of ``query``."""
        then = replace(query, as_of=day)
        found = self._search.search(version, [evidence.question], FETCHED, then.scope)[0]
        weighed = self._scorer.weigh(then, evidence.question, found, version)
        if weighed.abstain is not None or not weighed.units or not evidence.units:
            return False
        best = weighed.units[0]
        return not holds(version, best.unit.hit, query.scope) and not _says_the_same(best, evidence.units[0])

    def _same_matter(self, evidence: Evidence, regional: Sequence[Hit], left_open: frozenset[str]) -> tuple[str, ...]:
        units = units_of(regional)
        if not units:
            return ()
        logits = np.concatenate(self._scorer.read(evidence.question, units))
        others = [ScoredUnit(unit, float(logit), 0.0, 0.0) for unit, logit in zip(units, logits, strict=True)]
        best = evidence.units[0]
        told: set[str] = set()
        for _, other in self._scorer.matter.among(evidence.question, best, others):
            if not _says_the_same(other, best) and _speaks_of_it(evidence.question, best.unit, other.unit):
                told |= _regions(other.unit.hit) & left_open
        return tuple(sorted(map(canonical_region, told)))


def holds(version: Version, hit: Hit, scope: SearchScope) -> bool:
    """Whether ``hit`` may be used for a search with ``scope``."""
    ordinal = version.ordinal(hit.passage.id)
    return ordinal is not None and bool(version.admission.mask(scope)[ordinal])


def _is_left_open(code: str, here: SearchScope) -> bool:
    """Whether who asks from ``here`` may mean the region ``code``: any without a region, else the parts of theirs."""
    return here.region is None or (code != here.region and region_contains(here.region, code))


def _regions(hit: Hit) -> frozenset[str]:
    return frozenset(hit.passage.scope.regions)


def _holds_in_its_region(version: Version, hit: Hit, here: SearchScope) -> bool:
    """Whether it holds on the day and in the channel asked for, in a region of its own, and not here as well."""
    regions = hit.passage.scope.regions
    return not holds(version, hit, here) and any(holds(version, hit, replace(here, region=region)) for region in regions)


def _spread(hits: Sequence[Hit]) -> list[Hit]:
    """The best passages of each set of regions, the best of every set before any second."""
    places: dict[tuple[str, ...], list[Hit]] = {}
    for hit in hits:
        places.setdefault(hit.passage.scope.regions, []).append(hit)
    return [hits[row] for row in range(PER_PLACE) for hits in places.values() if row < len(hits)]


def _speaks_of_it(question: str, best: Unit, other: Unit) -> bool:
    """Whether ``other`` has the words that a question of yes or no shares with its answer; across languages that cannot be told."""
    language = best.hit.passage.language
    if other.hit.passage.language != language or not is_polar(question):
        return True
    shared = matter_words(question, language) & matter_words(best.text, language)
    return shared <= matter_words(f"{other.context}\n{other.text}", language)


def _says_the_same(one: ScoredUnit, other: ScoredUnit) -> bool:
    """Whether both tell values, and one of them none but the other's, or are word for word the same."""
    ours, theirs = _values(one), _values(other)
    if not ours or not theirs:
        return one.unit.text == other.unit.text
    return _are_among(ours, theirs) or _are_among(theirs, ours)


def _are_among(few: Sequence[Fact], many: Sequence[Fact]) -> bool:
    return all(any(fact.agrees(other) for other in many) for fact in few)


def _values(scored: ScoredUnit) -> list[Fact]:
    return [fact for fact in find_facts(scored.unit.text, scored.unit.hit.passage.language) if fact.kind in {"number", "date"}]
