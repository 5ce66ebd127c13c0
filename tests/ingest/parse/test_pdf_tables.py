import pytest
from reportlab.platypus import PageBreak, Paragraph, Spacer

from ingest.parse.draft import Draft
from tests.ingest.builders import parse_one
from tests.ingest.parse.pdf_pages import BOLD_FIRST, CHINESE_FONT, GRID, SHEET, chinese_cell, ruled_table, story_pdf

pytestmark = pytest.mark.slow  # whole documents: they run in the integration stage


def rows_of(draft: Draft) -> list[tuple[int | None, str]]:
    return [(block.page, draft.text[block.start : block.end]) for block in draft.blocks if block.kind == "table_row"]


def test_a_table_across_three_pages_has_its_header_in_every_row_and_every_row_its_own_page() -> None:
    long = "Do this first and then wait for the light to turn green before you go on"
    rows = [["Code", "Meaning", "What to do"], *([f"E{number:02}", f"Fault {number}", Paragraph(long, SHEET)] for number in range(1, 61))]
    for repeat in (1, 0):  # the header printed on every page, or on the first alone
        for commands in (BOLD_FIRST, GRID):
            found = rows_of(parse_one("a.pdf", story_pdf(ruled_table(rows, commands, colWidths=[60, 120, 200], repeatRows=repeat))))
            assert [text for _, text in found] == [f"Code: E{n:02} | Meaning: Fault {n} | What to do: {long}" for n in range(1, 61)]
            assert [page for page, _ in found] == sorted(page or 0 for page, _ in found) and {page for page, _ in found} == {1, 2, 3}


def test_a_chinese_table_across_pages() -> None:
    cell = "请先关闭电源，等待十分钟，然后重新启动机器并检查水箱是否已经装满水。"
    rows = [["代码", "含义", "处理方法"], *([f"E{n:02}", chinese_cell(f"第{n}号故障"), chinese_cell(cell)] for n in range(1, 40))]
    font = ("FONTNAME", (0, 0), (-1, -1), CHINESE_FONT)
    found = rows_of(parse_one("a.pdf", story_pdf(ruled_table(rows, [*GRID, font], colWidths=[60, 100, 200]))))
    assert [text for _, text in found] == [f"代码: E{n:02} | 含义: 第{n}号故障 | 处理方法: {cell}" for n in range(1, 40)]
    assert {page for page, _ in found} == {1, 2}


def test_a_last_row_alone_on_the_next_page_belongs_to_its_table() -> None:
    long = "a long text " * 30
    table = ruled_table(
        [["Code", "Meaning"], ["E01", "one"], ["E02", "two"], ["E03", "three"], ["E04", Paragraph(long, SHEET)]],
        BOLD_FIRST,
        colWidths=[60, 200],
    )
    found = rows_of(parse_one("a.pdf", story_pdf(Spacer(1, 600), table)))
    assert found[-1] == (2, f"Code: E04 | Meaning: {long.strip()}") and len(found) == 4


def test_a_frame_alone_on_a_page_is_no_table() -> None:
    draft = parse_one("a.pdf", story_pdf(ruled_table([["Note", "Keep dry"]])))
    assert rows_of(draft) == [] and "Keep dry" in draft.text


def test_a_table_after_other_text_does_not_take_the_header_of_the_one_before() -> None:
    first = ruled_table([["Code", "Meaning", "Action"], ["E01", "one", "wait"]], colWidths=[60, 120, 200])
    second = ruled_table([["1", "2", "3"], ["4", "5", "6"]], colWidths=[60, 120, 200])
    found = rows_of(parse_one("a.pdf", story_pdf(first, PageBreak(), Paragraph("Another table begins here.", SHEET), second)))
    assert found == [(1, "Code: E01 | Meaning: one | Action: wait"), (2, "1 | 2 | 3"), (2, "4 | 5 | 6")]


def test_a_name_above_names_is_part_of_both() -> None:
    rows = [["Model", "Size", "", "Price"], ["", "Width", "Height", ""], ["A1", "10 cm", "20 cm", "9.90"], ["A2", "11 cm", "21 cm", "8.90"]]
    spans = [("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 0), (0, 1)), ("SPAN", (3, 0), (3, 1))]
    assert [text for _, text in rows_of(parse_one("a.pdf", story_pdf(ruled_table(rows, [*GRID, *spans]))))] == [
        "Model: A1 | Size Width: 10 cm | Size Height: 20 cm | Price: 9.90",
        "Model: A2 | Size Width: 11 cm | Size Height: 21 cm | Price: 8.90",
    ]


def test_a_cell_over_several_rows_stands_in_each() -> None:
    rows = [["Group", "Part", "Price"], ["Pump", "Seal", "1.00"], ["", "Rotor", ""], ["Heater", "Coil", "3.00"]]
    spans = [("SPAN", (0, 1), (0, 2)), ("SPAN", (2, 1), (2, 2))]
    assert [text for _, text in rows_of(parse_one("a.pdf", story_pdf(ruled_table(rows, [*BOLD_FIRST, *spans]))))] == [
        "Group: Pump | Part: Seal | Price: 1.00",
        "Group: Pump | Part: Rotor | Price: 1.00",
        "Group: Heater | Part: Coil | Price: 3.00",
    ]


def test_a_heading_within_a_table_is_not_repeated_over_its_columns() -> None:
    rows = [["Part", "Number", "Price"], ["Pump", "", ""], ["Seal", "P-1", "1.00"]]
    found = rows_of(parse_one("a.pdf", story_pdf(ruled_table(rows, [*BOLD_FIRST, ("SPAN", (0, 1), (2, 1))]))))
    assert [text for _, text in found] == ["Part: Pump", "Part: Seal | Number: P-1 | Price: 1.00"]


def test_an_empty_corner_makes_the_first_column_the_rows_name() -> None:
    rows = [["", "Rovo 310", "Rovo 320"], ["Weight", "3.1 kg", "3.4 kg"]]
    found = rows_of(parse_one("a.pdf", story_pdf(ruled_table(rows, BOLD_FIRST))))
    assert [text for _, text in found] == ["Weight | Rovo 310: 3.1 kg | Rovo 320: 3.4 kg"]
