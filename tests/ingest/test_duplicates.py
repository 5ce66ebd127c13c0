from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.duplicate_pair import Duplicates
from ingest.duplicate_unit import Unit
from ingest.duplicates import MOST_LISTED, THRESHOLD, duplicates_in, find_duplicates
from ingest.mirror import SourceContent
from ingest.report import FileReport
from ingest.shingles import letters_of, sample, shingles, similarity
from kb.scope import Scope
from tests.ingest.near_duplicates import (
    EN_NUMBERS,
    KETTLE,
    MANUAL,
    OTHER_MANUAL,
    PAIRS,
    POLICY,
    VOUCHER,
    ZH_KETTLE,
    ZH_MANUAL,
    LabelledPair,
)

EVERYWHERE = Scope()


def documents(*texts: str) -> list[Unit]:
    return [Unit("shop", f"{number}.md", text, EVERYWHERE) for number, text in enumerate(texts)]


def places(units: Sequence[Unit]) -> frozenset[tuple[str, str]]:
    return frozenset(unit.place for unit in units)


def find(units: Sequence[Unit], faqs: Sequence[Unit] = (), touched: Sequence[str] | None = None) -> Duplicates:
    fresh = places([*units, *faqs]) if touched is None else frozenset(("shop", path) for path in touched)
    return find_duplicates(units, faqs, fresh)


def found(duplicates: Duplicates) -> list[tuple[str, str]]:
    return [(pair.first.path, pair.second.path) for pair in duplicates.pairs]


def alike(first: str, second: str) -> float:
    return similarity(sample(shingles(letters_of(first))), sample(shingles(letters_of(second))))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_the_threshold_parts_the_labelled_pairs(pair: LabelledPair) -> None:
    assert (find(documents(pair.first, pair.second)).count == 1) == pair.duplicate


def test_the_threshold_lies_well_between_them() -> None:
    shares = {pair.name: alike(pair.first, pair.second) for pair in PAIRS}
    assert min(shares[pair.name] for pair in PAIRS if pair.duplicate) > THRESHOLD + 0.1
    assert max(shares[pair.name] for pair in PAIRS if not pair.duplicate) < THRESHOLD - 0.1


def test_two_models_are_near_and_their_numbers_differ() -> None:
    other = MANUAL
    for old, new in EN_NUMBERS:
        other = other.replace(old, new)
    (pair,) = find(documents(MANUAL, other)).pairs
    assert pair.numbers_differ and THRESHOLD < pair.similarity < 1
    (sentence,) = find(documents(MANUAL, other)).sentences
    assert "0.md and shop/1.md" in sentence and "their numbers differ" in sentence and "nothing was merged" in sentence


def test_the_same_text_in_other_dress_is_the_same() -> None:
    dressed = ZH_MANUAL.replace("，", ",\n").replace("1.8", "１．８").upper()
    (pair,) = find(documents(ZH_MANUAL, dressed)).pairs
    assert pair.similarity == 1 and not pair.numbers_differ
    assert find(documents("", "", " ", "。")).count == 0


def test_only_pairs_with_a_touched_document_are_reported() -> None:
    units = documents(MANUAL, MANUAL + "x", POLICY, POLICY, POLICY + "y", OTHER_MANUAL)
    assert find(units, touched=[]).count == 0
    assert find(units, touched=["5.md"]).count == 0
    assert found(find(units, touched=["1.md"])) == [("0.md", "1.md")]
    assert found(find(units, touched=["3.md"])) == [("2.md", "3.md"), ("2.md", "4.md")]
    assert set(found(find(units))) == {("0.md", "1.md"), ("2.md", "3.md"), ("2.md", "4.md")}


def test_a_night_without_changes_compares_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.duplicates.letters_of", None)
    content = SourceContent("shop", reports=[FileReport("shop", "0.md", "unchanged"), FileReport("shop", "1.md", "failed")])
    assert duplicates_in([content], [content]) == Duplicates()


