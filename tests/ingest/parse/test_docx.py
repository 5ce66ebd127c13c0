import io
import zipfile
from datetime import datetime

import pytest
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from ingest.parse.docx_numbering import format_number
from ingest.parse.draft import Draft
from kb.errors import ParseError
from tests.ingest.builders import block_texts, parse, parse_one
from tests.ingest.office import W, add_list, add_style, docx_bytes, item, paragraph, raw
from tests.ingest.parse.bombs import with_entry

pytestmark = pytest.mark.slow  # whole documents: they run in the integration stage


def _read(*fill: object) -> Draft:
    return parse_one("a.docx", docx_bytes(*fill))  # type: ignore[arg-type]


def test_headings_lists_and_paragraphs_keep_their_structure() -> None:
    def fill(document: Document) -> None:
        document.add_heading("Crema 500", 0)
        document.add_heading("Setting up", 1)
        document.add_paragraph("Put it on an even floor.")
        document.add_heading("Water", 2)
        document.add_paragraph("Fill the tank.", "List Number")
        document.add_paragraph("Press Power.", "List Number")
        document.add_paragraph("Never without water.", "List Bullet")
        document.add_heading("Care", 1)
        document.add_paragraph("Wipe it.")

    draft = _read(fill)
    assert draft.title == "Crema 500"
    assert block_texts(draft) == [
        ("heading", "Crema 500"),
        ("heading", "Setting up"),
        ("paragraph", "Put it on an even floor."),
        ("heading", "Water"),
        ("list_item", "1. Fill the tank."),
        ("list_item", "2. Press Power."),
        ("list_item", "Never without water."),
        ("heading", "Care"),
        ("paragraph", "Wipe it."),
    ]
    assert draft.blocks[4].heading_path == ("Crema 500", "Setting up", "Water")
    assert draft.blocks[-1].heading_path == ("Crema 500", "Care")


@pytest.mark.parametrize("name", ["标题 1", "Überschrift 1", "heading 1", "Titre 1", "見出し 1", "Заголовок 1"])
def test_headings_are_known_by_style_names_of_other_languages(name: str) -> None:
    draft = _read(add_style("a1", name), raw(paragraph("退货", "a1"), paragraph("三十天内可退货。")))
    assert [(block.kind, block.heading_path) for block in draft.blocks] == [("heading", ("退货",)), ("paragraph", ("退货",))]


def test_lines_of_a_page_turned_into_paragraphs_are_joined() -> None:
    lines = ["The pump pushes the water through the filter and", "back again. It takes two minutes until the tank", "Then stop", "and go."]
    texts = [text for _, text in block_texts(_read(raw(*map(paragraph, lines))))]
    assert texts == [f"{lines[0]} {lines[1]}", "Then stop", "and go."]


def test_headings_are_known_by_outline_levels_and_by_what_a_style_is_based_on() -> None:
    draft = _read(
        add_style("Shop", "Shop heading", '<w:basedOn w:val="Heading2"/>'),
        raw(
            paragraph("Returns", properties='<w:outlineLvl w:val="0"/>'),
            paragraph("Time", "Shop"),
            paragraph("Not a heading.", "Heading1", '<w:outlineLvl w:val="9"/>'),
        ),
    )
    assert [block.heading_path for block in draft.blocks] == [("Returns",), ("Returns", "Time"), ("Returns", "Time")]
    assert [block.kind for block in draft.blocks] == ["heading", "heading", "paragraph"]


def test_bold_lines_stand_for_headings_where_no_style_does() -> None:
    lines = [
        paragraph("Warranty", run='<w:b/><w:sz w:val="32"/>'),
        paragraph("Two years from the day of delivery."),
        paragraph("Batteries", run="<w:b/>"),
        paragraph("Six months."),
        paragraph("Keep the receipt!", run="<w:b/>"),
        paragraph("It proves the day."),
    ]
    assert [block.heading_path for block in _read(raw(*lines)).blocks][3] == ("Warranty", "Batteries")
    styled = _read(raw(paragraph("Terms", "Heading1"), *lines))
    assert {block.heading_path for block in styled.blocks} == {("Terms",)}


def test_lists_count_as_word_counts() -> None:
    draft = _read(
        add_list(71, "chineseCounting", "第%1步"),
        add_list(72, start=4),
        raw(
            paragraph("打开电源", properties=item(71)),
            paragraph("加水", properties=item(71)),
            paragraph("轻按", properties=item(71, 1)),
            paragraph("等待", properties=item(71, 1)),
            paragraph("完成", properties=item(71)),
            paragraph("Four", properties=item(72)),
            paragraph("None", properties=item(0)),
        ),
    )
    texts = [text for _, text in block_texts(draft)]
    assert texts == ["第一步 打开电源", "第二步 加水", "二a) 轻按", "二b) 等待", "第三步 完成", "4. Four", "None"]


