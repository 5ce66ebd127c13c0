"""Of several facts of one kind in a sentence, the one that a clause speaks of: the one that stands among the clause's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.facts.fact import Fact
from rag.facts.model_name import find_model_names
from rag.verify.checked_passage import CheckedPassage, Statement
from rag.verify.fact_kind import is_rate, is_soft, names_a_model
from rag.verify.parts import parts_around
from rag.verify.words import content_words, telling_words, weight

RANGE = 4
"""Characters between the ends of a range: " to "."""
CLEARLY_MORE = 3.0
"""Where the part with the claim's own fact shares words with it that no rival has, a rival must share so many more."""


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A claim and its facts."""

    text: str
    language: str
    facts: tuple[Fact, ...]

    def clauses(self) -> list[tuple[str, list[Fact]]]:
        """The parts of the claim that have facts, with their facts."""
        values = [fact for fact in self.facts if not is_soft(fact) and not names_a_model(fact, self.text)]
        spans = parts_around(self.text, values)
        clauses = [(self.text[start:end], [fact for fact in self.facts if start <= fact.start < end]) for start, end in spans]
        return [(text, facts) for text, facts in clauses if facts]


def rival_of(fact: Fact, clause: str, claim: ClaimFacts, statement: Statement, passage: CheckedPassage) -> Fact | None:
    """The comparable fact of ``statement`` that ``clause`` speaks of, when that is not one that agrees with ``fact``; else None.

    Decided by the words that the clause, or else a claim of one clause as a whole, shares with the part of the sentence around
    each and with no other part. Words of the heading tell nothing, nor does the other end of a range; across languages no words are shared.
    """
    candidates = _candidates(fact, statement)
    if len(candidates) < 2 or claim.language != passage.language:
        return None
    other_ends = " ".join(claim.text[one.start : one.end] for one in claim.facts if one is not fact and _are_a_range(one, fact))
    known = telling_words(passage.heading.text, passage.language) | telling_words(other_ends, claim.language)
    written = claim.text[fact.start : fact.end]
    around = _words_around(candidates, statement.text, passage.language)
    for text in (clause, claim.text)[: 1 + (len(claim.clauses()) == 1)]:
        words = _beside(text, text.find(written), len(written), claim.language) - known
        ours, theirs, rival = _compare(fact, candidates, [words & near for near in around])
        if theirs > ours and (ours == 0 or theirs >= ours + CLEARLY_MORE):
            return None if rival is not None and _told_beside(fact, rival, clause, claim) else rival
        if theirs < ours:
            return None
    return None


def _told_beside(fact: Fact, rival: Fact, clause: str, claim: ClaimFacts) -> bool:
    """Whether the clause tells the rival too: then both are told, of different things ("eight devices, two of them at once").

    Not where both are the ends of a range.
    """
    start = claim.text.find(clause)
    others = [one for one in claim.facts if start <= one.start < start + len(clause) and one is not fact]
    return any(one.agrees(rival) and not _are_a_range(one, fact) for one in others)


def _are_a_range(one: Fact, two: Fact) -> bool:
    return max(one.start - two.end, two.start - one.end) <= RANGE


def _compare(fact: Fact, candidates: Sequence[Fact], shared: Sequence[frozenset[str]]) -> tuple[float, float, Fact | None]:
    """The most that a part with an agreeing fact shares and no rival's does; the reverse; and that rival."""
    own = frozenset[str]().union(*(words for words, told in zip(shared, candidates, strict=True) if fact.agrees(told)))
    best, rival = -1.0, None
    least_ours = float("inf")
    agreeing = [told for told in candidates if fact.agrees(told)]
    for words, told in zip(shared, candidates, strict=True):
        apart = told not in agreeing and not any(_are_a_range(told, one) for one in agreeing)
        if apart and (more := weight(words - own)) > best:
            best, rival, least_ours = more, told, weight(own - words)
    return least_ours, best, rival


def _words_around(candidates: Sequence[Fact], text: str, language: str) -> list[frozenset[str]]:
    """For each candidate the words of its part of ``text``.

    What stands before the first one is said of all where another one opens its part ("takes 9 days by sea and 3 by air").
    """
    parts = parts_around(text, candidates)
    homes = [_part_of(told, parts, text) for told in candidates]
    opening = min(told.start for told in candidates)
    shared = any(
        start > opening and not content_words(text[start : told.start], language)
        for told, (start, _) in zip(candidates, homes, strict=True)
    )
    found = []
    for told, (start, end) in zip(candidates, homes, strict=True):
        begin = max(start, opening) if shared else start
        found.append(_beside(text[begin:end], told.start - begin, told.end - told.start, language))
    return found


def said_of_another_model(told: Fact, claim: ClaimFacts, statement: Statement, known: frozenset[str]) -> bool:
    """Whether ``told`` stands in a part of the sentence that names other models than the claim does."""
    ours = find_model_names(claim.text, claim.facts, known)
    models = find_model_names(statement.text, statement.facts, known)
    if not ours or not models:
        return False
    parts = parts_around(statement.text, [*models, told])
    start, end = _part_of(told, parts, statement.text)
    near = {(model.series, model.value) for model in models if start <= model.start < end}
    return bool(near) and not near & {(model.series, model.value) for model in ours}


def _part_of(fact: Fact, parts: Sequence[tuple[int, int]], text: str) -> tuple[int, int]:
    return next(((start, end) for start, end in parts if start <= fact.start < end), (0, len(text)))


def _candidates(fact: Fact, statement: Statement) -> list[Fact]:
    """What is of its kind, or agrees; a bare number is no match for a quantity where there is another quantity of its kind."""
    comparable = [told for told in statement.facts if fact.comparable(told)]
    if not fact.is_bare and any(fact.agrees(told) for told in comparable):
        return [told for told in comparable if fact.agrees(told) or not (is_rate(told) and not is_rate(fact))]
    return [told for told in statement.facts if fact.comparable(told) or fact.agrees(told)]


def _beside(text: str, start: int, length: int, language: str) -> frozenset[str]:
    start = max(0, start)
    return telling_words(text[:start], language) | telling_words(text[start + length :], language)