def test_of_many_alike_each_is_paired_once_and_the_list_is_capped() -> None:
    duplicates = find(documents(*(MANUAL.replace("500", str(1000 + number)) for number in range(150))))
    assert duplicates.count == 149 and len(duplicates.pairs) == len(duplicates.to_json()["pairs"]) == MOST_LISTED
    said = duplicates.sentences[0]
    assert said.startswith("The same or nearly the same, and nothing was merged (149)") and said.endswith("; and 146 more.")
    assert find(documents(*[POLICY] * 5)).count == 4


@pytest.mark.parametrize(
    ("first", "second", "is_reported"),
    [
        (Scope(supersedes=("1.md",)), Scope(), False),
        (Scope(), Scope(supersedes=("0.md",)), False),
        (Scope(effective_to=date(2025, 12, 31)), Scope(effective_from=date(2026, 1, 1)), False),
        (Scope(effective_from=date(2026, 1, 1)), Scope(effective_to=date(2025, 12, 31)), False),
        (Scope(effective_to=date(2026, 1, 1)), Scope(effective_from=date(2026, 1, 1)), True),
        (Scope(regions=("DE",)), Scope(regions=("FR",)), True),
    ],
)
def test_documents_that_replace_each_other_are_meant_to_be_alike(first: Scope, second: Scope, is_reported: bool) -> None:
    for text in (POLICY, POLICY + "x"):
        units = [Unit("shop", "0.md", POLICY, first), Unit("shop", "1.md", text, second)]
        assert bool(find(units).count) is is_reported


def faq(path: str, text: str) -> Unit:
    return Unit("shop", path, text, EVERYWHERE, text.partition("\n")[0])


def test_faq_pairs_are_compared_with_each_other() -> None:
    kettles = [faq("a.csv", KETTLE), faq("a.csv", KETTLE.replace("No.", "No!"))]
    vouchers = [faq("b.csv", VOUCHER), faq("c.csv", VOUCHER.replace("was", "is"))]
    duplicates = find([], [*kettles, *vouchers, faq("c.csv", ZH_KETTLE)])
    assert found(duplicates) == [("a.csv", "a.csv"), ("b.csv", "c.csv")] and {pair.kind for pair in duplicates.pairs} == {"faq"}
    assert duplicates.to_json()["pairs"][0]["first"] == {"source": "shop", "path": "a.csv", "question": "Is the kettle dishwasher safe?"}
    assert "'How long is a voucher valid?'" in duplicates.sentences[0]


def test_faq_pairs_of_two_files_that_are_alike_are_reported_once() -> None:
    tables = [Unit("shop", path, f"{KETTLE}\n{VOUCHER}", EVERYWHERE) for path in ("a.csv", "b.csv")]
    pairs = [faq(path, text) for path in ("a.csv", "b.csv") for text in (KETTLE, VOUCHER)]
    assert [pair.kind for pair in find(tables, pairs).pairs] == ["document"]


def test_long_texts_are_compared_by_samples() -> None:
    chapters = [f"Chapter {number}. {MANUAL}".replace("the", f"the {number}") for number in range(60)]
    whole, most = "\n".join(chapters), "\n".join(chapters[:50])
    windows = [{text[start : start + 8] for start in range(len(text) - 7)} for text in (letters_of(whole), letters_of(most))]
    exact = len(windows[0] & windows[1]) / len(windows[0] | windows[1])
    assert len(whole) > 50_000 and abs(alike(whole, most) - exact) < 0.05
    assert find(documents(whole, most)).count == (exact > THRESHOLD)


@given(st.text(max_size=300), st.text(max_size=300))
@pytest.mark.slow
def test_similarity_is_the_share_of_common_runs(first: str, second: str) -> None:
    windows = []
    for text in (first, second):
        content = letters_of(text).encode("utf-8", "surrogatepass").ljust(8, b"\0")
        windows.append({content[start : start + 8] for start in range(len(content) - 7)})
    assert alike(first, second) == pytest.approx(len(windows[0] & windows[1]) / len(windows[0] | windows[1]))


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_fast_way_for_ascii_gives_the_same(text: str) -> None:
    assert letters_of(text) == letters_of(f"{text}。")
