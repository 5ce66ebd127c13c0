"""What shoppers and agents get where passages contradict each other."""

from dataclasses import replace

from rag.conflict.settle import answer_conflicts, settle
from rag.conflict_finder import ConflictFinder
from rag.draft import Evidence
from rag.generate.extractive import choose_units
from tests.rag.conflict.units import faq_of, hit_of, scored

ASKED = "How long do I have to return a tent?"
POLICY = hit_of("You can send goods back within 30 days of delivery.")
FAQ = faq_of("How long do I have to send goods back?\nYou can send goods back within 14 days of delivery. Keep the box.")
OTHER = hit_of("A tent should be dry.", "manuals/tent.pdf", "Tent")
HITS = (FAQ, POLICY, OTHER)
UNITS = scored(HITS, [3.0, 1.0, 0.5])
EVIDENCE = Evidence(ASKED, HITS, UNITS)
FOUND = ConflictFinder().find(ASKED, UNITS)


def test_a_shopper_is_answered_from_the_stronger_source() -> None:
    settled = settle(EVIDENCE, FOUND, "public")
    assert settled.abstain is None
    assert settled.hits == (POLICY, OTHER)
    assert {scored.unit.hit.document for scored in settled.units} == {POLICY.document, OTHER.document}


def test_a_passage_that_overlaps_the_weaker_one_goes_with_it() -> None:
    twin = hit_of("Keep the box. You can send goods back within 14 days of delivery.", FAQ.document)
    settled = settle(Evidence(ASKED, (*HITS, twin), UNITS), FOUND, "public")
    assert twin not in settled.hits


def test_an_agent_is_shown_both() -> None:
    settled = settle(EVIDENCE, FOUND, "internal")
    assert settled.hits == HITS
    chosen = [scored.unit.text for scored in choose_units(settled.units)]
    assert chosen[:2] == [POLICY.passage.text, "You can send goods back within 14 days of delivery."]
    assert len(settled.units) == len(UNITS)


def test_between_equals_a_shopper_is_not_answered_and_an_agent_sees_both() -> None:
    equal = hit_of("You can send goods back within 14 days of delivery.", "policies/b.md")
    units = scored([POLICY, equal])
    evidence, found = Evidence(ASKED, (POLICY, equal), units), ConflictFinder().find(ASKED, units)
    settled = settle(evidence, found, "public")
    assert (settled.abstain, settled.units, settled.gap) == ("conflicting_passages", (), found[0].note)
    assert len(choose_units(settle(evidence, found, "internal").units)) == 2


def test_across_languages_a_shopper_is_answered_as_ever_and_an_agent_sees_both() -> None:
    chinese = hit_of("商品签收后14天内可以退货。", "policies/退货.md", "退货政策")
    hits = (chinese, POLICY)
    found = tuple(replace(conflict, weaker=chinese, equal=True) for conflict in FOUND)
    evidence = Evidence(ASKED, hits, scored(hits))
    assert settle(evidence, found, "public") == evidence
    assert settle(evidence, found, "internal").units[0].unit.hit == POLICY


def test_without_a_conflict_nothing_changes() -> None:
    assert settle(EVIDENCE, (), "public") is EVIDENCE


def test_the_answer_names_the_stronger_passage_first() -> None:
    (conflict,) = answer_conflicts(FOUND)
    assert conflict.passage_ids == (POLICY.passage.id, FAQ.passage.id)
    assert "30 days" in conflict.note and "14 days" in conflict.note
