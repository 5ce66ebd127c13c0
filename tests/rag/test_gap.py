"""Reasons to decline."""

import pytest

from kb.search import HybridSearch
from kb.version import Version
from rag.gap import GapFinder
from rag.products import ModelGuard
from rag.query import Query
from rag.unit import units_of
from tests.rag.conftest import DAY


def _gap(version: Version, search: HybridSearch, question: str) -> str | None:
    query = Query(question, DAY)
    hits = search.search(version, [question], 8, query.scope)[0]
    gap = GapFinder().find(question, "public", ModelGuard(version.titles("public")), hits, units_of(hits), version)
    return gap.reason if gap is not None else None


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Does the Rovo 310 work with HomeKit?", "speaks of"),
        ("Do you have any jobs?", "speaks of"),
        ("你们招聘吗？", "speaks of"),
        ("How many minutes does the Rovo 900 run?", "model called"),
        ("Does the Rovo 310 support QQZ?", "QQZ"),
        ("How heavy is the error code?", None),
        ("How long can I return an item?", None),
        ("多少天内可以退货", None),
        ("What does E04 mean?", None),
    ],
)
def test_what_is_missing_is_named(version: Version, search: HybridSearch, question: str, reason: str | None) -> None:
    gap = _gap(version, search, question)
    assert (gap is None) if reason is None else (gap is not None and reason in gap)


def test_an_asked_quantity_must_be_there(version: Version, search: HybridSearch) -> None:
    query = Query("What is the noise of the Rovo 310 in decibels?", DAY)
    hits = search.search(version, [query.text], 1, query.scope)[0]
    units = [unit for unit in units_of(hits) if "dB" not in unit.text]
    found = GapFinder().find(query.text, "public", ModelGuard([]), hits, units, version)
    assert found is not None
