"""The verifier: does a passage bear out a claim?

Three judges have to agree. Facts: every number, date, code and address is told by the passage, of the same thing. Names: product
and region are those that the passage speaks of. Wording: a reader that learned from true and false claims finds the sentence that
says it. A sentence that stands in the passage word for word needs no judge.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np

from kb.encoder import FloatArray
from kb.search import Hit
from rag.facts.fact import find_facts
from rag.reader import Reading
from rag.verify.alignment import Alignment
from rag.verify.binding import ClaimFacts
from rag.verify.checked_passage import CheckedPassage, checked_passage
from rag.verify.figures import find_problems
from rag.verify.names import find_name_problems
from rag.verify.problem import Finding, Problem

NEEDED = 0.5
"""The least support, a probability (docs/decisions/0014-verifier.md)."""
MEANING_WEIGHT = 1.0
"""How much the claim reader's logits count beside shared words when a claim is laid along a passage."""
LEAST_LOGIT = -8.0
"""Below this the reader tells no differences."""


class ClaimReader(Protocol):
    """Scores sentences by how well they bear a claim out: logits against "none does". Safe for several threads."""

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        """For each reading the scores of its sentences (float32 [sentences])."""


class Verifier:
    """Holds claims against passages. Safe for several threads; remembers the passages it has cut up."""

    def __init__(self, reader: ClaimReader, needed: float = NEEDED) -> None:
        """``needed`` is the least support, a probability in [0, 1]."""
        self._reader = reader
        self._needed = needed

    def verify(self, text: str, language: str, hits: Sequence[Hit], cited: Sequence[Hit] = ()) -> Finding:
        """What ``text``, one sentence, comes to.

        The ``cited`` passages are asked first. If they do not bear it out, any of ``hits`` may: then that one is cited instead.
        """
        claim = ClaimFacts(text, language, tuple(find_facts(text, language)))
        others = [hit for hit in hits if hit not in cited]
        nearest: Finding | None = None
        for group in (cited, others):
            for finding in self._against(claim, group):
                if finding.verdict == "supported":
                    return finding
                nearest = _nearer(nearest, finding)
        return nearest or Finding("not_found", 0.0, None, "", (_unsaid(claim),))

    def _against(self, claim: ClaimFacts, hits: Sequence[Hit]) -> list[Finding]:
        """A finding for each of ``hits``, the most supported first."""
        passages = [checked for checked in map(_checked, hits) if checked.statements]
        word_for_word = next((found for passage in passages if (found := _literal(claim, passage)) is not None), None)
        if word_for_word is not None:
            return [word_for_word]
        logits = self._reader.score(claim.text, [passage.reading for passage in passages])
        findings = [self._judge(claim, passage, scores) for passage, scores in zip(passages, logits, strict=True)]
        return sorted(findings, key=lambda finding: (finding.verdict != "supported", -finding.support))

    def _judge(self, claim: ClaimFacts, passage: CheckedPassage, logits: FloatArray) -> Finding:
        alignment = Alignment(passage, np.float32(MEANING_WEIGHT) * np.maximum(logits, np.float32(LEAST_LOGIT)), claim)
        leant_on = alignment.leant_on(claim.text)
        problems: list[Problem] = [*find_problems(claim, passage, alignment), *find_name_problems(claim, passage, leant_on)]
        support = _probability(float(np.logaddexp.reduce(logits.astype(np.float64))))
        quote = passage.statements[leant_on[0]].text
        if not problems and support >= self._needed:
            return Finding("supported", support, passage.hit, quote)
        contradicted = any(problem.told for problem in problems)
        shown = tuple(problems) or (_unsaid(claim),)
        return Finding("contradicted" if contradicted else "not_found", min(support, 1 - 1e-6), passage.hit, quote, shown)


def _nearer(one: Finding | None, other: Finding) -> Finding:
    """The more telling of two findings that do not bear a claim out: a contradiction, then the better supported wording."""
    if one is None:
        return other
    return max(one, other, key=lambda finding: (finding.verdict == "contradicted" and finding.support >= NEEDED / 2, finding.support))


def _unsaid(claim: ClaimFacts) -> Problem:
    return Problem("wording", claim.text, 0, len(claim.text))


def _literal(claim: ClaimFacts, passage: CheckedPassage) -> Finding | None:
    """Whether the claim is a sentence of the passage as it stands."""
    wanted = _plain(claim.text)
    statement = next((statement for statement in passage.statements if _plain(statement.text) == wanted), None)
    return Finding("supported", 1.0, passage.hit, statement.text) if statement is not None and wanted else None


def _plain(text: str) -> str:
    """Letters and digits alone, for comparing word for word. Signs that change a meaning (%, minus) stay."""
    return re.sub(r"[\s.,;:!?。，；：！？、'\"“”‘’()（）|]+", "", unicodedata.normalize("NFKC", text).casefold())


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@lru_cache(maxsize=4096)
def _checked(hit: Hit) -> CheckedPassage:
    return checked_passage(hit)

