"""The verifier as a whole: what it lets out, what it cites, and what it says is wrong."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from kb.encoder import FloatArray
from kb.search import Hit
from rag.reader import Reading
from rag.readers.claim_reader import FITTED
from rag.readers.word_reader import WordClaimReader
from rag.verify.translation import TranslationCheck
from rag.verify.verifier import Verifier
from rag.verify.wording import LOGIT_ALONE, Wording, compare_wording
from tests.rag.verify.passages import passage_of

RETURNS = "You can return any item within 30 days. Keep the receipt."
SHIPPING = "Shipping costs 4.90 EUR and takes two working days."


class Certain:
    """A reader that believes everything, or nothing."""

    wording = LOGIT_ALONE

    def __init__(self, logit: float) -> None:
        self.logit = logit
        self.asked = 0

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        self.asked += len(readings)
        return [np.full(len(reading.sentences), self.logit, np.float32) for reading in readings]


@pytest.fixture
def returns() -> Hit:
    return passage_of(RETURNS, "Returns").hit


@pytest.fixture
def shipping() -> Hit:
    return passage_of(SHIPPING, "Shipping").hit


def test_a_sentence_as_it_stands_needs_no_reader(returns: Hit) -> None:
    reader = Certain(-9)
    finding = Verifier(reader).verify("Keep the receipt!", "en", [returns])
    assert (finding.verdict, finding.support, finding.quote) == ("supported", 1.0, "Keep the receipt.")
    assert reader.asked == 0


def test_part_of_a_sentence_is_not_taken_for_the_sentence(shipping: Hit) -> None:
    assert Verifier(Certain(-9)).verify("Shipping costs 4.90 EUR.", "en", [shipping]).verdict == "not_found"


def test_a_sentence_without_its_limit_is_not_borne_out_however_sure_the_reader_is(returns: Hit) -> None:
    finding = Verifier(Certain(9)).verify("You can return any item.", "en", [returns])
    told = [(problem.kind, problem.told) for problem in finding.problems]
    assert (finding.verdict, told) == ("contradicted", [("condition", "within 30 days")])


def test_the_right_passage_is_cited_when_the_wrong_one_was(returns: Hit, shipping: Hit) -> None:
    finding = Verifier(WordClaimReader()).verify("Shipping takes two working days.", "en", [returns, shipping], [returns])
    assert finding.verdict == "supported"
    assert finding.hit is shipping


def test_a_passage_that_was_not_retrieved_bears_nothing_out(returns: Hit) -> None:
    assert Verifier(Certain(9)).verify("Shipping costs 4.90 EUR.", "en", [returns]).verdict != "supported"


def test_no_passages_no_support() -> None:
    finding = Verifier(Certain(9)).verify("Anything.", "en", [])
    assert (finding.verdict, finding.hit) == ("not_found", None)
    assert finding.reason


def test_another_number_is_a_contradiction_that_names_both(returns: Hit) -> None:
    finding = Verifier(Certain(9)).verify("You can return any item within 60 days.", "en", [returns])
    assert finding.verdict == "contradicted"
    (problem,) = finding.problems
    assert (problem.kind, problem.text, problem.told) == ("number", "60 days", "30 days")
    assert "60 days" in finding.reason and "30 days" in finding.reason


def test_the_reader_has_the_last_word_on_wording(returns: Hit) -> None:
    text = "Every article goes back within 30 days."
    assert Verifier(Certain(3)).verify(text, "en", [returns]).verdict == "supported"
    assert Verifier(Certain(-3)).verify(text, "en", [returns]).verdict == "not_found"


def test_a_negation_in_the_claim_alone_speaks_against_it() -> None:
    same = compare_wording("Lamps can be returned.", "Lamps can be returned.", "Lamps can be returned.", 1.0, "en", "en")
    other = compare_wording("Lamps cannot be returned.", "Lamps can be returned.", "Lamps can be returned.", 1.0, "en", "en")
    assert (same.negated_otherwise, other.negated_otherwise) == (False, True)
    assert FITTED.support(other) < FITTED.support(replace(other, negated_otherwise=False, negations_odd=False))


@pytest.mark.parametrize(
    ("claim", "sentence", "sweeping", "fewer"),
    [
        ("All lamps can be returned.", "Lamps can be returned if unopened.", True, True),
        ("任何灯都可以退。", "未拆封的灯可以退。", True, True),
        ("Lamps can be returned if unopened.", "Lamps can be returned if unopened.", False, False),
    ],
)
def test_sweeping_words_and_dropped_conditions_are_seen(claim: str, sentence: str, sweeping: bool, fewer: bool) -> None:
    language = "zh" if "灯" in claim else "en"
    wording = compare_wording(claim, sentence, sentence, 0.0, language, language)
    assert (wording.more_sweeping, wording.fewer_conditions) == (sweeping, fewer)


def test_a_surer_reader_means_more_support() -> None:
    def support(logit: float) -> float:
        return FITTED.support(Wording(logit, False, False, False, False, 0.5, 0.5, 8))

    assert support(-4) < support(-1) < support(2)


class Near(TranslationCheck):
    """Finds every sentence at ``near`` standard deviations from every quote."""

    def __init__(self, near: float) -> None:
        self._near = near

    def height(self, text: str, quote: str, context: str) -> float:
        return self._near


@pytest.mark.parametrize(
    ("claim", "near", "verdict"),
    [
        ("Gift cards are valid for two years.", 5, "supported"),
        ("Gift cards are valid for two years.", 2, "not_found"),
        ("Gift cards are valid for five years.", 5, "contradicted"),
        ("Gift cards are valid for five years.", 2, "not_found"),
    ],
)
def test_a_passage_in_another_language_about_another_matter_is_not_heard(claim: str, near: float, verdict: str) -> None:
    warranty = passage_of("铸铁锅的保修期为两年。", "保修").hit
    assert Verifier(Certain(9), lambda: Near(near)).verify(claim, "en", [warranty]).verdict == verdict


def test_in_the_claims_language_nobody_asks_for_a_translation(returns: Hit) -> None:
    def unwanted() -> TranslationCheck:
        raise AssertionError("no translation is needed here")

    assert Verifier(Certain(9), unwanted).verify("Every article goes back within 30 days.", "en", [returns]).verdict == "supported"
