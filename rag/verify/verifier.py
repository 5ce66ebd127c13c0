"""The verifier: does a passage bear out a claim?

Four judges have to agree. Facts: every number, date, code and address is told by the passage, of the same thing. Names: product
and region are those that the passage speaks of. Polarity: no clause says the opposite in the passage's own words, and none drops its
conditions with an "always". Wording: a reader that learned from true and false claims finds the sentence that says it. A sentence that
stands in the passage word for word needs no judge.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain
from typing import Protocol

import numpy as np

from kb.encoder import FloatArray
from kb.search import Hit
from rag.facts.fact import find_facts
from rag.reader import Reading
from rag.verify.alignment import Alignment
from rag.verify.binding import ClaimFacts
from rag.verify.checked_passage import CheckedPassage, Statement, known_passage
from rag.verify.dropping import find_dropped_conditions
from rag.verify.figures import find_problems
from rag.verify.names import find_name_problems
from rag.verify.polarity import find_oppositions
from rag.verify.precedence import Examined, Witness, bearing, contradicting
from rag.verify.problem import Finding, Problem
from rag.verify.rewording import as_told
from rag.verify.sweeping import find_swept_conditions
from rag.verify.translation import ABOUT, TranslationCheck
from rag.verify.wording import WordingModel, compare_wording

RELATED = 0.05
"""The least support of a contradiction: a passage about something else contradicts nothing."""
MEANING_WEIGHT = 0.5
"""How much the claim reader's logits count beside shared words when a claim is laid along a passage."""
LEAST_LOGIT = -8.0
"""Below this the reader tells no differences."""


class ClaimReader(Protocol):
    """Scores sentences by how well they bear a claim out: logits against "none does". Safe for several threads."""

    @property
    def wording(self) -> WordingModel:
        """How its scores are weighed, and how much support is needed."""

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        """For each reading the scores of its sentences (float32 [sentences])."""


class Verifier:
    """Holds claims against passages. Safe for several threads; remembers the passages it has cut up."""

    def __init__(self, reader: ClaimReader, translation: Callable[[], TranslationCheck] | None = None) -> None:
        """``reader`` brings its own way of weighing wording.

        ``translation`` makes, when it is first needed, what tells whether a passage in another language is about the claim at all;
        without it the reader alone does.
        """
        self._reader = reader
        self._make_translation = translation

    @cached_property
    def translation(self) -> TranslationCheck | None:
        """What judges across languages, if anything but the reader does."""
        return None if self._make_translation is None else self._make_translation()

    def verify(self, text: str, language: str, hits: Sequence[Hit], cited: Sequence[Hit] = (), question: str = "") -> Finding:
        """What ``text``, one sentence, comes to. A case that ``question``, which it answers, states need not be said in it again.

        The ``cited`` passages are asked first. If they do not bear it out, any of ``hits`` may, unless one says the contrary
        (`rag.verify.precedence`): then that one is cited instead.
        """
        claim = claim_facts(text, language, question)
        witnesses: list[Witness] = []
        for group in (cited, [hit for hit in hits if hit not in cited]):
            literal = next((found for hit in group if (found := word_for_word(claim, hit)) is not None), None)
            if literal is not None:
                return literal
            witnesses += filter(lambda witness: self._is_about(claim, witness), map(self._witness, self.examine(claim, group)))
            borne = bearing(witnesses, self._reader.wording.needed)
            if borne:
                return Finding("supported", borne[0].support, borne[0].examined.hit, borne[0].examined.quote)
        return _refused(claim, witnesses)

    def examine(self, claim: ClaimFacts, hits: Sequence[Hit]) -> list[Examined]:
        """What each judge says of ``claim`` beside each of ``hits`` that has sentences."""
        passages = [checked for checked in map(known_passage, hits) if checked.statements]
        if not passages:
            return []
        logits = self._reader.score(claim.text, [passage.reading for passage in passages])
        return [_examine(claim, passage, self._as_told(claim, passage, scores)) for passage, scores in zip(passages, logits, strict=True)]

    def _as_told(self, claim: ClaimFacts, passage: CheckedPassage, logits: FloatArray) -> FloatArray:
        """``logits``, or what the reader says of the claim with its facts as the passage writes them, where that is more."""
        telling = as_told(claim, passage)
        return logits if telling == claim.text else np.maximum(logits, *self._reader.score(telling, [passage.reading]))

    def _is_about(self, claim: ClaimFacts, witness: Witness) -> bool:
        """Whether a passage in another language is to be heard: what tells of another matter bears nothing out, and contradicts nothing."""
        examined = witness.examined
        if examined.hit.passage.language == claim.language or self.translation is None:
            return True
        if witness.support < RELATED:
            return False
        return self.translation.height(claim.text, examined.quote, known_passage(examined.hit).reading.context) >= ABOUT

    def _witness(self, examined: Examined) -> Witness:
        return Witness(examined, self._reader.wording.support(examined.wording))


