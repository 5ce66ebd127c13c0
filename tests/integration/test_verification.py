"""The verifier with its fitted reader, on the corruption suite: floors below what was measured (docs/log.md)."""

from collections.abc import Iterator

import pytest

from eval.claim import LATER_FOLDER, VERIFICATION_FOLDER, read_claims
from eval.verification import cited_claims
from eval.verify import VerifyRow, run, tabulate
from rag.readers.claim_reader import OnnxClaimReader
from rag.verify.verifier import Verifier

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


@pytest.mark.parametrize("kind", LEAST_REFUSED_LATER)
def test_values_products_and_regions_exchanged_are_refused(later: dict[str, VerifyRow], kind: str) -> None:
    row = later[kind]
    assert row.tune is not None and row.test is not None
    assert min(row.tune, row.test) >= LEAST_REFUSED_LATER[kind], row


def test_values_written_otherwise_are_let_out(later: dict[str, VerifyRow]) -> None:
    assert later["true"].tune is not None and later["true"].test is not None
    assert max(later["true"].tune, later["true"].test) <= MOST_TRUE_REFUSED_LATER, later["true"]
