"""The dated and regional questions, through the product's own ingest, the real encoder and the real readers."""

import pytest

from eval.ingested import ingested_source
from eval.validity import SETS, read_validity, run
from kb.encoder import Encoder
from server.services import Services


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_question_gets_the_rule_of_its_day_and_region(encoder: Encoder, services: Services) -> None:
    with ingested_source("shop", SETS["first"].shop, encoder) as version:
        outcomes = run(services.answerer, version, read_validity(SETS["first"].questions))
    assert not [one.question.id for one in outcomes if one.superseded]
    assert not [(one.question.id, one.problems, one.answer) for one in outcomes if one.problems]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_of_a_shop_that_nothing_was_tuned_on_no_superseded_rule_is_cited(encoder: Encoder, services: Services) -> None:
    with ingested_source("shop", SETS["later"].shop, encoder) as version:
        outcomes = run(services.answerer, version, read_validity(SETS["later"].questions))
    assert not [one.question.id for one in outcomes if one.superseded]
    wrong = [(one.question.id, one.problems, one.answer) for one in outcomes if one.problems]
    assert len(wrong) <= 10, wrong  # 8 when they were first asked (docs/log.md)
