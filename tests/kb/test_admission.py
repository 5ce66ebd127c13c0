from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from kb.admission import CACHED_MASKS, Admission, build_admission
from kb.scope import Scope, SearchScope, admits, visible_to
from kb.scoped_document import ScopedDocument

TODAY = SearchScope(as_of=date(2026, 5, 4))


def admission_of(documents: Sequence[ScopedDocument], rows: Sequence[tuple[int, Scope]] | None = None) -> Admission:
    """The admission of one passage per document, or of passages (document, own scope)."""
    rows = rows if rows is not None else [(number, document.scope) for number, document in enumerate(documents)]
    scopes = list(dict.fromkeys(scope for _, scope in rows))
    owners = np.array([number for number, _ in rows], np.int32)
    return build_admission(documents, scopes, owners, np.array([scopes.index(scope) for _, scope in rows], np.int32))


def documents_of(*scopes: Scope, source: str = "shop") -> list[ScopedDocument]:
    """Documents 0.md, 1.md, … with these scopes."""
    return [ScopedDocument(source, f"{number}.md", scope) for number, scope in enumerate(scopes)]


def admitted(documents: Sequence[ScopedDocument], search: SearchScope = TODAY) -> list[str]:
    return [document.path for document, yes in zip(documents, admission_of(documents).mask(search), strict=True) if yes]


def test_mask_agrees_with_asking_each_passage() -> None:
    random = np.random.default_rng(1)
    scopes = [
        Scope(audience=audience, regions=regions, channels=channels, effective_from=start)
        for audience in ("public", "internal")
        for regions in ((), ("EU",), ("CH", "US"))
        for channels in ((), ("web",))
        for start in (None, date(2026, 6, 1))
    ]
    documents = documents_of(*scopes)
    rows = [(int(random.integers(len(documents))), scopes[int(random.integers(len(scopes)))]) for _ in range(500)]
    admission = admission_of(documents, rows)
    for search in (
        TODAY,
        replace(TODAY, audience="internal", region="fr"),
        replace(TODAY, as_of=date(2027, 1, 1), region="CH", channel="Web"),
        replace(TODAY, region="US", channel="phone"),
    ):
        expected = [admits(scope, search) and visible_to(documents[owner].scope.audience, search.audience) for owner, scope in rows]
        assert 0 < sum(expected) < len(rows)
        np.testing.assert_array_equal(admission.mask(search), expected)


def test_both_the_passage_and_its_document_must_be_visible() -> None:
    documents = documents_of(Scope(), Scope(audience="internal"))
    rows = [(0, Scope()), (0, Scope(audience="internal")), (1, Scope()), (1, Scope(audience="internal"))]
    admission = admission_of(documents, rows)
    assert admission.mask(TODAY).tolist() == [True, False, False, False]
    assert admission.mask(replace(TODAY, audience="internal")).all()
    assert admission.ordinals("public").tolist() == [0]
    assert admission.ordinals("internal").tolist() == [0, 1, 2, 3]
    assert admission.ordinals("public").dtype == np.int32


def test_visibility_does_not_depend_on_day_or_place() -> None:
    admission = admission_of(documents_of(Scope(effective_to=date(2000, 1, 1)), Scope(regions=("US",)), Scope(supersedes=("0.md",))))
    assert admission.ordinals("public").tolist() == [0, 1, 2]


def test_without_a_region_only_general_rules_hold() -> None:
    documents = documents_of(Scope(), Scope(regions=("FR",)), Scope(regions=("EU",)), Scope(regions=("US",)))
    assert admitted(documents) == ["0.md"]
    assert admitted(documents, replace(TODAY, region="FR")) == ["0.md", "1.md", "2.md"]
    assert admitted(documents, replace(TODAY, region="EU")) == ["0.md", "2.md"]


def test_superseded_by_date() -> None:
    documents = documents_of(Scope(), Scope(effective_from=date(2026, 5, 1), supersedes=("0.md",)))
    assert admitted(documents, replace(TODAY, as_of=date(2026, 4, 30))) == ["0.md"]
    assert admitted(documents, replace(TODAY, as_of=date(2026, 5, 1))) == ["1.md"]


