"""Of several facts of one kind in a sentence, the one that a clause speaks of: the one that stands among the clause's words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.facts.fact import Fact
from rag.facts.model_name import find_model_names
from rag.verify.checked_passage import CheckedPassage, Statement
from rag.verify.ellipsis import leaves_out_unit, shares_unit
from rag.verify.fact_kind import is_rate, is_soft, names_a_model
from rag.verify.parts import parts_around
from rag.verify.words import content_words, telling_words, weight

_RANGE = re.compile(r"[^\w，,、;；|]{0,3}(?:to|and|or|bis|und|oder|à|et|ou|至|到|和|或|与|[x×])?[^\w，,、;；|]{0,3}")
"""What stands between the ends of a range: " to ", "–"."""
_PRONOUN = re.compile(r"\b(?:it|them|they|(?<=further )one|ihn|sie|es|il|elle|ils|elles)\b", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\b(?:of|on|in|at|with|for|to|from|by|beside|behind|under|above|below|over|near|around|between|von|mit|für|de|avec)\s$", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
CLEARLY_MORE = 3.0
"""Where the part with the claim's own fact shares words with it that no rival has, a rival must share so many more."""


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A claim and its facts. ``question`` is what it answers, where that is known: cases that it states need not be said again."""

    text: str
    language: str
    facts: tuple[Fact, ...]
    question: str = ""

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
    other_ends = " ".join(claim.text[one.start : one.end] for one in claim.facts if one is not fact and _are_a_range(one, fact, claim.text))
    known = telling_words(passage.heading.text, passage.language) | telling_words(other_ends, claim.language)
    written = claim.text[fact.start : fact.end]
    told = _facts_of(clause, fact, claim)
    around = _words_around(candidates, statement, passage.language, told)
    known |= _opening_word(statement.text, passage.language, around[0])
    for text in (clause, claim.text)[: 1 + (len(claim.clauses()) == 1)]:
        words = (_beside(text, text.find(written), len(written), claim.language) - known) | frozenset(map(_token, told))
        ours, theirs, rival = _compare(fact, candidates, [words & near for near in around], statement.text)
        if theirs > ours and (ours == 0 or theirs >= ours + CLEARLY_MORE):
            return None if rival is not None and _told_beside(fact, rival, clause, claim) else rival
        if theirs < ours:
            return None
    return None


def _opening_word(text: str, language: str, beside: frozenset[str]) -> frozenset[str]:
    """What a sentence opens with is said of all that it lists: "Report visible damage within 5 days and hidden damage within 12".

    Unless that is all that stands ``beside`` the first value: "Express costs 14.90, standard 4.90".
    """
    first = _WORD.search(text)
    opening = content_words(first.group(), language) if first is not None else frozenset[str]()
    return opening if len(beside - opening) > 1 else frozenset()


def _facts_of(clause: str, fact: Fact, claim: ClaimFacts) -> list[Fact]:
    """The other facts of ``clause``: a part of a sentence that tells one of them too is the likelier one."""
    start = claim.text.find(clause)
    others = [one for one in claim.facts if start <= one.start < start + len(clause) and not one.comparable(fact)]
    values = [one for one in others if one.kind in {"number", "date"} and not is_soft(one) and not is_rate(one)]
    return [one for one in values if not names_a_model(one, claim.text)]


def _token(fact: Fact) -> str:
    """How a fact that is told counts among words: as much as a name."""
    return f"#{fact.start}"


def _told_beside(fact: Fact, rival: Fact, clause: str, claim: ClaimFacts) -> bool:
    """Whether the clause tells the rival too: then both are told, of different things ("eight devices, two of them at once").

    Not where both are the ends of a range.
    """
    start = claim.text.find(clause)
    others = [one for one in claim.facts if start <= one.start < start + len(clause) and one is not fact]
    return any(one.agrees(rival) and not _are_a_range(one, fact, claim.text) for one in others)


def _are_a_range(one: Fact, two: Fact, text: str) -> bool:
    return _RANGE.fullmatch(text, min(one.end, two.end), max(one.start, two.start)) is not None


def _compare(fact: Fact, candidates: Sequence[Fact], shared: Sequence[frozenset[str]], text: str) -> tuple[float, float, Fact | None]:
    """The most that a part with an agreeing fact shares and no rival's does; the reverse; and that rival."""
    own = frozenset[str]().union(*(words for words, told in zip(shared, candidates, strict=True) if fact.agrees(told)))
    best, rival = -1.0, None
    least_ours = float("inf")
    agreeing = [told for told in candidates if fact.agrees(told)]
    for words, told in zip(shared, candidates, strict=True):
        apart = told not in agreeing and not any(_are_a_range(told, one, text) for one in agreeing)
        if apart and (more := weight(words - own)) > best:
            best, rival, least_ours = more, told, weight(own - words)
    return least_ours, best, rival


