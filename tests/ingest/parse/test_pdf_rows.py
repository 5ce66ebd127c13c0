import numpy as np

from ingest.parse.ocr import PictureLine
from ingest.parse.pdf_page import PageLines
from ingest.parse.pdf_picture import PagePicture
from ingest.parse.pdf_recognised import place_lines
from ingest.parse.pdf_rows import rows_in_order

PAGE = PageLines(3, (), 0.0, 800.0, False, True)
PICTURE = PagePicture(np.zeros((1600, 1200, 3), np.uint8), 2.0, 0.0, 800.0)


def line(text: str, x: float, y: float, width: float | None = None, height: float = 20) -> PictureLine:
    return PictureLine(text, x, y, x + (width or 10 * len(text)), y + height)


def texts(lines: list[PictureLine]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows_in_order(lines)]


def test_lines_come_from_the_top_down_and_from_left_to_right() -> None:
    assert texts([line("third", 50, 140), line("second", 300, 103), line("first", 50, 100)]) == [["first", "second"], ["third"]]


def test_pieces_a_words_gap_apart_are_one_line() -> None:
    assert texts([line("Press", 50, 100), line("Power", 103, 101)]) == [["Press Power"]]


def test_columns_of_text_are_read_one_after_the_other_also_under_a_heading() -> None:
    left = [line(f"left {number}", 50, 200 + 30 * number, 400) for number in range(5)]
    right = [line(f"right {number}", 520, 207 + 30 * number, 400) for number in range(5)]
    heading, foot = line("Heading over both columns", 50, 100, 870), line("Line across both columns", 50, 500, 870)
    mixed = [heading, *(one for pair in zip(left, right, strict=True) for one in pair), foot]
    assert texts(mixed) == [["Heading over both columns"], *([one.text] for one in left + right), ["Line across both columns"]]


def test_columns_of_short_cells_are_rows_of_a_table() -> None:
    cells = [line(f"{name} {number}", x, 100 + 40 * number) for number in range(4) for name, x in (("a", 50), ("b", 300), ("c", 600))]
    assert texts(cells) == [[f"a {number}", f"b {number}", f"c {number}"] for number in range(4)]


def test_rows_of_cells_become_a_table_and_a_wrapped_cell_one_cell() -> None:
    header = ("Code", "Meaning", "What to do")
    rows = [header, ("E01", "Tank empty", "Fill the tank"), ("E02", "Too hot", "Wait"), ("E03", "Lid open", "Close")]
    found = [line(cell, x, 200 + 40 * place) for place, row in enumerate(rows) for cell, x in zip(row, (50, 300, 600), strict=True)]
    found += [line("Before the table.", 50, 100), line("with clean water", 600, 262), line("After the table.", 50, 500)]
    recognised = place_lines(found, PICTURE, PAGE)
    (table,) = recognised.tables
    assert [row.cells for row in table.rows] == [rows[0], ("E01", "Tank empty", "Fill the tank with clean water"), *rows[2:]]
    assert recognised.page.lines[0].text == "Before the table." and not table.holds(60, 750)
    assert all(table.holds(one.x0 + 1, one.baseline) for one in recognised.page.lines[1:-1])


def test_a_line_across_columns_is_shared_out_word_by_word() -> None:
    rows = [("E01", "Tank empty", "Fill it"), ("E02", "Too hot", "Wait"), ("E03", "Lid open", "Close it")]
    found = [line(cell, x, 240 + 40 * place) for place, row in enumerate(rows) for cell, x in zip(row, (50, 110, 250), strict=True)]
    found += [line("Code Meaning", 50, 200, 160), line("What to do", 250, 200)]
    (table,) = place_lines(found, PICTURE, PAGE).tables
    assert [row.cells for row in table.rows] == [("Code", "Meaning", "What to do"), *rows]


def test_boxes_are_in_points_from_the_lower_left() -> None:
    recognised = place_lines([line("水箱必须装满水。", 100, 200, 400, 26)], PICTURE, PAGE)
    (only,) = recognised.page.lines
    assert (only.page, only.x0, only.x1, only.size) == (3, 50.0, 250.0, 10.0)
    assert 687 <= only.y0 < only.baseline < only.y1 <= 700


def test_sizes_of_one_font_are_one_although_their_boxes_differ() -> None:
    found = [line("no ascenders", 50, 100, None, 18), line("Ascenders gp", 50, 140, None, 26), line("More text", 50, 180, None, 22)]
    title, *lines = place_lines([line("Title", 50, 20, None, 50), *found], PICTURE, PAGE).page.lines
    assert {one.size for one in lines} == {9.2} and title.size == 19.2
