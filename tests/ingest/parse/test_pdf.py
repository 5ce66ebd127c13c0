import pytest

from ingest.parse.pdf_page import Line
from ingest.parse.pdf_paragraph import Paragraph, join_lines
from ingest.parse.wrap import hyphenated_words
from kb.errors import ParseError
from tests.ingest.builders import block_texts, manual_pdf, parse, parse_one, pdf_canvas, picture_pdf


def test_a_manual_keeps_its_structure() -> None:
    draft = parse_one("manual.pdf", manual_pdf())
    texts = block_texts(draft)
    assert draft.title == "Crema 500 user manual" and draft.pages == 4
    assert [text for kind, text in texts if kind == "heading"] == ["Crema 500 manual", "Setting up", "Error codes", "Data", "Care"]
    assert [text for _, text in texts if text[:2] in ("1 ", "2 ", "3 ")] == ["1 Fill the tank.", "2 Press Power.", "3 Wait 45 seconds."]
    assert [text for kind, text in texts if kind == "table_row"] == [
        "Code: E01 | Meaning: Tank empty | What to do: Fill the tank",
        "Code: E02 | Meaning: Too hot | What to do: Wait",
        "Battery capacity: 3200 mAh",
        "Weight: 1.2 kg",
    ]
    assert draft.text.count("Tank empty") == 1, "a table's text must not be repeated as paragraphs"
    assert "Example Appliances" not in draft.text and "of 4" not in draft.text, "running headers and footers go"
    assert ("paragraph", ("The pump pushes water through the filter. " * 12).strip()) in texts
    pages = {draft.text[block.start : block.end]: block.page for block in draft.blocks}
    assert (pages["Setting up"], pages["Error codes"], pages["Weight: 1.2 kg"], pages["Wipe it with a damp cloth."]) == (1, 2, 3, 4)


def test_every_line_knows_where_it_stands() -> None:
    draft = parse_one(
        "a.pdf", pdf_canvas([[(72, 700, "First line of the paragraph, long enough to be text"), (72, 686, "and its second line.")]])
    )
    assert draft.text == "First line of the paragraph, long enough to be text and its second line."
    first, second = draft.lines
    assert draft.text[first.start : first.end].startswith("First line") and draft.text[second.start : second.end] == "and its second line."
    assert first.page == second.page == 1 and first.x0 == second.x0 == 72
    assert first.y0 < 700 < first.y1 and second.y0 < 686 < second.y1 < first.y1 and 300 < first.x1 < 380


def test_boxes_of_a_real_layout_hold_their_text() -> None:
    draft = parse_one("manual.pdf", manual_pdf())
    covered = sum(line.end - line.start for line in draft.lines)
    assert covered > 0.95 * len(draft.text.replace("\n", ""))
    for line in draft.lines:
        assert 0 <= line.start < line.end <= len(draft.text) and line.x0 < line.x1 and line.y0 < line.y1


def _join(*lines: str) -> str:
    paragraph = Paragraph(tuple(Line(1, text, 0, 100, 700 - 12 * number, 10, False) for number, text in enumerate(lines)), False)
    text, spans = join_lines(paragraph, hyphenated_words(lines))
    assert all(start < end <= len(text) for _, start, end in spans)
    return text


def test_broken_words_are_mended_and_real_hyphens_kept() -> None:
    assert _join("the appli-", "ance is self-", "cleaning, yes self-cleaning") == "the appliance is self-cleaning, yes self-cleaning"
    assert _join("E04-", "7 is a code") == "E04- 7 is a code"
    assert _join("水箱必须", "装满水。") == "水箱必须装满水。"


def test_a_paragraph_goes_on_over_the_page_break() -> None:
    first = [(72, 100, "This sentence is long and does not end on the first page, it goes on and on and")]
    second = [(72, 780, "ends here on the second page.")]
    draft = parse_one("a.pdf", pdf_canvas([first, second]))
    assert draft.text == "This sentence is long and does not end on the first page, it goes on and on and ends here on the second page."
    assert [line.page for line in draft.lines] == [1, 2] and draft.blocks[0].page == 1


def test_pages_without_text_are_named() -> None:
    draft = parse_one("a.pdf", picture_pdf(["Words on the first page.", None]))
    assert draft.notes == ("page 2 has no text layer",)


def test_a_scan_is_refused_with_advice() -> None:
    with pytest.raises(ParseError, match="pages 1-2 have no text layer"):
        parse("scan.pdf", picture_pdf([None, None]))


def test_encryption() -> None:
    page = [[(72, 700, "Readable by everybody.")]]
    with pytest.raises(ParseError, match="needs a password"):
        parse("a.pdf", pdf_canvas(page, password="secret"))
    from reportlab.lib.pdfencrypt import StandardEncryption

    owner_only = pdf_canvas(page, password=StandardEncryption("", ownerPassword="owner", canModify=0))
    assert parse_one("a.pdf", owner_only).text == "Readable by everybody."


@pytest.mark.parametrize("cut", [10, 200, 600, -600, -40])
def test_a_cut_file_is_refused_or_read_never_an_error(cut: int) -> None:
    content = manual_pdf()[:cut]
    try:
        assert parse_one("a.pdf", content).text
    except ParseError as error:
        assert "PDF" in str(error)


def test_a_pdf_under_another_name_is_read_with_a_note() -> None:
    draft = parse_one("a.txt", pdf_canvas([[(72, 700, "A text.")]]))
    assert draft.media_type == "application/pdf" and "holds PDF" in draft.notes[0]
