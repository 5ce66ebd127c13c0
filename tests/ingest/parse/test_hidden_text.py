"""Text that a reader of a page does not see is no text of the document, and the report says how much of it there was."""

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.parse.draft import Draft, FileInput
from ingest.parse.formats import parse_file
from ingest.parse.limits import Limits


def parse(name: str, content: str | bytes) -> Draft:
    data = content.encode() if isinstance(content, str) else content
    return parse_file(FileInput(name, data), Limits()).drafts[0]


def html(body: str, head: str = "") -> Draft:
    return parse("a.html", f"<!doctype html><html><head>{head}</head><body><p>Returns are free.</p>{body}</body></html>")


@pytest.mark.parametrize(
    "body",
    [
        '<p style="display:none">SECRET words</p>',
        '<p style="DISPLAY : none !important">SECRET words</p>',
        '<p style="visibility:hidden">SECRET words</p>',
        '<p style="opacity:0">SECRET words</p>',
        '<p style="font-size:0">SECRET words</p>',
        '<p style="font-size:1px">SECRET words</p>',
        '<p style="color:#fff">SECRET words</p>',
        '<p style="color:white">SECRET words</p>',
        '<div style="background:#222"><p style="color:rgb(33, 34, 35)">SECRET words</p></div>',
        '<p style="color:rgba(0,0,0,0)">SECRET words</p>',
        '<font color="#fefefe">SECRET words</font>',
        '<p style="position:absolute; left:-9999px">SECRET words</p>',
        '<p style="text-indent:-5000px">SECRET words</p>',
        '<p style="clip-path:inset(50%)">SECRET words</p>',
        '<p style="height:0;overflow:hidden">SECRET words</p>',
        "<p hidden>SECRET words</p>",
        '<p aria-hidden="true">SECRET words</p>',
        "<!-- SECRET words of a comment -->",
        "<noscript><p>SECRET words without script</p></noscript>",
        "<template><p>SECRET words of a template</p></template>",
        '<p class="s">SECRET words</p>',
        '<p id="t">SECRET 隐藏的文字</p>',
    ],
)
def test_hidden_html(body: str) -> None:
    draft = html(body, "<style>.s { display: none } @media screen { #t { opacity: 0 } }</style>")
    assert draft.text == "Returns are free."
    assert any("does not see" in note for note in draft.notes)


@pytest.mark.parametrize(
    "body",
    [
        '<div style="font-size:0"><span style="font-size:14px">SEEN words</span></div>',
        '<div style="visibility:hidden"><b style="visibility:visible">SEEN words</b></div>',
        '<div style="background:#123"><p style="color:white">SEEN words</p></div>',
        '<div style="background:url(dark.png)"><p style="color:white">SEEN words</p></div>',
        '<button aria-controls="x">Open</button><div id="x" class="s">SEEN words</div>',
        '<p class="print">SEEN words</p>',
        '<p class="s on">SEEN words</p>',
        '<p style="opacity:0.9; color:#333; font-size:90%">SEEN words</p>',
    ],
)
def test_seen_html(body: str) -> None:
    draft = html(body, "<style>.s{display:none} .s.on{display:block} @media print{.print{display:none}}</style>")
    assert "SEEN words" in draft.text
    assert draft.notes == ()


def test_white_text_on_a_page_whose_style_sheet_is_elsewhere_stays() -> None:
    assert "SEEN" in html('<p style="color:white">SEEN words</p>', '<link rel="stylesheet" href="site.css">').text


def test_hidden_html_in_markdown() -> None:
    text = (
        'Returns are free <span style="display:none">SECRET one</span> for all.\n\n'
        "<div hidden>\n\nSECRET two\n\n- SECRET three\n\n</div>\n\n"
        "Keep <!-- SECRET words of a comment --> the receipt.\n\n<p>Seen <b hidden>SECRET four</b> too.</p>\n"
    )
    draft = parse("a.md", text)
    assert draft.text == "Returns are free for all.\n\nKeep the receipt.\n\nSeen too."
    assert draft.notes == ("text that a reader of the page does not see was left out (4 not displayed, 1 in comments)",)


def test_invisible_characters_go_from_text_headings_and_titles_and_spans_still_fit() -> None:
    draft = parse("a.md", "# Re\u202eturns\n\nFree\U000e0049\U000e0067 of charge.\n\n## 退\u2063货\n\n运费\u200b五元。\n")
    assert draft.text == "Returns\n\nFree of charge.\n\n退货\n\n运费五元。"
    assert [draft.text[block.start : block.end] for block in draft.blocks] == ["Returns", "Free of charge.", "退货", "运费五元。"]
    assert draft.blocks[-1].heading_path == ("Returns", "退货") and draft.title == "Returns"
    assert draft.notes == (
        "5 invisible characters were left out (2 zero-width characters, 1 direction mark, 2 tag characters)",
    )


def pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.drawString(72, 760, "The kettle holds 1.7 litres.")
    invisible = canvas.beginText(72, 740)
    invisible.setTextRenderMode(3)
    invisible.textLine("SECRET invisible.")
    invisible.setTextRenderMode(0)
    canvas.drawText(invisible)
    canvas.setFillGray(0.98)
    canvas.drawString(72, 700, "SECRET white.")
    canvas.setFillColorRGB(0, 0, 0.5)
    canvas.rect(60, 650, 400, 30, fill=1, stroke=0)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(72, 660, "White on blue is seen.")
    canvas.setFillColorRGB(0, 0, 0)
    canvas.setFont("Helvetica", 1)
    canvas.drawString(72, 640, "SECRET tiny.")
    canvas.setFont("Helvetica", 12)
    canvas.drawString(900, 600, "SECRET outside.")
    canvas.drawString(72, 560, "SECRET covered.")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(60, 550, 300, 30, fill=1, stroke=0)
    canvas.beginForm("form")
    canvas.drawString(72, 450, "SECRET white in a form.")
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawString(72, 430, "Black in a form.")
    canvas.endForm()
    canvas.doForm("form")
    canvas.showPage()
    canvas.drawString(72, 700, "Descale it every month.")
    canvas.save()
    return buffer.getvalue()


def test_invisible_pdf_text() -> None:
    draft = parse("kettle.pdf", pdf())
    assert "SECRET" not in draft.text
    assert [line for line in draft.text.splitlines() if line] == [
        "The kettle holds 1.7 litres.",
        "White on blue is seen.",
        "Black in a form.",
        "Descale it every month.",
    ]
    (note,) = draft.notes
    assert note == (
        "text that a reader of page 1 does not see was left out (1 drawn invisibly, 2 in the colour of its background, "
        "1 in letters too small to read, 1 outside the page, 1 covered)"
    )


def test_the_text_layer_of_a_scan_stays() -> None:
    said = "You can return any lamp within thirty days of its delivery, with the receipt."
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(200, 200))
    canvas.drawInlineImage(_picture(), 0, 0, 200, 200)
    layer = canvas.beginText(20, 100)
    layer.setTextRenderMode(3)
    layer.textLine(said)
    canvas.drawText(layer)
    canvas.save()
    draft = parse("scan.pdf", buffer.getvalue())
    assert draft.text == said
    assert draft.notes == ()


def _picture() -> object:
    from PIL import Image

    return Image.new("RGB", (4, 4), (250, 250, 250))