def _refused(claim: ClaimFacts, witnesses: Sequence[Witness]) -> Finding:
    """The most telling of what does not bear ``claim`` out: what turns it round, another contradiction, the better supported wording."""
    turning = contradicting(witnesses)
    nearest: Finding | None = None
    for witness in [turning] if turning is not None else witnesses:
        nearest = _nearer(nearest, _objection(claim, witness, witness is turning))
    return nearest or Finding("not_found", 0.0, None, "", (_unsaid(claim),))


def _objection(claim: ClaimFacts, witness: Witness, turning: bool) -> Finding:
    examined = witness.examined
    contradicted = turning or (witness.support >= RELATED and any(problem.told for problem in examined.problems))
    shown = examined.problems or (_unsaid(claim),)
    return Finding("contradicted" if contradicted else "not_found", witness.support, examined.hit, examined.quote, shown)


def _examine(claim: ClaimFacts, passage: CheckedPassage, logits: FloatArray) -> Examined:
    alignment = Alignment(passage, np.float32(MEANING_WEIGHT) * np.maximum(logits, np.float32(LEAST_LOGIT)), claim)
    leant_on = alignment.leant_on(claim.text)
    nearest = passage.statements[leant_on[0]]
    logit = float(np.logaddexp.reduce(logits.astype(np.float64)))
    wording = compare_wording(claim.text, nearest.text, passage.text, logit, claim.language, passage.language)
    judges = (find_name_problems, find_oppositions, find_swept_conditions, find_dropped_conditions)
    told_otherwise = (judge(claim, passage, leant_on) for judge in judges)
    problems = (*find_problems(claim, passage, alignment), *chain.from_iterable(told_otherwise))
    return Examined(passage.hit, _quote(claim, passage, nearest), problems, wording)


def _quote(claim: ClaimFacts, passage: CheckedPassage, nearest: Statement) -> str:
    """The words to cite: the nearest sentence, or the one that tells the claim's facts where the nearest tells none of them."""

    def told(statement: Statement) -> int:
        return sum(any(fact.agrees(other) for other in statement.facts) for fact in claim.facts)

    return nearest.text if told(nearest) else max((nearest, *passage.statements), key=told).text


def claim_facts(text: str, language: str, question: str = "") -> ClaimFacts:
    """``text`` with its facts, and the question that it answers."""
    return ClaimFacts(text, language, tuple(find_facts(text, language)), question)


def _nearer(one: Finding | None, other: Finding) -> Finding:
    """The more telling of two findings that do not bear a claim out: a contradiction, then the better supported wording."""
    if one is None:
        return other
    return max(one, other, key=lambda finding: (finding.verdict == "contradicted" and finding.support >= RELATED, finding.support))


def _unsaid(claim: ClaimFacts) -> Problem:
    return Problem("wording", claim.text, 0, len(claim.text))


def word_for_word(claim: ClaimFacts, hit: Hit) -> Finding | None:
    """The finding for a claim that is a sentence of the passage as it stands; else None."""
    wanted = _plain(claim.text)
    statement = next((statement for statement in known_passage(hit).statements if _plain(statement.text) == wanted), None)
    return Finding("supported", 1.0, hit, statement.text) if statement is not None and wanted else None


def _plain(text: str) -> str:
    """Letters and digits alone, for comparing word for word. Signs that change a meaning (%, minus) stay."""
    return re.sub(r"[\s.,;:!?。，；：！？、'\"“”‘’()（）|]+", "", unicodedata.normalize("NFKC", text).casefold())

