"""Whether a claim says the opposite of what a passage says, in the passage's own words.

The claim reader compares meanings and is easily talked out of a "not"; here the clauses that share most of their words are laid side by
side, and only what denies them is compared. That says nothing of free paraphrases ("costs nothing" beside "is free"), which are the
reader's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kb.text.tokens import tokenize
from rag.verify.binding import ClaimFacts
from rag.verify.checked_passage import CheckedPassage
from rag.verify.clause import Clause, clauses_of, permits, uncut_clauses_of
from rag.verify.opposites import opposites_between
from rag.verify.problem import Problem

LEAST_SHARED = 0.6
"""Clauses that share less (Dice's coefficient of their content words) may be about different things. At .5 half as many true claims again
are refused for a sixth more false ones."""
LEAST_SHARED_OF_OPPOSED = 0.4
"""The same where opposites part them, which do not count as words not shared."""
LEAST_SHARED_WORDS = 2
"""And so do clauses with fewer words in common; a pair of opposites is one."""
LEAST_SHARED_OF_PERMITTED = 0.8
"""Clauses that say of the same what can be done, the one, and what cannot, the other: with so many words shared it is the "can" that is
denied, whatever verb follows it."""
LEAST_DENIED_SHARED = 0.8
"""The share of the words behind a negation that the other clause must have: it denies just these."""
SAME = 0.05
"""Clauses of the passage this close to the nearest one are asked as well: one that agrees settles it."""
_NO = re.compile(r"\W*(?:no|none|never|nein|non|无|否|不支持|没有|不可以?|[–—✗✘×-])(?:\W|$)", re.IGNORECASE)
_YES = re.compile(r"\W*(?:yes|ja|oui|sí|sì|有|是|支持|可以?|✓|✔)(?:\W|$)", re.IGNORECASE)
_ASKS = re.compile(
    r"^\W*(?:does|do|did|can|could|may|might|is|are|was|will|would|has|have|must|should|am|est-ce que|peut-on)\b", re.IGNORECASE
)
_PUNCTUATION = re.compile(r"[,，:：;；()（）|?？]")


@dataclass(frozen=True, slots=True)
class Opposition:
    """A clause of a claim that is turned round. ``text`` is what turns it, or the clause; ``told`` is the passage's clause.

    ``likeness`` in [0, 1] is the share of their words that the two have in common.
    """

    likeness: float
    text: str
    told: str


def find_oppositions(claim: ClaimFacts, passage: CheckedPassage, leant_on: Sequence[int]) -> list[Problem]:
    """The clause of ``claim`` that a sentence it leans on says the opposite of, if any. Across languages no words are shared: none."""
    if claim.language != passage.language:
        return []
    statements = [statement.text for statement in passage.statements]
    found = find_opposition(claim.text, statements, claim.language, passage.question, leant_on)
    if found is None:
        return []
    turning = found.text if found.text in claim.text else claim.text  # of a table's row, a cell and its subject stand apart
    start = claim.text.index(turning)
    return [Problem("negation", turning, start, start + len(turning), found.told)]


def find_opposition(
    claim: str, statements: Sequence[str], language: str, question: str = "", leant_on: Sequence[int] = (0,)
) -> Opposition | None:
    """The clause of ``claim`` that most clearly says the opposite of one of ``statements``, both in ``language``; or None.

    Only the statements with the numbers ``leant_on`` speak against it; any may speak for it. ``question`` is an FAQ's: its words
    are what a bare yes or no answers.
    """
    told = [
        _Told(clause, text, number in leant_on, uncut)
        for number, text in enumerate(statements)
        for clauses, uncut in (
            ((*_told(text, language), *_answered(question, text, language)), False),
            (uncut_clauses_of(text, language), True),
        )
        for clause in clauses
    ]
    found = [opposition for clause in _told(claim, language) if (opposition := _turned(clause, told, language)) is not None]
    return max(found, key=lambda opposition: opposition.likeness, default=None)


@dataclass(frozen=True, slots=True)
class _Told:
    """A clause of the passage and the sentence that it stands in; ``leant_on``: the claim leans on that sentence.

    ``uncut``: it goes across an "and"; then it only counts for what can and cannot be done, for an "and" may join anything.
    """

    clause: Clause
    sentence: str
    leant_on: bool
    uncut: bool


def _turned(clause: Clause, told: Sequence[_Told], language: str) -> Opposition | None:
    """How ``clause`` is turned round by the clause most like it, unless another one as like agrees with it."""
    ranked = sorted(_likenesses(clause, told, language), key=lambda likeness: -likeness.share)
    nearest = [likeness for likeness in ranked if likeness.share >= ranked[0].share - SAME]
    if not nearest or not nearest[0].told.leant_on or not all(_opposed(clause, likeness) for likeness in nearest):
        return None
    return Opposition(nearest[0].share, _what_turns(clause, nearest[0].opposites), nearest[0].told.clause.text)


@dataclass(frozen=True, slots=True)
class _Likeness:
    """A clause of the passage beside one of the claim. ``share`` is of their words, without the ``opposites`` that part them.

    ``permitting``: both say what can or cannot be done, and share more than a few words.
    """

    share: float
    told: _Told
    opposites: Sequence[tuple[str, str]]
    permitting: bool


def _likenesses(clause: Clause, told: Sequence[_Told], language: str) -> Iterator[_Likeness]:
    for one in told:
        other = one.clause
        if not clause.words & other.words:
            continue  # which spares looking for opposites
        opposites = opposites_between(clause.text, other.text, one.sentence, language)
        turned = frozenset(term for pair in opposites for word in pair for term in tokenize(word, language))
        ours, theirs = clause.words - turned, other.words - turned
        share = 2 * len(ours & theirs) / max(1, len(ours) + len(theirs))
        least = LEAST_SHARED_OF_OPPOSED if opposites else LEAST_SHARED
        if share >= least and len(ours & theirs) + bool(opposites) >= LEAST_SHARED_WORDS:
            permitting = len(ours & theirs) > LEAST_SHARED_WORDS and permits(clause.text, language) and permits(other.text, language)
            if not one.uncut or (permitting and not opposites):
                yield _Likeness(share, one, opposites, permitting)


def _opposed(clause: Clause, likeness: _Likeness) -> bool:
    """Whether an odd number of turns lie between them, and nothing but these: what one denies, the other has."""
    other = likeness.told.clause
    if (clause.negations + other.negations + len(likeness.opposites)) % 2 == 0 or max(clause.negations, other.negations) > 1:
        return False
    if likeness.opposites:
        return True
    denying, plain = (clause, other) if clause.denied else (other, clause)
    denied = denying.denied_words
    if likeness.permitting and likeness.share >= LEAST_SHARED_OF_PERMITTED:
        return clause.limited == other.limited
    apart = clause.conditional != other.conditional or clause.limited != other.limited
    return not apart and len(denied & plain.words) >= LEAST_DENIED_SHARED * len(denied)


def _what_turns(clause: Clause, opposites: Sequence[tuple[str, str]]) -> str:
    if opposites:
        word = opposites[0][0]
        at = clause.text.casefold().find(word)
        return clause.text[at : at + len(word)]
    return clause.text[clause.start : clause.end] if clause.denied else clause.text


def _told(statement: str, language: str) -> Sequence[Clause]:
    """The clauses of a sentence; of a table's row those that its cells of yes and no amount to ("TD18 hammer function: no")."""
    if " | " not in statement:
        return clauses_of(statement, language)
    cells = [cell.partition(": ")[::2] for cell in statement.split(" | ")]
    subject = cells[0][1] or cells[0][0]
    return [clause for name, value in cells[1:] for clause in _answered(f"{subject} {name}", value, language)]


def _answered(asked: str, answer: str, language: str) -> Sequence[Clause]:
    """What a yes or a no to ``asked`` says: a no denies it as a whole, and no words of it alone."""
    if not asked or not (denied := _NO.match(answer) is not None) and _YES.match(answer) is None:
        return ()
    plain = clauses_of(_PUNCTUATION.sub(" ", _ASKS.sub("", asked)), language)[:1]
    return [replace(one, negations=one.negations + denied, denied_words=frozenset()) for one in plain]
