"""A claim that says without a condition what its passage says with one: "Shipping is free." of return shipping for defective items."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.verify.asked_case import names_case, names_kind
from rag.verify.binding import ClaimFacts
from rag.verify.cells import key_left_out
from rag.verify.checked_passage import CheckedPassage
from rag.verify.clause import clauses_of, without_yes_or_no
from rag.verify.limit import LANGUAGES, Limited, is_limited, limited_of
from rag.verify.problem import Problem
from rag.verify.sweeping import find_swept_conditions
from rag.verify.words import meaning_words

LEAST_SHARED = 0.85
"""The share of the claim's words that the statement without its limits must have."""
LEAST_SHARED_OF_SWEEPING = 0.5
"""The same where the claim says that it holds "always" or "whatever you buy": it plainly means to say more than the
passage. On the claims that the reader learns from this finds 35 conditions and no true claim; the share above, without sweeping words, 2
and 1. Without sweeping words, .75 finds 3 and 6."""
LEAST_WORDS = 2
"""A claim with fewer words could be about anything."""
_POINTS_BACK = re.compile(
    r"\W*(?:(?:this|these|that|those|it|its|they|their|both|such|then|in (?:this|that) case|otherwise)\b|[这那该此其它]|则|就|否则)",
    re.IGNORECASE,
)
_FREE = re.compile(r"\bfree of charge\b", re.IGNORECASE)
_SWEEPING = {
    "en": re.compile(
        r",?\s*\b(?:however|whatever|whichever|wherever|whenever|no matter|regardless|whether|even (?:if|when|after|without|though)"
        r"|with or without)\b(?:(?!\b(?:if|provided|as long as|unless)\b)[^,.])*,?"
        r"|\b(?:always|anyone|anybody|anytime|anywhere|everyone|everybody|at any time|in any case|unconditionally|any"
        r"|all(?! (?:day|year|the way|in))|every(?! (?:full|day|week|month|year|time|\d|other|two|three|few)))\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:无论|不论|不管|哪怕|即使|(?<![\u4e00-\u9fff])就算)[^，。]*，?|，[^，。]*(?:也行|也可以|都行|不例外|例外|没关系)"
        r"|随时|一律|任何|全部|所有|始终|无条件|人人都?"
    ),
}
"""What widens a claim, with what it is widened over: not looked for in the passage."""
_SUBJECT = re.compile(
    r"\W*(?:(?:all|any|every|the|our|your)\s+)?(?P<noun>[a-z]+)\s+(?:is|are|can|may|must|will|costs?|has|have|takes?|need)\b", re.IGNORECASE
)
_NARROWED = r"\W*(?!(?:the|a|an|all|any|every|each|our|your|this|these|no|of|some|most)\b)(?P<which>[a-z][\w-]*\s+{noun})\s"


def find_dropped_conditions(claim: ClaimFacts, passage: CheckedPassage, leant_on: Sequence[int]) -> list[Problem]:
    """``claim`` as a whole, where a sentence it leans on says it in the same words with a limit, and nothing says it without one.

    A claim with any limit of its own is the reader's, and so is one that begins with "it", whose case may stand before it. Across
    languages no words are shared: none. Nor where a sweeping word is marked already. A limit that the question states in the passage's
    words (`rag.verify.asked_case`) counts as stated by the claim, unless that widens what it says with a sweeping word.
    """
    whole = without_yes_or_no(claim.text)
    if claim.language != passage.language or claim.language not in LANGUAGES or not leant_on or _POINTS_BACK.match(whole):
        return []
    plain = _SWEEPING[claim.language].sub(" ", whole)
    words = meaning_words(plain, claim.language)
    if is_limited(plain, claim.language) or len(words) < LEAST_WORDS or find_swept_conditions(claim, passage, leant_on):
        return []
    if plain == whole:
        said = _Said(plain, words, claim.language, LEAST_SHARED, claim.question)
    else:
        said = _Said(plain, words, claim.language, LEAST_SHARED_OF_SWEEPING, "")
    told = [list(_lacking(said, statement.text)) for statement in passage.statements]
    near = [limit for number in leant_on for limit in told[number]]
    if near and all(limit for limits in told for limit in limits):
        return [Problem("condition", claim.text, 0, len(claim.text), near[0])]
    row = key_left_out(claim, passage.statements[leant_on[0]], passage, LEAST_SHARED)
    return [Problem("condition", claim.text, 0, len(claim.text), row)] if row else []


@dataclass(frozen=True, slots=True)
class _Said:
    """A claim without what widens it, its ``words``, the share that a statement must have of them to say it, and its question."""

    text: str
    words: frozenset[str]
    language: str
    least: float
    question: str

    def within(self, text: str) -> bool:
        return len(self.words & meaning_words(text, self.language)) >= self.least * len(self.words)


def _lacking(said: _Said, sentence: str) -> Iterator[str]:
    """For each statement of ``sentence`` that says the claim the limit that the claim lacks, empty where it lacks none."""
    for statement in limited_of(sentence, said.language):
        if said.within(statement.core) and _denies(statement.core, said.language) == _denies(said.text, said.language):
            yield next(_limits_lacked(said, statement), "") or _narrowed(said, statement.core)
        elif said.within(statement.text):
            yield ""


def _limits_lacked(said: _Said, statement: Limited) -> Iterator[str]:
    core = meaning_words(statement.core, said.language)
    for limit in statement.limits:
        own = meaning_words(limit.text, said.language) - core
        lacked = own and not own & said.words and said.within(limit.governed)
        if lacked and not names_case(said.question, limit.text, said.text, said.language):
            yield limit.text


def _narrowed(said: _Said, core: str) -> str:
    """Return shipping, where the claim's subject is just shipping: a word before a noun without an article says of which it is said."""
    subject = _SUBJECT.match(said.text) if said.language == "en" else None
    found = re.match(_NARROWED.format(noun=re.escape(subject["noun"])), core, re.IGNORECASE) if subject is not None else None
    if found is None or subject is None:
        return ""
    which = meaning_words(found["which"], "en") - meaning_words(subject["noun"], "en")
    if not which or which & said.words or names_kind(said.question, found["which"], said.language):
        return ""
    return found["which"]


def _denies(text: str, language: str) -> bool:
    return any(clause.negations for clause in clauses_of(_FREE.sub("free", text), language))
