"""Every reason for which a sentence is removed has one of the kinds by which they are counted."""

from typing import get_args

import pytest

from rag import output_check
from rag.answer import RemovedSentence
from rag.reason import REASON_KINDS, Reason
from rag.verify import draft_check
from rag.verify.problem import Finding, Problem, ProblemKind


@pytest.mark.parametrize("module", [draft_check, output_check])
def test_sentences_of_the_checks_have_kinds(module: object) -> None:
    found = {name: value for name, value in vars(module).items() if isinstance(value, str) and value.startswith("It ")}
    found.pop("FOREIGN_LINK", None)  # filled in where it is used
    assert found and all(isinstance(value, Reason) and value.kind in REASON_KINDS for value in found.values())


@pytest.mark.parametrize("kind", get_args(ProblemKind))
def test_problems_of_the_verifier_have_kinds(kind: ProblemKind) -> None:
    finding = Finding("not_found", 0.1, None, "", (Problem(kind, "30", 0, 2),))
    assert RemovedSentence("x", finding.reason).kind == kind in REASON_KINDS


def test_a_sentence_without_a_kind_is_another_one() -> None:
    assert RemovedSentence("x", "because").kind == "other" and RemovedSentence("x", Reason("link", "It links.")).kind == "link"
