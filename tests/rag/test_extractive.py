"""Which sentences an extractive answer is made of, and in which order they are told."""

import asyncio
from dataclasses import replace
from datetime import date

from kb.search import Hit
from rag.draft import Draft, Evidence, ScoredUnit
from rag.generate.extractive import MARGIN, NEIGHBOUR_BONUS, ExtractiveGenerator, choose_units
from rag.query import Query
from rag.unit import units_of
from tests.rag.conflict.units import faq_of, hit_of


def _scored(hits: list[Hit], scores: list[float]) -> list[ScoredUnit]:
    units = units_of(hits)
    found = [ScoredUnit(unit, score, 0.0, score) for unit, score in zip(units, scores, strict=True)]
    return sorted(found, key=lambda entry: -entry.score)


def _texts(hits: list[Hit], scores: list[float]) -> list[str]:
    return [scored.unit.text for scored in choose_units(_scored(hits, scores))]


RESET = hit_of("Switch it off. Hold the pin for 5 seconds. A long beep tells that it is done. Wait.", "manual.md")
OTHER = hit_of("The lamp has 5 colours.", "faq.md")
FAR, NEAR = -MARGIN - NEIGHBOUR_BONUS + 0.1, -MARGIN + 0.1


def test_the_sentences_beside_the_best_are_let_in_before_others() -> None:
    beside = ["Hold the pin for 5 seconds.", "Switch it off.", "A long beep tells that it is done."]
    assert _texts([RESET, OTHER], [FAR, 0.0, FAR, FAR, FAR]) == beside
    assert _texts([RESET, OTHER], [-9.0, 0.0, -9.0, FAR, NEAR]) == ["Hold the pin for 5 seconds.", "The lamp has 5 colours."]


def test_rows_of_a_table_do_not_belong_to_each_other() -> None:
    rows = hit_of("Code: E1 | Meaning: Lid\nCode: E2 | Meaning: Heat", "codes.md", kind="table_row")
    assert _texts([rows], [0.0, FAR]) == ["Code: E1 | Meaning: Lid"]
    assert len(_texts([rows], [0.0, NEAR])) == 2


def test_headings_and_questions_are_not_told() -> None:
    heading = hit_of("Resetting the lamp", "manual.md", kind="heading")
    assert _texts([heading, hit_of("7.2 Can it stay on? Yes, for hours.", "more.md")], [0.0, -0.1, -0.2]) == ["Yes, for hours."]
    assert _texts([hit_of("7.2 Can it stay on?", "more.md")], [0.0]) == ["7.2 Can it stay on?"]


def test_an_answer_of_an_faq_stays_together_and_nothing_is_said_twice() -> None:
    answer = faq_of("Is it loud?\nNo. It is as loud as a fridge.")
    assert _texts([answer, OTHER], [0.0, -9.0, -9.0]) == ["No.", "It is as loud as a fridge."]
    assert _texts([OTHER, hit_of("The lamp has 5 colours.", "more.md")], [0.0, 0.0]) == ["The lamp has 5 colours."]


def test_an_entry_in_a_list_of_codes_is_told_whole() -> None:
    hit = hit_of("E5: Pressure too low. Open the valve.\nThe tank is full. Empty it.", "codes.md")
    assert [unit.text for unit in units_of([hit])] == ["E5: Pressure too low. Open the valve.", "The tank is full.", "Empty it."]


def test_the_section_that_answers_best_is_told_first_and_in_its_own_order() -> None:
    other = _in_section("Boxes are free.", "Boxes", 0)
    best = _in_section("Hold the pin for 5 seconds. A long beep tells that it is done.", "Reset", 100)
    steps = ["Hold the pin for 5 seconds.", "A long beep tells that it is done."]
    assert _told([best, other], [-0.5, 0.0, -1.0]) == [*steps, "Boxes are free."]
    assert _told([other, best], [0.0, -1.0, -0.5]) == ["Boxes are free.", *steps]


def _in_section(text: str, heading: str, start: int) -> Hit:
    hit = hit_of(text, "manual.md")
    return replace(hit, passage=replace(hit.passage, id=heading, heading_path=(heading,), start=start, end=start + len(text)))


def _told(hits: list[Hit], scores: list[float]) -> list[str]:
    async def told() -> list[str]:
        evidence = Evidence("?", tuple(hits), tuple(_scored(hits, scores)))
        drafts = ExtractiveGenerator().generate(Query(text="?", as_of=date(2026, 12, 1)), evidence)
        return [draft.text async for draft in drafts if isinstance(draft, Draft)]

    return asyncio.run(told())
