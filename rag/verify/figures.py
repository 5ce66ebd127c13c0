"""Whether the numbers, dates, codes and addresses of a claim are told by the passage, and of the same thing.

A claim is cut into clauses. All facts of a clause have to stand in one of the sentences that the claim leans on (or in the
passage's heading). That a number stands somewhere else in the passage does not help when that sentence has another one of its
kind. Where the sentence has several of the same kind ("express costs 14.90, standard 4.90"), the words around decide which of
them the claim speaks of.
"""

import re
from collections.abc import Sequence

from rag.facts.fact import Fact
from rag.facts.quantity import Quantity
from rag.verify.alignment import Alignment
from rag.verify.binding import ClaimFacts, rival_of, said_of_another_model
from rag.verify.cells import names_another_row, rival_in_row
from rag.verify.checked_passage import CheckedPassage, Statement
from rag.verify.dimensions import is_within, size_of
from rag.verify.ellipsis import shares_unit
from rag.verify.fact_kind import is_count_of_times, is_rate, is_soft, names_a_model
from rag.verify.likely_language import UNSPACED
from rag.verify.measure_word import MEASURE_WORDS
from rag.verify.problem import Problem, ProblemKind
from rag.verify.spelling import is_spelt_otherwise
from rag.verify.words import content_words

_WORDS = re.compile(r"\w+")
_ARTICLE = re.compile(r"(?:an?|une?|ein(?:e[mnrs]?)?|uno?|una)\s", re.IGNORECASE)
_NEXT_WORD = re.compile(r"\s?[^\W\d_]{2,}")
_PLURAL = re.compile(r"\s(?!times\b)[a-z]{3,}s\b")
_NEXT_NOUN = re.compile(r"\s(?:[^\W\d_]{3,}\s)?[^\W\d_]{3,}s\b")
"""English: the word behind a number, when it is a plural; one may stand between."""


def find_problems(claim: ClaimFacts, passage: CheckedPassage, alignment: Alignment) -> list[Problem]:
    """The facts of ``claim`` that the passage does not bear out."""
    problems: list[Problem] = []
    for clause, facts in claim.clauses():
        statements = [passage.statements[number] for number in alignment.leant_on(clause)]
        problems += _problems_of_clause(claim, clause, facts, statements, passage)
    return problems


def _problems_of_clause(
    claim: ClaimFacts, clause: str, facts: Sequence[Fact], statements: Sequence[Statement], passage: CheckedPassage
) -> list[Problem]:
    """No problem if one of the statements tells all the facts; else those of the statement that tells most of them."""
    fewest: list[Problem] | None = None
    for statement in statements:
        problems = [found for fact in facts if (found := _problem(claim, clause, fact, statement, passage)) is not None]
        if not problems:
            return []
        if fewest is None or len(problems) < len(fewest):
            fewest = problems
    return fewest or []


def _problem(claim: ClaimFacts, clause: str, fact: Fact, statement: Statement, passage: CheckedPassage) -> Problem | None:
    agreeing = _agreeing(fact, claim, statement)
    if not agreeing and is_spelt_otherwise(fact, claim.text, f"{passage.heading.text}\n{statement.text}"):
        return None
    if not agreeing:
        return _missing(claim, clause, fact, statement, passage)
    return _bound_otherwise(claim, clause, fact, agreeing, statement, passage)


def _agreeing(fact: Fact, claim: ClaimFacts, statement: Statement) -> list[Fact]:
    return [told for told in statement.facts if fact.agrees(told) and not _counts_otherwise(fact, claim, told, statement)]


def _bound_otherwise(
    claim: ClaimFacts, clause: str, fact: Fact, agreeing: Sequence[Fact], statement: Statement, passage: CheckedPassage
) -> Problem | None:
    """What speaks against ``fact``, although ``statement`` tells it: that it is said there of something else than ``clause`` speaks of."""
    if fact.is_bare and any(names_a_model(told, statement.text) for told in agreeing):
        return None
    if _is_of_another_size(fact, agreeing, claim, statement):
        return _as_problem(claim, fact, None)
    if (measured := _measured_otherwise(fact, agreeing, statement)) is not None:
        return _as_problem(claim, fact, statement.text[measured.start : measured.end])
    other = rival_in_row(fact, claim, statement) or rival_of(fact, clause, claim, statement, passage)
    if other is not None:
        return _as_problem(claim, fact, statement.text[other.start : other.end])
    if claim.language == passage.language and names_another_row(clause, claim, statement, passage):
        return _as_problem(claim, fact, None)
    if all(said_of_another_model(told, claim, statement, passage.series) for told in agreeing):
        return _as_problem(claim, fact, None)
    return None