def test_the_number_of_a_heading_stays_where_it_is_a_name() -> None:
    draft = _read(
        add_list(71, "chineseCounting", "第%1条"),
        add_list(72),
        raw(paragraph("退货", "Heading1", item(71)), paragraph("Returns", "Heading1", item(72))),
    )
    assert [text for _, text in block_texts(draft)] == ["第一条 退货", "Returns"]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (103, "japaneseCounting", "一百零三"),
        (110, "chineseCounting", "一百一十"),
        (1004, "taiwaneseCounting", "一千零四"),
        (28, "lowerLetter", "bb"),
        (1994, "upperRoman", "MCMXCIV"),
        (3, "decimalZero", "03"),
        (12, "decimalEnclosedCircle", "⑫"),
        (2, "ideographTraditional", "乙"),
        (1, "hebrew1", None),
    ],
)
def test_number_formats(number: int, form: str, text: str | None) -> None:
    assert format_number(number, form) == text


def _table(document: Document, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def test_every_row_of_a_table_carries_the_header() -> None:
    draft = _read(
        lambda document: document.add_paragraph("What the display shows:"),
        lambda document: _table(document, [["Code", "Meaning", "Do"], ["E01", "Tank | empty", "Fill it"], ["E02", "Too hot", ""]]),
        lambda document: document.add_paragraph("Call us otherwise."),
        lambda document: _table(document, [["重量", "1.2 千克"], ["电池", "3200 毫安时"]]),
    )
    assert block_texts(draft) == [
        ("paragraph", "What the display shows:"),
        ("table_row", "Code: E01 | Meaning: Tank / empty | Do: Fill it"),
        ("table_row", "Code: E02 | Meaning: Too hot"),
        ("paragraph", "Call us otherwise."),
        ("table_row", "重量: 1.2 千克"),
        ("table_row", "电池: 3200 毫安时"),
    ]


def test_merged_cells_and_headers_of_two_rows() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    head, down, on, wide = "<w:trPr><w:tblHeader/></w:trPr>", '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    draft = _read(
        raw(
            f"<w:tbl><w:tr>{head}{cell('Size', down)}{cell('Price', wide)}</w:tr>"
            f"<w:tr>{head}{cell('', on)}{cell('net')}{cell('gross')}</w:tr>"
            f"<w:tr>{cell('S', down)}{cell('8')}{cell('10')}</w:tr><w:tr>{cell('', on)}{cell('9')}{cell('11')}</w:tr>"
            f"<w:tr><w:trPr><w:del/></w:trPr>{cell('XL')}{cell('1')}{cell('2')}</w:tr></w:tbl>"
        )
    )
    texts = [text for _, text in block_texts(draft)]
    assert texts == ["Size: S | Price net: 8 | Price gross: 10", "Size: S | Price net: 9 | Price gross: 11"]


def test_a_table_of_questions_is_a_table_of_pairs() -> None:
    draft = _read(lambda document: _table(document, [["问题", "答案", "audience"], ["多久？", "三十天。", "internal"], ["谁？", "", ""]]))
    assert block_texts(draft) == [("faq", "多久？\n三十天。")]
    assert draft.blocks[0].metadata is not None and draft.blocks[0].metadata.audience == "internal"
    assert draft.notes == ("a table, row 3 has no answer",)


def test_a_table_that_only_arranges_the_page_is_walked() -> None:
    def fill(document: Document) -> None:
        cell = document.add_table(1, 1).rows[0].cells[0]
        cell.text = "Attention: hot surface."
        outer = document.add_table(1, 2).rows[0].cells
        outer[0].add_paragraph("Setting up", "Heading 1")
        outer[1].add_paragraph("Fill the tank.")

    assert block_texts(_read(fill)) == [
        ("paragraph", "Attention: hot surface."),
        ("heading", "Setting up"),
        ("paragraph", "Fill the tank."),
    ]


def test_tracked_changes_hidden_text_fields_and_breaks() -> None:
    run = "<w:r>{}<w:t xml:space='preserve'>{}</w:t></w:r>"
    draft = _read(
        add_style("Ghost", "Ghost", "<w:rPr><w:vanish/></w:rPr>", "character"),
        raw(
            "<w:p><w:del><w:r><w:delText>30 </w:delText></w:r></w:del><w:ins>" + run.format("", "14 ") + "</w:ins>" + run.format("", "days")
            + "<w:moveFrom>" + run.format("", " moved away") + "</w:moveFrom>"
            + run.format("<w:rPr><w:vanish/></w:rPr>", " secret") + run.format('<w:rPr><w:rStyle w:val="Ghost"/></w:rPr>', " ghost")
            + run.format('<w:rPr><w:vanish w:val="0"/></w:rPr>', " shown")
            + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>'
            + "<w:r><w:br/></w:r><w:hyperlink>" + run.format("", "the form") + "</w:hyperlink><w:r><w:noBreakHyphen/></w:r>"
            + run.format("", "A") + "</w:p>"
        ),
    )  # fmt: skip
    assert draft.text == "14 days shown\nthe form-A"
    assert draft.notes == ("hidden text was left out",)