def _words_around(candidates: Sequence[Fact], statement: Statement, language: str, facts: Sequence[Fact]) -> list[frozenset[str]]:
    """For each candidate the words of its part of ``statement``, and a token for each of the claim's ``facts`` that the part tells.

    A pronoun stands for the words of the part before it.

    What stands before the first one is said of all where another one opens its part ("takes 9 days by sea and 3 by air").
    """
    text = statement.text
    parts = parts_around(text, candidates)
    homes = [_part_of(told, parts, text) for told in candidates]
    fine = parts_around(text, statement.facts)
    opening = min(told.start for told in candidates)
    shared = any(
        start > opening and not content_words(text[start : told.start], language)
        for told, (start, _) in zip(candidates, homes, strict=True)
    )
    found = []
    for told, (start, end) in zip(candidates, homes, strict=True):
        begin = max(start, opening) if shared else start
        words = _beside(text[begin:end], told.start - begin, told.end - told.start, language)
        near, far = _part_of(told, fine, text)
        within = [one for one in statement.facts if near <= one.start < far and one is not told]
        words |= frozenset(_token(fact) for fact in facts if any(fact.agrees(one) for one in within))
        words |= _meant_by_pronoun(text, start, end, parts, language)
        found.append(words if shared else words | _left_out(told, candidates, homes, statement, language))
    return found


def _left_out(
    told: Fact, candidates: Sequence[Fact], homes: Sequence[tuple[int, int]], statement: Statement, language: str
) -> frozenset[str]:
    """What a number without its unit leaves out too: the words of the part that has the unit, save what that is about.

    "Frames are guaranteed for 9 years, saddles for 4": saddles are guaranteed.
    """
    if not told.is_bare or not leaves_out_unit(told, statement):
        return frozenset()
    givers = [home for one, home in zip(candidates, homes, strict=True) if not one.is_bare and one.end <= told.start]
    if not givers:
        return frozenset()
    text = statement.text[givers[-1][0] : givers[-1][1]]
    words = (content_words(word, language) for word in _WORD.findall(text))
    return telling_words(text, language) - next((word for word in words if word), frozenset[str]())


def _meant_by_pronoun(text: str, start: int, end: int, parts: Sequence[tuple[int, int]], language: str) -> frozenset[str]:
    """The words of the part before ``text[start:end]`` where that has a pronoun for them: "wash the parts …, cure them …".

    Behind a preposition ("6 cm beside it") it says where, and not of what.
    """
    before = [part for part in parts if part[1] <= start]
    pronouns = [match for match in _PRONOUN.finditer(text, start, end) if not _PREPOSITION.search(text, start, match.start())]
    if not before or not pronouns:
        return frozenset()
    return telling_words(text[before[-1][0] : before[-1][1]], language)


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
    comparable = [told for told in statement.facts if fact.comparable(told) or shares_unit(told, fact, statement)]
    if not fact.is_bare and any(fact.agrees(told) for told in comparable):
        return [told for told in comparable if fact.agrees(told) or not (is_rate(told) and not is_rate(fact))]
    return [told for told in statement.facts if told in comparable or fact.agrees(told)]


def _beside(text: str, start: int, length: int, language: str) -> frozenset[str]:
    start = max(0, start)
    return telling_words(text[:start], language) | telling_words(text[start + length :], language)
