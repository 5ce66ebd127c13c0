"""Fits how the wording of a claim is weighed, and how much support it needs, on the tuning half of the verification suite."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from eval.verification import CitedClaim
from kb.search import Hit
from rag.verify.binding import ClaimFacts
from rag.verify.precedence import Examined
from rag.verify.verifier import Verifier, claim_facts, word_for_word
from rag.verify.wording import WordingModel

STEP = 37
REFUSED_SHARE = 0.05
"""True claims that may be refused, by all judges together. At .03 a fourth fewer negations and dropped conditions are caught."""


def fit_wording(claims: Sequence[CitedClaim], verifier: Verifier) -> WordingModel:
    """A logistic regression on the features of the claims' wording, where no other judge has decided already.

    Beside the claims and their passages stand claims and passages of other sources: what a small model writes is often about neither.

    The least support needed is that at which `REFUSED_SHARE` of the true claims are refused.
    """
    pairs = [(cited.claim.true, examined) for cited in claims for examined in _examined(cited, verifier)]
    strangers = [(False, examined) for claim, hit in _strangers(claims) for examined in verifier.examine(claim, [hit])]
    undecided = [(true, examined) for true, examined in [*pairs, *strangers] if not examined.problems]
    features = np.array([examined.wording.features for _, examined in undecided])
    regression = LogisticRegression().fit(features, [true for true, _ in undecided])
    model = WordingModel(tuple(round(float(weight), 2) for weight in regression.coef_[0]), round(float(regression.intercept_[0]), 2), 0.0)
    return replace(model, needed=_needed(model, [examined for true, examined in pairs if true], sum(cited.claim.true for cited in claims)))


def _examined(cited: CitedClaim, verifier: Verifier) -> list[Examined]:
    claim = claim_facts(cited.claim.sentence, cited.claim.language)
    return verifier.examine(claim, [cited.hit]) if word_for_word(claim, cited.hit) is None else []


def _strangers(claims: Sequence[CitedClaim]) -> Iterator[tuple[ClaimFacts, Hit]]:
    """Each claim with the passage of another one, by a fixed step through them, where that is another document."""
    for number, cited in enumerate(claims):
        other = claims[(number * STEP + STEP) % len(claims)]
        if other.hit.passage.document_id != cited.hit.passage.document_id:
            yield claim_facts(cited.claim.sentence, cited.claim.language), other.hit


def _needed(model: WordingModel, true_ones: Sequence[Examined], count: int) -> float:
    """The support below which `REFUSED_SHARE` of ``count`` true claims lie; those not among ``true_ones`` stand word for word."""
    supports = sorted(0.0 if examined.problems else model.support(examined.wording) for examined in true_ones)
    return round(supports[min(int(REFUSED_SHARE * count), len(supports) - 1)], 3)