def test_text_boxes_stand_below_their_paragraph_and_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"
    compatibility = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    draft = _read(
        raw(
            f"<w:p {compatibility}><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box.format('In the box.')}</w:drawing>"
            f"</mc:Choice><mc:Fallback><w:pict>{box.format('In the box.')}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
            "<w:r><w:t>Beside it.</w:t></w:r></w:p>"
        )
    )
    assert [text for _, text in block_texts(draft)] == ["Beside it.", "In the box."]


def test_footnotes_stand_below_what_they_qualify() -> None:
    def fill(document: Document) -> None:
        notes = (
            f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>line</w:t></w:r></w:p></w:footnote>'
            '<w:footnote w:id="2"><w:p><w:r><w:t>Except for gift cards.</w:t></w:r></w:p></w:footnote></w:footnotes>'
        )
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, notes.encode(), document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    body = '<w:p><w:r><w:t>Refunds take 14 days.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    draft = _read(fill, raw(body, paragraph("Next.")))
    assert [text for _, text in block_texts(draft)] == ["Refunds take 14 days.", "Except for gift cards.", "Next."]


def test_contents_headers_and_comments_are_no_text() -> None:
    def fill(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "Example Appliances"
        paragraph = document.add_paragraph("The text.")
        document.add_comment(paragraph.runs, "Is that right?", "Anna")

    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>'
        + paragraph("Contents")
        + "</w:sdtContent></w:sdt>"
    )
    draft = _read(add_style("TOC1", "toc 1"), raw(contents, paragraph("Care 7", "TOC1")), fill)
    assert draft.text == "The text."


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Crema 500", "Crema 500"), ("Microsoft Word - v3", "Care"), ("manual_v2", "Care"), ("", "Care"), ("退货政策", "退货政策")],
)
def test_the_title_is_the_documents_own_unless_a_program_made_it(title: str, expected: str) -> None:
    def fill(document: Document) -> None:
        document.core_properties.title = title
        document.core_properties.created = datetime(2026, 1, 1)
        document.add_heading("Care", 1)

    assert _read(fill).title == expected


SOUND = docx_bytes(lambda document: document.add_paragraph("Text."))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (docx_bytes(), "holds no text"),
        (SOUND[: len(SOUND) // 2], "damaged"),
        (with_entry(SOUND, "word/vbaProject.bin", b"x"), "holds macros"),
        (with_entry(SOUND, "word/document.xml", b"<not xml"), "damaged"),
        (with_entry(SOUND, "word/document.xml", b"<!DOCTYPE x SYSTEM 'http://shop.example/x.dtd'><x/>"), "declares a document type"),
        (with_entry(SOUND, "word/document.xml", "<!DOCTYPE x><x/>".encode("utf-16")), "declares a document type"),
        (with_entry(SOUND, "word/media/a.zip", b"x"), "another archive"),
        (with_entry(SOUND, "word/styles.xml", b"<a>" * 10_000), "damaged"),
    ],
)
def test_files_that_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse("a.docx", content)


def test_a_workbook_behind_a_chart_is_no_archive_to_fear() -> None:
    assert parse_one("a.docx", with_entry(SOUND, "word/embeddings/chart.xlsx", b"x")).text == "Text."


def test_macro_formats_under_another_name_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(SOUND)) as archive:
        types = archive.read("[Content_Types].xml")
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    content = with_entry(SOUND, "[Content_Types].xml", types.replace(plain, b"application/vnd.ms-word.document.macroEnabled.main+xml"))
    with pytest.raises(ParseError, match="holds an Office file with macros"):
        parse("a.docx", content)


def test_a_word_file_under_another_name_is_read_with_a_note() -> None:
    draft = parse_one("a.xlsx", SOUND)
    assert draft.text == "Text." and draft.notes == ("the file is named .xlsx but holds DOCX; it was read as DOCX",)


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        ("EncryptedPackage", "encrypted with a password; save it without one"),
        ("WordDocument", r"of the old format \(.doc\); save it as DOCX"),
        ("Workbook", r"of the old format \(.xls\); save it as XLSX"),
        ("__properties_version1.0", "Outlook message .*as an .eml file"),
    ],
)
def test_old_and_encrypted_files_are_called_by_their_name(stream: str, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le"))
