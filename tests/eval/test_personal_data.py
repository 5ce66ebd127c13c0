"""The set of personal data: whole, balanced, reproducible; the table; and what the product reaches on it."""

from collections import Counter
from pathlib import Path

import pytest

from eval.personal_data import ITEMS_FILE, PersonalItem, PersonalSpan, find_all, is_found, is_right, read_items, tabulate
from kb.errors import ConfigurationError
from rag.privacy.finder import PersonalDataFinder
from rag.privacy.found import Found
from scripts.personal_data import LATER, LATER_SEED, SURROUNDINGS, made, surroundings

LATER_FILE = ITEMS_FILE.with_name("personal_data_later.jsonl")
THIRD_FILE = ITEMS_FILE.with_name("personal_data_third.jsonl")
ITEMS = read_items()
SETS = {"first": ITEMS, "later": read_items(LATER_FILE)}
THIRD = read_items(THIRD_FILE)
"""240 sentences written by hand with their values, after the finder was tuned on the others."""
GATED = ("e-mail", "phone", "card", "id")


@pytest.mark.parametrize("name", SETS)
def test_each_set_is_balanced_and_its_sentences_many(name: str) -> None:
    items = SETS[name]
    counts = Counter((item.kind, item.language, item.personal) for item in items)
    assert {count for (kind, _, _), count in counts.items() if kind != "address"} == {80}
    assert len(counts) == 5 * 2 * 2
    assert len({item.id for item in items}) == len(items)
    assert {item.half for item in items} == {"tune", "test"}


def test_no_sentence_is_in_both_sets() -> None:
    first, later = ({one.text for one in surroundings(path)} for path in (SURROUNDINGS, LATER))
    assert (len(first), len(later)) >= (380, 220) and {text for text in first & later if text not in "{phone}{card}{id}"} == set()


def test_the_third_set_is_of_sentences_that_each_stand_once() -> None:
    counts = Counter((item.kind, item.language, item.personal) for item in THIRD)
    assert set(counts.values()) == {15} and len(counts) == len(GATED) * 2 * 2
    assert len({item.id for item in THIRD}) == len({item.text for item in THIRD}) == len(THIRD)
    assert not {item.text for item in THIRD} & {item.text for items in SETS.values() for item in items}


@pytest.mark.parametrize("items", [ITEMS, THIRD], ids=["first", "third"])
def test_spans_are_where_something_is_personal(items: list[PersonalItem]) -> None:
    assert all(bool(item.spans) == item.personal for item in items)
    assert all(span.kind == item.kind for item in items for span in item.spans)


def test_it_is_made_again_byte_by_byte() -> None:
    assert made() == ITEMS_FILE.read_text(encoding="utf-8")
    assert made(LATER, LATER_SEED) == LATER_FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SETS)
def test_recall_and_precision(name: str) -> None:
    rows = tabulate(SETS[name], find_all(PersonalDataFinder(), SETS[name]))
    for row in rows:
        if row.language == "all" and row.kind in GATED:
            assert row.recall is not None and row.recall >= 0.98, row
            assert row.precision is not None and row.precision >= 0.95, row


def item(text: str = "call 12345 now", *spans: PersonalSpan) -> PersonalItem:
    return PersonalItem("a.0", "en", "phone", bool(spans), text, spans)


def test_a_find_must_cover_and_not_be_much_wider() -> None:
    span = PersonalSpan("phone", 5, 10)
    assert is_found(span, [Found("phone", 4, 10, "")]) and is_right(item("", span), Found("phone", 4, 10, ""))
    assert not is_found(span, [Found("phone", 6, 10, "")]) and not is_found(span, [Found("card", 5, 10, "")])
    assert not is_right(item("", span), Found("phone", 0, 10, "")) and not is_right(item("", span), Found("card", 5, 10, ""))
    assert not is_right(item(), Found("phone", 5, 10, ""))


def test_what_is_found_in_other_kinds_items_counts_against_precision() -> None:
    items = [item("x", PersonalSpan("phone", 5, 10)), item()]
    rows = tabulate(items, [[Found("phone", 5, 10, "")], [Found("phone", 0, 3, "")]])
    row = next(one for one in rows if (one.half, one.kind) == ("both", "phone"))
    assert (row.items, row.personal, row.recall, row.found, row.precision) == (2, 1, 1.0, 2, 0.5)


@pytest.mark.parametrize("text", ["", '{"id": "x"}\n', "no JSON\n"])
def test_a_bad_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError):
        read_items(path)
