"""Whether a sentence says again what another document's sentence has said, in nearly the same words.

A policy and an FAQ often have one rule each in their own copy, a "you can" or an "of delivery" apart. Only what is safe is left out: all
words of the one stand in the other but for those that hold sentences together, all values are the same, and nothing is denied,
demanded or made conditional in one of them only. Whatever is less alike is told beside it.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from kb.text.tokens import tokenize
from rag.facts.fact import Fact, find_facts
from rag.unit import Unit
from rag.verify.clause import clauses_of
from rag.verify.opposites import opposites_between

MORE = 0.25
"""The share of its words by which the later sentence may go beyond the one that is told already."""
LEAST_WORDS = 3
"""Sentences with fewer words in common are alike by chance ("Yes, for $3.")."""
_BINDING = {
    "en": "a an the this that these those is are was were be been being it its they their them you your yours we our us i my can could may"
    " might will would do does did has have had any all please also just simply then there so",
    "zh": "的 了 是 您 你 我们 可以 可 能 能够 会 将 请 都 也 在 所 之 您的 你的 有 即可 均 和 与 及",
}
"""Words that hold sentences together; in other languages nothing is compared by its words. Prepositions and negations are none: "from"
and "to" tell different things."""
_DEMANDS = re.compile(
    r"\b(?:must|shall|need(?:s|ed)?|ha(?:s|ve) to|required?|should|only)\b|必须|务必|应当?|须|需要?|只[能有]|仅", re.IGNORECASE
)
_CONDITION = re.compile(
    r"\b(?:if|unless|except\w*|provided|as long as|when|where|while|once|without|wenn|sofern|ohne|außer|si|sauf|sans|salvo|sin)\b"
    r"|如果|如|若|除|的话|前提|只要|凡|未经|情况下",
    re.IGNORECASE,
)
_WE = re.compile(r"\b(?:we|us|our)\b|我们|本店|我方|商家|卖家", re.IGNORECASE)
_YOU = re.compile(r"\b(?:you|your)\b|[您你]|买家", re.IGNORECASE)


def repeats(later: Unit, told: Unit) -> bool:
    """Whether ``later`` need not be told beside ``told``: the very words of one of them within the other, or nearly those."""
    one, other = later.text.casefold(), told.text.casefold()
    if one in other or other in one:
        return True
    ours, theirs = later.hit.passage, told.hit.passage
    if ours.document_id == theirs.document_id or ours.language != theirs.language or ours.language not in _BINDING:
        return False
    return _same_words(later.text, told.text, ours.language) and _same_sense(later.text, told.text, ours.language)


def _same_words(later: str, told: str, language: str) -> bool:
    ours, theirs = _words(later, language), _words(told, language)
    if len(ours & theirs) < LEAST_WORDS:
        return False
    return ours <= theirs or (theirs <= ours and len(ours - theirs) <= MORE * len(ours))


def _same_sense(later: str, told: str, language: str) -> bool:
    """Whether both have the same values, and neither denies, demands, limits or turns round what the other says, or says it of another."""
    if _turns(later, language) != _turns(told, language) or opposites_between(later, told, told, language):
        return False
    payers = [(bool(_WE.search(text)), bool(_YOU.search(text))) for text in (later, told)]
    if payers[0] != payers[1] and all(any(persons) for persons in payers):
        return False
    ours, theirs = find_facts(later, language), find_facts(told, language)
    return _hold_all(ours, theirs) and _hold_all(theirs, ours)


def _hold_all(facts: Sequence[Fact], wanted: Sequence[Fact]) -> bool:
    return all(any(fact.agrees(one) for fact in facts) for one in wanted)


def _turns(text: str, language: str) -> tuple[int, bool, bool]:
    """How often ``text`` denies, whether it has a condition, and whether it demands or limits."""
    negations = sum(clause.negations for clause in clauses_of(text, language))
    return negations, _CONDITION.search(text) is not None, _DEMANDS.search(text) is not None


def _words(text: str, language: str) -> frozenset[str]:
    return frozenset(tokenize(text, language)) - _binding(language)


@lru_cache(maxsize=16)
def _binding(language: str) -> frozenset[str]:
    return frozenset(term for word in _BINDING[language].split() for term in (word, *tokenize(word, language)))
