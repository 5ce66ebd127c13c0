"""What is made of a question before anything is written: what was found, whether it answers, what contradicts what, who has to see it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kb.errors import DeadlineError
from kb.search import Hit, HybridSearch
from kb.tally import note_found, timed
from kb.version import Version
from rag.answer import Conflict
from rag.conflict.settle import answer_conflicts, settle
from rag.conflict_finder import ConflictFinder, FoundConflict
from rag.draft import Evidence
from rag.elsewhere import Elsewhere
from rag.evidence import EvidenceScorer
from rag.follow_up import candidates
from rag.outside_scope import find_outside
from rag.person_need import PersonKind, PersonNeed, PersonNeedFinder
from rag.products import guard_for
from rag.query import Query
from rag.rewriter import Rewriter, Rewriting, RuleRewriter
from rag.small_talk import asks_nothing
from rag.specific_rule import prefer_specific, with_specific

RETRIEVED = 12
SEARCHED = 24
_GAPS: dict[PersonKind, str] = {
    "account": "The question is about the customer's own account or order.",
    "law": "The question raises a legal matter.",
    "safety": "The message tells of an accident.",
}
"""For agents: why no document can settle it."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """``evidence`` is what to answer from, or tells why not; ``need`` is why a person has to see the question, answered or not."""

    evidence: Evidence
    need: PersonNeed | None = None
    conflicts: tuple[Conflict, ...] = ()


class Appraiser:
    """Retrieves and weighs. Safe for concurrent use; holds no state between questions."""

    def __init__(
        self,
        search: HybridSearch,
        scorer: EvidenceScorer,
        rewriter: Rewriter | None = None,
        find_persons: Callable[[], PersonNeedFinder] | None = None,
    ) -> None:
        """``rewriter`` makes follow-up questions stand alone, the rules if not given.

        ``find_persons`` makes, at the first question of a shopper's, what finds those that only a person can settle; without it, none is.
        """
        self.rewriter: Rewriter = rewriter or RuleRewriter()
        self._search = search
        self._scorer = scorer
        self._find_persons = find_persons
        self._conflicts = ConflictFinder()
        self.elsewhere = Elsewhere(search, scorer)

    def with_rewriter(self, rewriter: Rewriter) -> "Appraiser":
        """The same with another rewriter."""
        return Appraiser(self._search, self._scorer, rewriter, self._find_persons)

    def retrieve(self, query: Query, question: str, version: Version, also: str | None = None) -> list[Hit]:
        """The passages found for ``question``, best first; for a follow-up those of the turn before, and those for ``also``, too.

        Where ``question`` names a product, passages about another one come last.
        """
        found = with_specific(candidates(self._search, version, query, question, SEARCHED, also), query.scope)
        guard = guard_for(version.titles(query.audience))
        asked = guard.asked_models(question)
        return sorted(found, key=lambda hit: not guard.admits(asked, hit.passage.title, hit.passage.text))[:RETRIEVED]

    async def appraise(self, query: Query, version: Version) -> Appraisal:
        """What ``query`` comes to.

        Raises:
            EncoderMismatchError: the version was embedded with another encoder.
            DeadlineError: the query's deadline passed.
        """
        need = await asyncio.to_thread(self.need_of, query)
        if need is not None and need.kind == "law":
            return Appraisal(Evidence(query.text, (), (), "needs_person", _GAPS["law"]), need)
        with timed("rewrite"):
            rewriting = await self.rewriter.rewrite(query)
        return await asyncio.to_thread(self._weighed, query, rewriting, need, version)

    def _weighed(self, query: Query, rewriting: Rewriting, need: PersonNeed | None, version: Version) -> Appraisal:
        """What is found for ``query``, and what it comes to: one piece of computing, for every change of threads costs the event loop."""
        nothing = _asks_nothing(rewriting.by_rules, query, version)
        if nothing is not None:
            return Appraisal(Evidence(query.text, (), (), "not_in_knowledge_base", nothing), need)
        evidence, conflicts = self._settled(self._found(query, rewriting, version), query)
        if evidence.abstain == "not_in_knowledge_base":
            evidence = self._explained(query, evidence, need, version)
        return Appraisal(evidence, need, answer_conflicts(conflicts))

    def _settled(self, found: Evidence, query: Query) -> tuple[Evidence, Sequence[FoundConflict]]:
        """The evidence that holds where others would contradict it, and what contradicts what."""
        preferred = prefer_specific(found, query.scope, self._scorer.matter)
        conflicts = self._conflicts.find(preferred.question, preferred.units)
        return settle(preferred, conflicts, query.audience), conflicts

    def need_of(self, query: Query) -> PersonNeed | None:
        """Why a person has to see ``query``. Agents ask about customers' affairs, and are persons themselves."""
        if self._persons is None or query.audience == "internal":
            return None
        return self._persons.find(query.text, query.spoken_language)

    @cached_property
    def _persons(self) -> PersonNeedFinder | None:
        """Threads that come first at once may each make one; one of them is kept."""
        return self._find_persons() if self._find_persons is not None else None

    def _found(self, query: Query, rewriting: Rewriting, version: Version) -> Evidence:
        with timed("retrieve"):
            hits = self.retrieve(query, rewriting.by_rules, version, rewriting.by_model)
        note_found(version.id, (hit.passage.id for hit in hits))
        _keep_deadline(query, "retrieval")
        with timed("weigh"):
            evidence = self._scorer.weigh(query, rewriting.by_rules, hits, version)
        _keep_deadline(query, "weighing the evidence")
        return evidence

    def _explained(self, query: Query, evidence: Evidence, need: PersonNeed | None, version: Version) -> Evidence:
        """Why nothing answers, where more can be said than that nothing does."""
        if need is not None:
            return replace(evidence, abstain="needs_person", gap=_GAPS[need.kind])
        outside = find_outside(self._search, self._scorer, query, evidence, version)
        return evidence if outside is None else replace(evidence, abstain="outside_scope", gap=outside)


def _asks_nothing(asked: str, query: Query, version: Version) -> str | None:
    """Why ``asked`` is no question: passages would be near it by chance only."""
    if not any(character.isalnum() for character in asked):  # a thumb, "???"
        return "The message has no words."
    return asks_nothing(asked, version.lexical_index(query.audience))


def _keep_deadline(query: Query, phase: str) -> None:
    if query.deadline is not None and time.monotonic() > query.deadline:
        raise DeadlineError(f"The answer's deadline passed during {phase}. Try again, or allow more time.")
