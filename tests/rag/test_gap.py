"""Reasons to decline."""

import numpy as np
import pytest

from kb.search import HybridSearch
from kb.version import Version
from rag.gap import GapFinder, missing_quantity
from rag.products import ModelGuard
from rag.query import Query
from rag.unit import units_of
from tests.rag.conflict.units import hit_of
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


FILTERS = units_of([hit_of("The filter MF-25 lets 13 % through.", "filters.md"), hit_of("The case costs $24.", "cases.md")])


@pytest.mark.parametrize(
    ("question", "read", "missing"),
    [
        ("What does a filter cost?", [0.0, 0.0], False),
        ("What does a filter cost?", [4.0, 0.0], True),
        ("What does the MF-25 cost?", [0.0, 0.0], True),
        ("What does the case cost?", [0.0, 4.0], False),
        ("You cut the price. Can I send it back?", [4.0, 0.0], False),
        ("How loud is it?", [0.0, 0.0], True),
        ("Who pays the postage for a filter?", [4.0, 0.0], False),
        ("Is the postage free?", [4.0, 0.0], False),
        ("滤镜卖多少钱？", [4.0, 0.0], True),
        ("Is it round?", [0.0, 0.0], False),
    ],
)
def test_what_is_asked_for_must_be_told_of_what_is_asked_about(question: str, read: list[float], missing: bool) -> None:
    gap = missing_quantity(question, FILTERS, np.array(read, np.float32))
    assert (gap is not None) == missing
    assert gap is None or not gap.certain
