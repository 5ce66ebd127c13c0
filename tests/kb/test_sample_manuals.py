"""The sample shop's manuals: reproducible, readable, and in step with the facts and questions written about them."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from kb.sample.generator.manual import Heading, Line, Manual, Ruled, ScannedPage, parse_blocks
from kb.sample.generator.manuals import MANUALS, main, write_manuals

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "kb" / "sample" / "brightnook"
PLANTED = json.loads((ROOT / "kb" / "sample" / "planted.json").read_text(encoding="utf-8"))
GOLDEN = [json.loads(line) for line in (ROOT / "eval" / "golden" / "manuals.jsonl").read_text(encoding="utf-8").splitlines()]
ANSWERABLE = [question for question in GOLDEN if question["answerable"]]
FIELDS = {"id", "language", "question", "answerable", "kind", "audience", "region", "as_of", "documents", "quote", "must", "must_not"}
ROVO_310, ROVO_320 = "manuals/robot-vacuum-rovo-310.pdf", "manuals/robot-vacuum-rovo-320.pdf"


@cache
def pages(document: str) -> tuple[str, ...]:
    """The text of every page, with runs of white space as one blank."""
    return tuple(" ".join(page.extract_text().split()) for page in PdfReader(SHOP / document).pages)


def named(entry: dict[str, Any]) -> str:
    return str(entry["id"])


@pytest.mark.slow
def test_regenerated_manuals_equal_the_committed_ones(tmp_path: Path) -> None:
    written = write_manuals(tmp_path)
    committed = {path.name: path.read_bytes() for path in (SHOP / "manuals").glob("*.pdf")}
    assert {path.name for path in written} == set(committed)
    stale = [path.name for path in written if path.read_bytes() != committed[path.name]]
    assert not stale, "run: python -m kb.sample.generator.manuals kb/sample/brightnook/manuals"


def test_command_needs_one_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "OUT_FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize("manual", MANUALS, ids=lambda manual: manual.model)
def test_manual_has_the_pages_of_its_kind(manual: Manual) -> None:
    count = len(pages(f"manuals/{manual.file}"))
    assert count >= 60 if manual.model == "BN-HB20" else 6 <= count <= 14


@pytest.mark.parametrize("manual", MANUALS, ids=lambda manual: manual.model)
def test_contents_name_the_page_of_every_chapter(manual: Manual) -> None:
    texts = pages(f"manuals/{manual.file}")
    reader = PdfReader(SHOP / "manuals" / manual.file)
    chapters = [entry for entry in reader.outline if not isinstance(entry, list)]
    assert len(chapters) >= 8
    for chapter in chapters:
        number = reader.get_destination_page_number(chapter)
        assert number is not None
        assert str(chapter.title) in texts[number]
        assert re.search(rf"{re.escape(str(chapter.title))} \.+ {number + 1}\b", " ".join(texts[:number]))


def test_all_manuals_together_stay_under_three_megabytes() -> None:
    assert sum(path.stat().st_size for path in (SHOP / "manuals").glob("*.pdf")) < 3_000_000


def test_no_font_is_embedded() -> None:
    for path in (SHOP / "manuals").glob("*.pdf"):
        assert b"/FontFile" not in path.read_bytes(), path.name


def test_scanned_page_is_a_picture_without_text() -> None:
    scanned = PLANTED["special"]["scanned_page"]
    page = PdfReader(SHOP / scanned["document"]).pages[scanned["page"] - 1]
    assert page.extract_text().strip() == ""
    assert len(page.images) == 1


def test_no_other_page_is_without_text() -> None:
    documents = [f"manuals/{manual.file}" for manual in MANUALS]
    empty = [(document, number) for document in documents for number, text in enumerate(pages(document), start=1) if not text]
    scanned = PLANTED["special"]["scanned_page"]
    assert empty == [(scanned["document"], scanned["page"])]


def test_the_two_robots_differ_in_numbers_only() -> None:
    shapes = [[_shape(block) for block in manual.blocks] for manual in MANUALS[:2]]
    assert shapes[0] == shapes[1]
    assert pages(ROVO_310) != pages(ROVO_320)


def _shape(block: Heading | Line | Ruled | ScannedPage) -> object:
    if isinstance(block, Ruled):
        return tuple(len(row) for row in block.rows)
    return (block.level, block.text) if isinstance(block, Heading) else type(block)


@pytest.mark.parametrize("fact", PLANTED["manuals"], ids=named)
def test_planted_quote_is_on_its_page(fact: dict[str, Any]) -> None:
    holding = [number for number, text in enumerate(pages(fact["document"]), start=1) if fact["quote"] in text]
    assert holding == [fact["page"]]


def test_planted_facts_are_enough_and_distinct() -> None:
    facts = PLANTED["manuals"]
    assert len(facts) >= 30
    assert len({fact["id"] for fact in facts}) == len(facts)
    assert {fact["document"] for fact in facts} == {f"manuals/{manual.file}" for manual in MANUALS}


def test_planted_contradiction_stands_in_both_documents() -> None:
    contradiction = PLANTED["special"]["contradiction"]
    manual, faq = contradiction["left"], contradiction["right"]
    assert manual["quote"] in pages(manual["document"])[manual["page"] - 1]
    assert faq["quote"] in (SHOP / faq["document"]).read_text(encoding="utf-8")


@pytest.mark.parametrize("question", ANSWERABLE, ids=named)
def test_golden_quote_occurs_in_its_document(question: dict[str, Any]) -> None:
    assert question["quote"] in " ".join(pages(question["documents"][0]))


@pytest.mark.parametrize("question", ANSWERABLE, ids=named)
def test_golden_answer_can_hold_what_it_must(question: dict[str, Any]) -> None:
    page = next(text for text in pages(question["documents"][0]) if question["quote"] in text)
    assert question["must"]
    assert all(wanted in page for wanted in question["must"])
    assert not any(unwanted in question["quote"] for unwanted in question["must_not"])


@pytest.mark.parametrize("question", [q for q in GOLDEN if q["kind"] == "near_identical"], ids=named)
def test_near_identical_quote_does_not_occur_in_the_twin(question: dict[str, Any]) -> None:
    twin = ROVO_320 if question["documents"][0] == ROVO_310 else ROVO_310
    same_in_both = question["quote"] in " ".join(pages(twin))
    assert not same_in_both


def test_golden_questions_have_one_shape() -> None:
    assert len({question["id"] for question in GOLDEN}) == len(GOLDEN)
    assert len({question["question"] for question in GOLDEN}) == len(GOLDEN)
    for question in GOLDEN:
        assert set(question) == FIELDS
        assert question["answerable"] == bool(question["documents"]) == (question["quote"] is not None)
        assert question["answerable"] != (question["kind"] == "unanswerable")
        assert all((SHOP / document).is_file() for document in question["documents"])


def test_golden_questions_are_not_copied_from_the_manuals() -> None:
    everything = " ".join(" ".join(pages(f"manuals/{manual.file}")) for manual in MANUALS).lower()
    assert not [question["id"] for question in GOLDEN if question["question"].rstrip("?？").lower() in everything]


def test_markup_becomes_blocks() -> None:
    text = "# A\nplain\nruns on\n- point\n  indented\n1. step\n!NOTE: mind\nnew paragraph\n| h | i |\n| 1 | 2 |\n[scan:x]"
    assert parse_blocks(text) == (
        Heading(1, "A"),
        Line("paragraph", "plain runs on"),
        Line("bullet", "point indented"),
        Line("step", "step", "1"),
        Line("notice", "mind", "NOTE"),
        Line("paragraph", "new paragraph"),
        Ruled((("h", "i"), ("1", "2"))),
        ScannedPage("x"),
    )


def test_chinese_lines_join_without_a_blank() -> None:
    assert parse_blocks("请勿用湿手\n插拔插头。") == (Line("paragraph", "请勿用湿手插拔插头。"),)


def test_table_with_unequal_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="differ in their number of cells"):
        parse_blocks("| a | b |\n| 1 |")
