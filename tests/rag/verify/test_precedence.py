"""Which of several passages may bear a claim out."""

import pytest

from kb.search import Hit
from rag.readers.word_reader import WordClaimReader
from rag.verify.precedence import Examined, Witness, bearing, contradicting
from rag.verify.problem import Problem
from rag.verify.verifier import Verifier
from rag.verify.wording import Wording
from tests.rag.verify.passages import passage_of
from tests.rag.verify.test_verifier import Certain

NEEDED = 0.3
TURNED, OTHER_VALUE = Problem("negation", "not", 0, 3, "it can"), Problem("number", "60 days", 0, 7, "30 days")
UNTOLD = Problem("name", "Rovo", 0, 4)


def witness(shared: float, support: float, *problems: Problem) -> Witness:
    wording = Wording(0.0, False, False, False, False, shared, shared, 8)
    return Witness(Examined(passage_of("A passage.").hit, "A passage.", problems, wording), support)


@pytest.mark.parametrize(
    ("witnesses", "borne"),
    [
        ([witness(0.8, 0.4)], 1),
        ([witness(0.8, 0.2)], 0),
        ([witness(0.8, 0.9, UNTOLD)], 0),
        ([witness(0.3, 0.7), witness(0.8, 0.1)], 0),  # far, and not sure
        ([witness(0.3, 0.9), witness(0.8, 0.1)], 1),  # far, but sure
        ([witness(0.75, 0.4), witness(0.8, 0.1)], 1),  # near enough
        ([witness(0.6, 0.95), witness(0.8, 0.9, TURNED)], 0),
        ([witness(0.8, 0.95), witness(0.8, 0.9, TURNED)], 1),  # as much of the claim's words
        ([witness(0.7, 0.95), witness(0.8, 0.9, OTHER_VALUE)], 1),  # may be said of something else
        ([witness(0.5, 0.95), witness(0.8, 0.9, OTHER_VALUE)], 0),
        ([witness(0.1, 0.95), witness(0.3, 0.9, TURNED)], 1),  # of other words, contradicts nothing
        ([], 0),
    ],
)
def test_who_may_bear_a_claim_out(witnesses: list[Witness], borne: int) -> None:
    assert len(bearing(witnesses, NEEDED)) == borne


def test_the_most_supporting_one_comes_first_and_the_most_literal_contradicts() -> None:
    first, second = witness(0.8, 0.9), witness(0.8, 0.5)
    assert bearing([second, first], NEEDED) == [first, second]
    near, far = witness(0.9, 0.2, TURNED), witness(0.5, 0.9, TURNED)
    assert contradicting([far, near]) is near and contradicting([witness(0.9, 0.9, OTHER_VALUE)]) is None


def test_a_passage_that_says_the_contrary_is_what_a_reader_is_shown() -> None:
    contrary = passage_of("A backup can be restored on another hub.").hit
    beside: Hit = passage_of("Another hub: update both of them, then restart the backup.").hit
    finding = Verifier(Certain(3)).verify("A backup cannot be restored on another hub.", "en", [beside, contrary])
    assert (finding.verdict, finding.quote) == ("contradicted", "A backup can be restored on another hub.")
    assert "cannot" in finding.reason
    agreed = Verifier(WordClaimReader()).verify("A backup can be restored on another hub.", "en", [beside, contrary])
    assert agreed.verdict == "supported"
