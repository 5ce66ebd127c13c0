"""The verifier with its fitted reader, on the corruption suite: floors below what was measured (docs/log.md)."""

from collections.abc import Iterator
from datetime import date

import pytest

from eval.claim import LATER_FOLDER, POLARITY_FOLDER, VALUES_FOLDER, VERIFICATION_FOLDER, read_claims
from eval.verification import cited_claims
from eval.verify import VerifyRow, run, tabulate
from eval.verify_everywhere import about_the_sample_shop, run_everywhere
from rag.readers.claim_reader import OnnxClaimReader
from rag.verify.text import TextVerifier
from rag.verify.verifier import Verifier
from server.services import Services

pytestmark = pytest.mark.timeout(600)
LEAST_REFUSED = {
    "number": 0.8,
    "unit": 0.9,
    "date": 0.85,
    "code": 0.85,
    "product_swap": 0.75,
    "region_swap": 0.8,
    "wrong_passage": 0.9,
    "addition": 0.75,
    "condition": 0.7,
    "negation": 0.5,
}
MOST_TRUE_REFUSED = 0.1
LEAST_REFUSED_LATER = {"number": 0.8, "unit": 0.9, "date": 0.9, "code": 0.9, "product_swap": 0.8, "region_swap": 0.85}
MOST_TRUE_REFUSED_LATER = 0.2
LEAST_REFUSED_VALUES = {"number": 0.88, "unit": 0.95, "date": 0.95, "code": 0.9, "product_swap": 0.93, "region_swap": 0.9}
MOST_TRUE_REFUSED_VALUES = 0.22


@pytest.fixture(scope="module")
def rows(claim_reader: OnnxClaimReader) -> Iterator[dict[str, VerifyRow]]:
    verified = run(cited_claims(read_claims(VERIFICATION_FOLDER)), Verifier(claim_reader))
    yield {row.kind: row for row in tabulate(verified)}


@pytest.fixture(scope="module")
def later(claim_reader: OnnxClaimReader) -> Iterator[dict[str, VerifyRow]]:
    verified = run(cited_claims(read_claims(LATER_FOLDER)), Verifier(claim_reader))
    yield {row.kind: row for row in tabulate(verified)}


@pytest.mark.parametrize("kind", LEAST_REFUSED)
def test_corrupted_claims_are_refused(rows: dict[str, VerifyRow], kind: str) -> None:
    row = rows[kind]
    assert row.tune is not None and row.test is not None
    assert min(row.tune, row.test) >= LEAST_REFUSED[kind], row


def test_true_claims_are_let_out(rows: dict[str, VerifyRow]) -> None:
    assert rows["true"].tune is not None and rows["true"].test is not None
    assert max(rows["true"].tune, rows["true"].test) <= MOST_TRUE_REFUSED, rows["true"]


def test_sentences_as_they_stand_are_all_let_out(rows: dict[str, VerifyRow]) -> None:
    assert (rows["literal"].tune, rows["literal"].test) == (0.0, 0.0)


def test_sentences_as_they_stand_are_sent_when_a_model_writes_them(services: Services) -> None:
    literal = [claim for claim in read_claims(VERIFICATION_FOLDER) if claim.kind == "literal"]
    verified = run(cited_claims(literal), services.verifier, services.check)
    assert len(verified) > 80 and not [one.claim.sentence for one in verified if one.held_back]


@pytest.mark.parametrize("kind", LEAST_REFUSED_LATER)
def test_values_products_and_regions_exchanged_are_refused(later: dict[str, VerifyRow], kind: str) -> None:
    row = later[kind]
    assert row.tune is not None and row.test is not None
    assert min(row.tune, row.test) >= LEAST_REFUSED_LATER[kind], row


def test_values_written_otherwise_are_let_out(later: dict[str, VerifyRow]) -> None:
    assert later["true"].tune is not None and later["true"].test is not None
    assert max(later["true"].tune, later["true"].test) <= MOST_TRUE_REFUSED_LATER, later["true"]


@pytest.fixture(scope="module")
def values(claim_reader: OnnxClaimReader) -> Iterator[dict[str, VerifyRow]]:
    verified = run(cited_claims(read_claims(VALUES_FOLDER)), Verifier(claim_reader))
    yield {row.kind: row for row in tabulate(verified)}


@pytest.mark.parametrize("kind", LEAST_REFUSED_VALUES)
def test_single_values_are_refused(values: dict[str, VerifyRow], kind: str) -> None:
    row = values[kind]
    assert row.tune is not None and row.test is not None
    assert min(row.tune, row.test) >= LEAST_REFUSED_VALUES[kind], row


def test_single_values_written_otherwise_are_let_out(values: dict[str, VerifyRow]) -> None:
    assert values["true"].tune is not None and values["true"].test is not None
    assert max(values["true"].tune, values["true"].test) <= MOST_TRUE_REFUSED_VALUES, values["true"]


@pytest.fixture(scope="module")
def turned(claim_reader: OnnxClaimReader) -> Iterator[dict[str, VerifyRow]]:
    verified = run(cited_claims(read_claims(POLARITY_FOLDER)), Verifier(claim_reader))
    yield {row.kind: row for row in tabulate(verified)}


@pytest.fixture(scope="module")
def turned_everywhere(services: Services) -> dict[str, VerifyRow]:
    """The same claims, those about the sample shop, against all that it has."""
    with services.live.lease() as version:
        verifier = TextVerifier(services.verifier, services.search)
        return {
            row.kind: row
            for row in tabulate(run_everywhere(about_the_sample_shop(read_claims(POLARITY_FOLDER)), verifier, version, date(2026, 11, 22)))
        }


@pytest.mark.parametrize(("kind", "least", "everywhere"), [("negation", 0.42, 0.3), ("condition", 0.45, 0.4)])
def test_yes_turned_into_no_is_refused(
    turned: dict[str, VerifyRow], turned_everywhere: dict[str, VerifyRow], kind: str, least: float, everywhere: float
) -> None:
    for row, floor in ((turned[kind], least), (turned_everywhere[kind], everywhere)):
        assert row.tune is not None and row.test is not None
        assert min(row.tune, row.test) >= floor, row


def test_negations_said_otherwise_are_let_out(turned: dict[str, VerifyRow], turned_everywhere: dict[str, VerifyRow]) -> None:
    for row in (turned["true"], turned_everywhere["true"]):
        assert row.tune is not None and row.test is not None
        assert max(row.tune, row.test) <= 0.22, row