def _is_of_another_size(fact: Fact, agreeing: Sequence[Fact], claim: ClaimFacts, statement: Statement) -> bool:
    """Whether it is part of a size ("220 × 220 × 220 mm"), and the sentence has sizes with that measure but not with all of them."""
    ours = size_of(fact, claim.text, claim.facts)
    told = [size for one in agreeing if (size := size_of(one, statement.text, statement.facts))]
    return bool(ours and told) and not any(is_within(ours, size) for size in told)


def _measured_otherwise(fact: Fact, agreeing: Sequence[Fact], statement: Statement) -> Fact | None:
    """What ``statement`` says in the unit of ``fact``, where the number that agrees has none: "lamp 90 … within 30 days" is no 90 days."""
    if fact.is_bare or not all(told.is_bare and not _is_fraction(told) and not shares_unit(told, fact, statement) for told in agreeing):
        return None
    return next((told for told in statement.facts if not told.is_bare and fact.comparable(told) and not fact.agrees(told)), None)


def _is_fraction(fact: Fact) -> bool:
    """Whether it has decimals: a price without its sign, and not the number of a lamp."""
    return isinstance(fact.content, Quantity) and any(value != int(value) for value in fact.content.values)


def _missing(claim: ClaimFacts, clause: str, fact: Fact, statement: Statement, passage: CheckedPassage) -> Problem | None:
    """A fact that the sentence does not tell. Where it tells nothing of the kind, the rest of the passage may."""
    if any(fact.agrees(told) and not _counts_things(fact, claim, told, passage.heading) for told in passage.heading.facts):
        return None
    rival = next((told for told in statement.facts if _counts_the_same(fact, claim, told, statement, passage.language)), None)
    if rival is None and (is_soft(fact) or is_rate(fact) or _has_article(fact, claim)):
        return None
    if rival is None and (elsewhere := [one for one in passage.statements if _agreeing(fact, claim, one)]):
        found = [_bound_otherwise(claim, clause, fact, _agreeing(fact, claim, one), one, passage) for one in elsewhere]
        return None if None in found else found[0]
    return _as_problem(claim, fact, statement.text[rival.start : rival.end] if rival is not None else None)


def _has_article(fact: Fact, claim: ClaimFacts) -> bool:
    """Whether an article stands in for the number ("in a day without rain"): it only counts against another time."""
    return not fact.is_bare and bool(_ARTICLE.match(claim.text, fact.start))


def _counts_the_same(fact: Fact, claim: ClaimFacts, told: Fact, statement: Statement, language: str) -> bool:
    """Whether ``told`` measures what ``fact`` does: the same dimension, and for bare numbers the same noun behind them."""
    if not fact.comparable(told) or names_a_model(told, statement.text):
        return False
    if not fact.is_bare or not told.is_bare or claim.language != language:
        return not is_soft(fact) or not fact.is_bare
    ours, theirs = _counted(claim.text, fact, language), _counted(statement.text, told, language)
    return bool(ours & theirs) or (not is_soft(fact) and not (ours and theirs))


def _counts_things(fact: Fact, claim: ClaimFacts, told: Fact, statement: Statement) -> bool:
    """Whether one counts things ("2 pockets"), or is part of a name ("Rovo 320"), and the other is a quantity ("2 months")."""
    if not fact.is_bare:
        counts = told.is_bare and not is_soft(told) and bool(_PLURAL.match(statement.text, told.end))
        return counts or names_a_model(told, statement.text)
    if told.is_bare or is_count_of_times(told):
        return False
    if claim.language in UNSPACED:
        return claim.text[fact.end : fact.end + 1] in MEASURE_WORDS
    following = _NEXT_WORD.match(claim.text, fact.end)
    return following is not None and bool(content_words(following.group(), claim.language))


def _counts_otherwise(fact: Fact, claim: ClaimFacts, told: Fact, statement: Statement) -> bool:
    """Whether the numbers count different things: one is a quantity, or the sentence speaks of what the claim counts, and counts others."""
    if _counts_things(fact, claim, told, statement):
        return True
    if not fact.is_bare or not told.is_bare or names_a_model(told, statement.text) or claim.language in UNSPACED:
        return False
    following = _NEXT_NOUN.match(claim.text, fact.end)
    ours = content_words(following.group(), claim.language) if following is not None else frozenset[str]()
    behind = _NEXT_NOUN.match(statement.text, told.end)
    theirs = content_words(behind.group(), claim.language) if behind is not None else frozenset[str]()
    known = content_words(statement.text[: told.start], claim.language)
    return bool(ours and theirs and ours <= known and not theirs & content_words(claim.text, claim.language))


def _counted(text: str, fact: Fact, language: str) -> frozenset[str]:
    """The two words behind a number."""
    return content_words(" ".join(_WORDS.findall(text[fact.end : fact.end + 40])[:2]), language)


def _as_problem(claim: ClaimFacts, fact: Fact, told: str | None) -> Problem:
    kind: ProblemKind = fact.kind  # type: ignore[assignment]
    return Problem(kind, claim.text[fact.start : fact.end], fact.start, fact.end, told)
