"""A question that has no answer here or today, although a text for another region, channel or date would answer it."""

import math
from dataclasses import replace

import numpy as np

from kb.admission import Admission
from kb.scope import Scope, SearchScope
from kb.search import Hit, HybridSearch
from kb.version import Version
from rag.draft import Evidence
from rag.evidence import EvidenceScorer
from rag.query import Query

FETCHED = 24
"""Passages searched for: those that hold here are among them and are left out, and eight are read."""
BETTER = 2.0
"""How much surer one must be with the text for elsewhere than with what holds here, in logits; less is a question of luck."""
BETTER_IN_ANOTHER_LANGUAGE = 3.0
"""The same where the question is in no language of the knowledge base."""


def find_outside(search: HybridSearch, scorer: EvidenceScorer, query: Query, here: Evidence, version: Version) -> str | None:
    """For an agent: which document would answer the question of ``here``, and where and when it holds; or None.

    ``here`` is the evidence that holds for ``query`` and does not answer. Costs one more search and reading, and only where the reader
    of ``query`` may see texts that do not hold for it. What the audience may not see, and documents replaced by others, stay out, and so
    does what answers hardly better than the texts that hold here: the reader then errs as likely about these.

    Raises:
        EncoderMismatchError: the version was embedded with another encoder.
    """
    anywhere = replace(query.scope, region=None, channel=None, anywhere=True)
    if not _anything_outside(version.admission, query.scope, anywhere):
        return None
    found = search.search(version, [here.question], FETCHED, anywhere)[0]
    outside = [hit for hit in found if not _holds(version, hit, query.scope)]
    if not outside:
        return None
    evidence = scorer.weigh(query, here.question, outside, version)
    if evidence.abstain is not None or not evidence.units or not _is_better(evidence, here, query):
        return None
    return _describe(evidence.units[0].unit.hit, query.scope)


def _is_better(outside: Evidence, here: Evidence, query: Query) -> bool:
    """Whether ``outside`` answers and ``here`` does not because of what they say, and not because of how they say it.

    A text in another language than the question is weighed with less certainty. Where there are documents in the question's
    language, those decide: in their words the same rule may stand here.
    """
    lead = _sureness(outside) - _sureness(here)
    if outside.units[0].unit.hit.passage.language == query.written_language:
        return lead >= BETTER
    return query.written_language not in query.known_languages and lead >= BETTER_IN_ANOTHER_LANGUAGE


def _sureness(evidence: Evidence) -> float:
    return -math.inf if evidence.confidence is None else evidence.confidence


def _anything_outside(admission: Admission, here: SearchScope, anywhere: SearchScope) -> bool:
    return bool(np.any(admission.mask(anywhere) & ~admission.mask(here)))


def _holds(version: Version, hit: Hit, scope: SearchScope) -> bool:
    ordinal = version.ordinal(hit.passage.id)
    return ordinal is not None and bool(version.admission.mask(scope)[ordinal])


def _describe(hit: Hit, asked: SearchScope) -> str:
    return f"“{hit.passage.title}” ({hit.document}) would answer, but holds {_validity(hit.passage.scope)}; asked was {_view(asked)}."


def _validity(scope: Scope) -> str:
    parts = [f"for {', '.join(scope.regions)}"] if scope.regions else []
    parts += [f"for the channel {', '.join(scope.channels)}"] if scope.channels else []
    parts += [f"from {scope.effective_from.isoformat()}"] if scope.effective_from is not None else []
    parts += [f"until {scope.effective_to.isoformat()}"] if scope.effective_to is not None else []
    return f"only {' '.join(parts)}" if parts else "only elsewhere or at another time"


def _view(asked: SearchScope) -> str:
    place = f"for {asked.region}" if asked.region is not None else "without a region"
    channel = f", channel {asked.channel}" if asked.channel is not None else ""
    return f"{place}{channel}, on {asked.as_of.isoformat()}"
