"""Which document goes before the other."""

import pytest

from kb.document import BlockKind
from rag.source_strength import SourceKind, source_kind, strength
from tests.rag.conflict.units import from_day, hit_of


@pytest.mark.parametrize(
    ("document", "title", "kind", "expected"),
    [
        ("policies/returns.md", "Returns", "paragraph", SourceKind.POLICY),
        ("policies/gift-cards.html", "Gift cards", "paragraph", SourceKind.POLICY),
        ("agb.html", "General terms", "paragraph", SourceKind.POLICY),
        ("保修.md", "保修条款", "paragraph", SourceKind.POLICY),
        ("shop/退换货政策.md", "退换货", "table_row", SourceKind.POLICY),
        ("warranty-terms.pdf", "Warranty terms", "paragraph", SourceKind.POLICY),
        ("manuals/rovo.pdf", "Rovo 310", "paragraph", SourceKind.MANUAL),
        ("rovo.pdf", "Rovo 310", "paragraph", SourceKind.MANUAL),
        ("rovo.html", "Rovo 310 user guide", "paragraph", SourceKind.MANUAL),
        ("rovo_instructions.md", "Rovo 310", "paragraph", SourceKind.MANUAL),
        ("清风.md", "清风 40 说明书", "paragraph", SourceKind.MANUAL),
        ("kettle.pdf", "Kettle manual with guarantee", "paragraph", SourceKind.MANUAL),
        ("policies/returns.csv", "Returns", "faq", SourceKind.FAQ),
        ("help.html", "Help centre", "paragraph", SourceKind.FAQ),
        ("delivery.html", "配送常见问题", "paragraph", SourceKind.FAQ),
        ("blog/spring.html", "Spring is here", "paragraph", SourceKind.FAQ),
    ],
)
def test_what_kind_a_document_is(document: str, title: str, kind: BlockKind, expected: SourceKind) -> None:
    assert source_kind(hit_of("Text.", document, title, kind)) is expected


def test_a_policy_goes_before_an_faq_before_a_manual_whatever_their_dates() -> None:
    policy = hit_of("Text.", "policies/returns.md", scope=from_day(2020))
    faq = hit_of("Question?\nText.", "faq.csv", kind="faq", scope=from_day(2026))
    manual = hit_of("Text.", "manuals/rovo.pdf", scope=from_day(2027))
    assert sorted([policy, manual, faq], key=strength) == [manual, faq, policy]


def test_among_equals_the_newest_goes_first_and_one_without_a_date_last() -> None:
    old, new, undated = (hit_of("Text.", f"policies/{scope}.md", scope=scope) for scope in (from_day(2020), from_day(2026), None))
    assert sorted([old, new, undated], key=strength) == [undated, old, new]
    assert strength(undated) == strength(hit_of("Text.", "policies/other.md"))