def test_superseded_by_region() -> None:
    documents = documents_of(Scope(), Scope(regions=("EU",), supersedes=("0.md",)))
    assert admitted(documents, replace(TODAY, region="FR")) == ["1.md"]
    assert admitted(documents, replace(TODAY, region="US")) == ["0.md"]
    assert admitted(documents) == ["0.md"]


def test_superseded_by_an_internal_document_for_internal_readers_only() -> None:
    documents = documents_of(Scope(), Scope(audience="internal", supersedes=("0.md",)))
    assert admitted(documents) == ["0.md"]
    assert admitted(documents, replace(TODAY, audience="internal")) == ["1.md"]


def test_the_document_decides_about_superseding_not_its_rows() -> None:
    documents = documents_of(Scope(), Scope(supersedes=("0.md",)))
    rows = [(0, Scope()), (1, Scope(regions=("US",))), (1, Scope(supersedes=("1.md",)))]
    assert admission_of(documents, rows).mask(TODAY).tolist() == [False, False, True]


def test_supersedes_only_within_the_source() -> None:
    documents = [*documents_of(Scope()), *documents_of(Scope(supersedes=("0.md",)), source="other")]
    assert admission_of(documents).mask(TODAY).all()


def test_an_unknown_path_supersedes_nothing() -> None:
    assert admitted(documents_of(Scope(), Scope(supersedes=("gone.md",)))) == ["0.md", "1.md"]


def test_a_chain_stays_dead_when_its_middle_has_run_out() -> None:
    documents = documents_of(
        Scope(),
        Scope(effective_from=date(2025, 1, 1), effective_to=date(2025, 12, 31), supersedes=("0.md",)),
        Scope(effective_from=date(2026, 1, 1), supersedes=("1.md",)),
    )
    days = {year: admitted(documents, replace(TODAY, as_of=date(year, 7, 1))) for year in (2024, 2025, 2026)}
    assert days == {2024: ["0.md"], 2025: ["1.md"], 2026: ["2.md"]}


def test_a_chain_does_not_reach_where_its_middle_never_held() -> None:
    documents = documents_of(Scope(), Scope(regions=("FR",), supersedes=("0.md",)), Scope(supersedes=("1.md",)))
    assert admitted(documents, replace(TODAY, region="DE")) == ["0.md", "2.md"]
    assert admitted(documents, replace(TODAY, region="FR")) == ["2.md"]


def test_an_expired_replacement_without_successor_lets_the_old_rule_return() -> None:
    documents = documents_of(Scope(), Scope(effective_to=date(2026, 1, 31), supersedes=("0.md",)))
    assert admitted(documents) == ["0.md"]


@pytest.mark.parametrize(
    "scopes",
    [
        (Scope(supersedes=("0.md",)),),
        (Scope(supersedes=("1.md",)), Scope(supersedes=("0.md",))),
        (Scope(supersedes=("1.md",)), Scope(supersedes=("2.md",)), Scope(supersedes=("0.md",))),
    ],
)
def test_documents_that_supersede_each_other_hide_none(scopes: tuple[Scope, ...]) -> None:
    documents = documents_of(*scopes)
    assert admitted(documents) == [document.path for document in documents]


def test_a_circle_still_supersedes_what_is_outside() -> None:
    documents = documents_of(Scope(supersedes=("1.md",)), Scope(supersedes=("0.md", "2.md")), Scope())
    assert admitted(documents) == ["0.md", "1.md"]


def test_no_passages() -> None:
    assert admission_of([], []).mask(TODAY).shape == (0,)
    assert admission_of(documents_of(Scope()), []).ordinals("public").shape == (0,)


def test_masks_are_shared_read_only_and_forgotten_in_time() -> None:
    admission = admission_of(documents_of(Scope()))
    mask = admission.mask(TODAY)
    assert admission.mask(replace(TODAY)) is mask
    with pytest.raises(ValueError, match="read-only"):
        mask[0] = False
    for channel in range(CACHED_MASKS):
        admission.mask(replace(TODAY, channel=str(channel)))
    assert admission.mask(TODAY) is not mask
