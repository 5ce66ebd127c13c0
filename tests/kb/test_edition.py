"""Later editions of one document replace earlier ones without saying so; days are whole, both ends included."""

from datetime import date

import pytest

from kb.edition import family, later_editions
from kb.scope import Scope, SearchScope, admits
from kb.scoped_document import ScopedDocument
from tests.kb.test_admission import admitted

TODAY = SearchScope(date(2026, 11, 25))


def _document(path: str, begins: str | None, **more: object) -> ScopedDocument:
    return ScopedDocument("shop", path, Scope(effective_from=date.fromisoformat(begins) if begins else None, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("rules/returns-2025.md", "rules/returns.md"),
        ("rules/returns_2025-03.md", "rules/returns.md"),
        ("rules/returns.20250301.pdf", "rules/returns.pdf"),
        ("returns (2025).md", "returns.md"),
        ("returns-v2.md", "returns.md"),
        ("政策/退货政策-2025年版.md", "政策/退货政策.md"),
        ("退货2025.md", "退货.md"),
        ("2025.md", "2025.md"),
        ("manual-rovo-310.pdf", "manual-rovo-310.pdf"),
        ("order-120251.md", "order-120251.md"),
    ],
)
def test_what_tells_editions_apart(path: str, expected: str) -> None:
    assert family(path) == expected


def test_the_newest_in_force_wins_without_a_word() -> None:
    documents = [_document(f"returns-{year}.md", f"{year}-03-01") for year in (2024, 2025, 2026, 2027)]
    assert admitted(documents, TODAY) == ["returns-2026.md"]
    assert admitted(documents, SearchScope(date(2026, 2, 28))) == ["returns-2025.md"]
    assert admitted(documents, SearchScope(date(2027, 3, 1))) == ["returns-2027.md"]


def test_only_like_documents_with_days_replace_each_other() -> None:
    base = _document("returns-2025.md", "2025-03-01")
    for other in (
        _document("returns-2026.md", None),
        _document("returns-2026.md", "2026-03-01", regions=("EU",)),
        _document("returns-2026.md", "2026-03-01", channels=("store",)),
        _document("returns-2026.md", "2026-03-01", audience="internal"),
        _document("eu/returns-2026.md", "2026-03-01"),
        _document("delivery-2026.md", "2026-03-01"),
        ScopedDocument("other", "returns-2026.md", Scope(effective_from=date(2026, 3, 1))),
    ):
        assert list(later_editions([base, other])) == []


def test_an_edition_that_ran_out_brings_the_earlier_one_back() -> None:
    documents = [_document("returns-2025.md", "2025-01-01"), _document("returns-2026.md", "2026-01-01", effective_to=date(2026, 6, 30))]
    assert admitted(documents, SearchScope(date(2026, 6, 30))) == ["returns-2026.md"]
    assert admitted(documents, SearchScope(date(2026, 7, 1))) == ["returns-2025.md"]


def test_both_ends_and_leap_days_count() -> None:
    scope = Scope(effective_from=date(2024, 2, 29), effective_to=date(2028, 2, 29))
    days = [date(2024, 2, 28), date(2024, 2, 29), date(2028, 2, 29), date(2028, 3, 1)]
    assert [admits(scope, SearchScope(day)) for day in days] == [False, True, True, False]


def test_every_region_looks_past_the_region_only() -> None:
    scope = Scope(regions=("FR",), channels=("store",), effective_to=date(2026, 1, 1))
    everywhere = SearchScope(date(2026, 1, 1), channel="store", every_region=True)
    assert admits(scope, everywhere)
    assert not admits(scope, SearchScope(date(2026, 1, 2), channel="store", every_region=True))
    assert not admits(scope, SearchScope(date(2026, 1, 1), channel="online", every_region=True))
