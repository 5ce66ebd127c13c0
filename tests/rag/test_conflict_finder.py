"""Contradictions among the sentences that answer, and nothing else."""

from dataclasses import replace

import pytest

from kb.search import Hit
from rag.conflict_finder import ConflictFinder
from tests.rag.conflict.units import faq_of, from_day, hit_of, scored

ASKED = "How long do I have to return a tent?"
POLICY = hit_of("You can send goods back within 30 days of delivery.", title="Returns policy")
FAQ = faq_of("How long do I have to send goods back?\nYou can send goods back within 14 days of delivery.")
WASH = "Can the basket of the Crispa 60 go in the dishwasher?"
MANUAL = hit_of("The basket and the rack are dishwasher safe.", "manuals/crispa.pdf", "Crispa 60 air fryer")
HAND_WASH = faq_of("Can I put the basket of the air fryer in the dishwasher?\nNo. The basket of the Crispa 60 is hand wash only.")
FINDER = ConflictFinder()


def test_two_values_for_one_thing() -> None:
    (found,) = FINDER.find(ASKED, scored([FAQ, POLICY]))
    assert (found.stronger, found.weaker, found.equal) == (POLICY, FAQ, False)
    assert found.stronger_quote == POLICY.passage.text
    assert found.weaker_quote == "You can send goods back within 14 days of delivery."
    assert found.note == "“Returns policy” says “30 days”, “Questions” says “14 days”; the policy goes before the FAQ."


def test_yes_and_no() -> None:
    (found,) = FINDER.find(WASH, scored([MANUAL, HAND_WASH]))
    assert (found.stronger, found.weaker) == (HAND_WASH, MANUAL)
    assert found.stronger_quote == "The basket of the Crispa 60 is hand wash only."
    assert "the FAQ goes before the manual" in found.note


def test_the_newer_of_two_policies_goes_first() -> None:
    old = hit_of("Gift cards are valid for 3 years.", "policies/a.md", scope=from_day(2025))
    new = hit_of("Gift cards are valid for 2 years.", "policies/b.md", scope=from_day(2026))
    (found,) = FINDER.find("How long are gift cards valid?", scored([old, new]))
    assert found.stronger == new and not found.equal
    assert "the former is the newer one" in found.note


def test_two_equals() -> None:
    one = hit_of("Gift cards are valid for 3 years.", "policies/a.md")
    other = hit_of("Gift cards are valid for 2 years.", "policies/b.md")
    (found,) = FINDER.find("How long are gift cards valid?", scored([one, other]))
    assert found.equal
    assert "neither" in found.note


@pytest.mark.parametrize(
    "other",
    [
        faq_of("How long do I have to send goods back?\nYou can send goods back within thirty days of delivery."),
        faq_of("How long can members send goods back?\nMembers can send goods back within 60 days of delivery."),
        faq_of("When does my label expire?\nThe label for goods that you send back can be used for 14 days."),
        hit_of("You can send goods back within 14 days of delivery.", POLICY.document),  # the same document
    ],
)
def test_no_conflict(other: Hit) -> None:
    assert FINDER.find(ASKED, scored([POLICY, other])) == ()


def test_what_does_not_answer_the_question_contradicts_nothing() -> None:
    assert FINDER.find(ASKED, scored([POLICY, FAQ], [3.0, -5.0])) == ()
    assert len(FINDER.find(ASKED, scored([POLICY, FAQ], [3.0, 1.0]))) == 1


def test_a_pair_of_passages_is_named_once_and_each_pair_by_itself() -> None:
    again = hit_of("You can send goods back within 21 days of delivery.", "manuals/tent.pdf", "Tent")
    found = FINDER.find(ASKED, scored([POLICY, FAQ, again]))
    assert len({frozenset((one.stronger.document, one.weaker.document)) for one in found}) == len(found) == 3


def test_every_passage_of_the_weaker_document_is_named() -> None:
    row = hit_of("Part: Basket | Dishwasher: yes, top rack", MANUAL.document, MANUAL.passage.title, "table_row")
    other = replace(row, passage=replace(row.passage, id="row"))
    found = FINDER.find(WASH, scored([HAND_WASH, MANUAL, other]))
    assert {one.weaker.passage.id for one in found} == {MANUAL.passage.id, "row"}


def test_nothing_was_found() -> None:
    assert FINDER.find(ASKED, ()) == ()
