import io
from typing import Any

import pytest
from PIL import Image
from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Inches

from kb.errors import ParseError
from tests.ingest.builders import block_texts, parse, parse_one
from tests.ingest.office import pptx_bytes
from tests.ingest.parse.bombs import with_entry

A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
CORNER = Inches(0)
TITLE_AND_CONTENT, TITLE_ONLY, BLANK = 1, 5, 6


def _slide(deck: Presentation, layout: int, title: str = "") -> Slide:
    slide: Slide = deck.slides.add_slide(deck.slide_layouts[layout])
    if title and slide.shapes.title is not None:
        slide.shapes.title.text_frame.text = title
    return slide


def _box(slide: Slide, text: str, left: float, top: float) -> None:
    slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(0.5)).text_frame.text = text


def test_every_slide_is_a_section_and_a_page() -> None:
    def fill(deck: Presentation) -> None:
        first = _slide(deck, TITLE_AND_CONTENT, "Returns\vand refunds")
        first.placeholders[1].text_frame.text = "Thirty days\n\nNo fee"
        _box(_slide(deck, BLANK), "没有标题的一页。", 1, 1)
        _slide(deck, TITLE_ONLY, "保修")

    draft = parse_one("a.pptx", pptx_bytes(fill))
    assert draft.title == "Returns and refunds" and draft.pages == 3
    assert [(block.page, block.kind, block.heading_path) for block in draft.blocks] == [
        (1, "heading", ("Returns and refunds",)),
        (1, "list_item", ("Returns and refunds",)),
        (1, "list_item", ("Returns and refunds",)),
        (2, "paragraph", ()),
        (3, "heading", ("保修",)),
    ]


def test_shapes_are_read_from_top_to_bottom_and_left_to_right() -> None:
    def fill(deck: Presentation) -> None:
        slide = _slide(deck, TITLE_ONLY, "Order")
        _box(slide, "bottom", 1, 5)
        _box(slide, "right", 5, 2.1)
        group = slide.shapes.add_group_shape()
        group.shapes.add_textbox(Inches(1), Inches(3), Inches(1), Inches(0.5)).text_frame.text = "in the group"
        _box(slide, "left", 1, 2.2)

    texts = [text for _, text in block_texts(parse_one("a.pptx", pptx_bytes(fill)))]
    assert texts == ["Order", "left", "right", "in the group", "bottom"]


def test_tables_and_numbered_lists() -> None:
    def fill(deck: Presentation) -> None:
        slide = _slide(deck, TITLE_ONLY, "Codes")
        table = slide.shapes.add_table(3, 3, Inches(1), Inches(3), Inches(6), Inches(2)).table
        for row, texts in enumerate((["Code", "Meaning", "Do"], ["E01", "empty", "Fill it"], ["", "hot", "Wait"])):
            for column, text in enumerate(texts):
                table.cell(row, column).text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        box = slide.shapes.add_textbox(Inches(1), Inches(1.5), Inches(6), Inches(1)).text_frame
        box.text = "Open it\nTurn it\nClose it"
        for paragraph in box.paragraphs:
            paragraph._p.get_or_add_pPr().append(parse_xml(f'<a:buAutoNum {A} type="arabicPeriod" startAt="3"/>'))

    assert block_texts(parse_one("a.pptx", pptx_bytes(fill))) == [
        ("heading", "Codes"),
        ("list_item", "3. Open it"),
        ("list_item", "4. Turn it"),
        ("list_item", "5. Close it"),
        ("table_row", "Code: E01 | Meaning: empty | Do: Fill it"),
        ("table_row", "Code: E01 | Meaning: hot | Do: Wait"),
    ]


def test_what_is_not_shown_or_cannot_be_read_is_said() -> None:
    def fill(deck: Presentation) -> None:
        shown = _slide(deck, TITLE_ONLY, "Prices")
        notes = shown.notes_slide.notes_text_frame
        assert notes is not None
        notes.text = "Our margin is 40 %."
        data: Any = XyChartData()  # type: ignore[no-untyped-call]
        data.add_series("s").add_data_point(1.0, 2.0)
        shown.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, CORNER, CORNER, Inches(2), Inches(2), data)
        picture = io.BytesIO()
        Image.new("RGB", (40, 40), "red").save(picture, "PNG")
        for side in (0.5, 6):
            picture.seek(0)
            shown.shapes.add_picture(picture, CORNER, CORNER, Inches(side), Inches(side))
        _slide(deck, TITLE_ONLY, "Next year").element.set("show", "0")
        ghost = _slide(deck, TITLE_ONLY, "Care")
        _box(ghost, "not visible", 1, 2)
        ghost.shapes[-1].element.xpath("./p:nvSpPr/p:cNvPr")[0].set("hidden", "1")

    draft = parse_one("a.pptx", pptx_bytes(fill))
    assert [text for _, text in block_texts(draft)] == ["Prices", "Care"]
    assert draft.notes == (
        "hidden slides were left out: 2",
        "speaker notes were left out, since they are not for the public: slides 1",
        "charts were not read: slides 1",
        "large pictures were not read: slides 1",
        "hidden shapes were not read: slides 3",
    )


SOUND = pptx_bytes(lambda deck: _slide(deck, TITLE_ONLY, "Care"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pptx_bytes(), "holds no text"),
        (SOUND[: len(SOUND) // 2], "damaged"),
        (with_entry(SOUND, "ppt/vbaProject.bin", b"x"), "holds macros"),
        (with_entry(SOUND, "ppt/slides/slide1.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "declares a document type"),
        (with_entry(SOUND, "ppt/slides/slide1.xml", b"<broken"), "damaged"),
    ],
)
def test_files_that_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse("a.pptx", content)


def test_a_presentation_named_as_word_file_is_read_with_a_note() -> None:
    assert "holds PPTX" in parse_one("a.docx", SOUND).notes[0]
