"""A claim in a passage's own figures."""

import pytest

from rag.verify.rewording import as_told
from rag.verify.verifier import claim_facts
from tests.rag.verify.passages import language_of, passage_of


@pytest.mark.parametrize(
    ("claim", "passage", "telling"),
    [
        ("新客券三天有效。", "新客券自领取后72小时有效。", "新客券72小时有效。"),
        ("It is kept for two days and a week.", "It is kept for 48 hours, then for 7 days.", "It is kept for 48 hours and 7 days."),
        ("It runs for 30 minutes.", "It runs for 30 minutes, that is half an hour.", "It runs for 30 minutes."),
        ("It runs for 30 minutes.", "It runs for an hour.", "It runs for 30 minutes."),
        ("It has five keys.", "It lasts 5 days.", "It has five keys."),
        ("保修三天。", "It is covered for 72 hours.", "保修三天。"),
    ],
)
def test_facts_that_are_told_otherwise_are_written_as_there(claim: str, passage: str, telling: str) -> None:
    assert as_told(claim_facts(claim, language_of(claim)), passage_of(passage)) == telling
