import pytest

from ingest.metadata import Metadata
from ingest.parse.encoding import NAMES
from kb.errors import ParseError
from tests.ingest.builders import block_texts, parse_one


def test_markdown_keeps_its_structure() -> None:
    draft = parse_one(
        "a.md",
        "---\ntitle: Refunds\naudience: internal\nlayout: page\n---\n# Refunds, *fair*\n\nWrapped\nline, see [the form](https://x.example).\n\n"
        "## Steps\n\n1. Open it\n   - with care\n2. Close it\n\n| Code | Meaning |\n|---|---|\n| E04 | tank empty |\n\n```\nx = 1\n```\n",
    )
    assert draft.metadata == Metadata(title="Refunds", audience="internal")
    assert draft.title == "Refunds, fair"
    assert block_texts(draft) == [
        ("heading", "Refunds, fair"),
        ("paragraph", "Wrapped line, see the form."),
        ("heading", "Steps"),
        ("list_item", "1. Open it"),
        ("list_item", "with care"),
        ("list_item", "2. Close it"),
        ("table_row", "Code: E04 | Meaning: tank empty"),
        ("code", "x = 1"),
    ]
    assert draft.blocks[-1].heading_path == ("Refunds, fair", "Steps")


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    draft = parse_one("a.md", "---\nJust text\n---\nmore")
    assert draft.metadata == Metadata() and "Just text" in draft.text


@pytest.mark.parametrize("front", ["title: [", "audience: staff", "effective_from: 2026-13-01", "audiance: internal"])
def test_front_matter_that_cannot_be_trusted_is_refused(front: str) -> None:
    with pytest.raises(ParseError, match="the front matter"):
        parse_one("a.md", f"---\n{front}\n---\ntext")


def test_html_is_its_article() -> None:
    draft = parse_one(
        "a.html",
        """<!doctype html><html><head><title>Shop</title><meta name="citedesk:audience" content="internal">
        <meta name="citedesk:regions" content="DE; AT"><style>p{}</style></head><body><nav>Home</nav><header>Logo</header>
        <main><h1>Gift <b>cards</b></h1>Loose text<p>Paid<br>at once <span style="display: none">secret</span></p><div hidden>no</div>
        <ol start="3"><li>Go<ul><li>there</li></ul></li><li>Stop</li></ol>
        <table><tr><th>Code<th>Meaning<tr><td rowspan="2">E1<td>hot<tr><td>cold</table>
        <dl><dt>Weight<dd>2 kg</dl><script>x()</script></main><footer>Imprint</footer></body></html>""",
    )
    assert draft.metadata == Metadata(audience="internal", regions=("DE", "AT"))
    assert block_texts(draft) == [
        ("heading", "Gift cards"),
        ("paragraph", "Loose text"),
        ("paragraph", "Paid\nat once"),
        ("list_item", "3. Go"),
        ("list_item", "there"),
        ("list_item", "4. Stop"),
        ("table_row", "Code: E1 | Meaning: hot"),
        ("table_row", "Code: E1 | Meaning: cold"),
        ("table_row", "Weight: 2 kg"),
    ]


def test_html_nested_a_million_deep_is_refused() -> None:
    with pytest.raises(ParseError, match="deep"):
        parse_one("a.html", "<div>" * 1_000_000 + "x")


def test_html_with_an_unknown_citedesk_key_is_refused() -> None:
    with pytest.raises(ParseError, match="unknown"):
        parse_one("a.html", '<meta name="citedesk:audence" content="internal"><p>x</p>')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_text_in_every_usual_encoding(encoding: str) -> None:
    draft = parse_one("a.txt", "第一步：打开电源。\n第二步：加水至刻度线。\n\n保修期为两年。".encode(encoding))
    assert block_texts(draft) == [
        ("list_item", "第一步：打开电源。"),
        ("list_item", "第二步：加水至刻度线。"),
        ("paragraph", "保修期为两年。"),
    ]


OLD_TEXTS = [
    ("gb18030", "电池型号 CR2032，使用寿命约一年。"),
    ("gb18030", "question,answer\n怎么开发票？,下单后在订单页申请。"),
    ("gb18030", "镕基啰嗦"),
    ("gb18030", "银卡享 97 折"),
    ("cp950", "門市取貨免運費，退貨請於三十天內辦理。"),
    ("cp950", "咖啡機Crema 500保固兩年"),
    ("cp932", "返品は商品到着後30日以内に、送料は当社が負担します。"),
    ("cp932", "保証"),
    ("euc_jp", "保証期間は二年です。"),
    ("euc_kr", "배송비는 무료입니다."),
    ("euc_kr", "환불"),
    ("cp1251", "Возврат товара возможен в течение 30 дней. Доставка бесплатна."),
    ("koi8_r", "Возврат товара возможен в течение 30 дней. Доставка бесплатна."),
    ("cp1250", "Zwrot towaru jest możliwy w ciągu 30 dni. Przesyłka kosztuje pięć złotych."),
    ("cp1251", "Цена"),
    ("cp1252", "Wie lange darf ich ein Gerät zurückgeben? Réglages"),
    ("cp1252", "Größe: 40 cm, Gewährleistung zwei Jahre"),
    ("cp1252", "Café à la crème : 3 €, délai de 2 à 3 jours"),
    ("cp1252", "¿Cuánto cuesta el envío? ¿Y la devolución?"),
    ("cp1252", "“Free” returns – within 30 days, 2½ m² at £5 or ¥900"),
]


@pytest.mark.parametrize(("encoding", "text"), OLD_TEXTS)
def test_old_encodings_are_told_by_what_they_give(encoding: str, text: str) -> None:
    draft = parse_one("a.txt", text.encode(encoding))
    assert "".join(draft.text.split()) == "".join(text.split())
    assert draft.notes == (f"the file is not UTF-8; it was read as {NAMES[encoding]}",)


@pytest.mark.parametrize("content", [b"\x81\x8d\x8f\x90\x9d", bytes(range(0xF0, 0xFF)) * 3])
def test_bytes_in_no_encoding_are_refused_rather_than_guessed(content: bytes) -> None:
    with pytest.raises(ParseError, match="nothing tells its encoding; save it as UTF-8"):
        parse_one("a.txt", content)


def test_utf8_has_no_note_and_utf16_without_its_mark_is_told_what_to_do() -> None:
    assert parse_one("a.txt", "退货政策：三十天。").notes == parse_one("a.txt", "退货".encode("utf-16")).notes == ()
    with pytest.raises(ParseError, match="binary data.*if it is text, save it as UTF-8"):
        parse_one("a.txt", "The kettle holds 1.7 litres.".encode("utf-16-le"))


def test_western_text_of_an_old_editor() -> None:
    assert parse_one("a.txt", "Die Gewährleistung beträgt für Geräte zwei Jahre.".encode("cp1252")).text.startswith(
        "Die Gewährleistung beträgt"
    )


def test_wrapped_lines_are_joined_and_figures_are_no_list_marks() -> None:
    draft = parse_one(
        "a.txt",
        "The appliance must stand on an even floor and needs a\nsocket nearby, with at least\n3.5 metres of space.\n\n"
        "1. Plug in\n2. Switch on\n- done",
    )
    assert block_texts(draft) == [
        ("paragraph", "The appliance must stand on an even floor and needs a socket nearby, with at least"),
        ("paragraph", "3.5 metres of space."),
        ("list_item", "1. Plug in"),
        ("list_item", "2. Switch on"),
        ("list_item", "done"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"", "empty"),
        ("a.txt", b" \n\t ", "empty"),
        ("a.txt", b"\x00\x00", "binary"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200), "binary"),
        ("a.txt", bytes(range(1, 32)) * 50, "binary"),
        ("a.md", b"<!-- only a comment -->", "no text"),
        ("a.html", b"<nav>menu</nav>", "no text"),
        ("a.pdf", b"<!doctype html><p>Log in", "web page"),
        ("a.jsonl", b"<html>error", "web page"),
        ("a.pdf", b"just words", "is not PDF"),
        ("a.xlsx", b"a,b\n1,2", "is not XLSX"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old or encrypted"),
        ("a.csv", b"PK\x05\x06" + bytes(18), "binary"),
    ],
)
def test_files_that_are_not_what_they_say(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse_one(name, content)


def test_stray_nul_bytes_do_not_reach_the_text() -> None:
    draft = parse_one("a.txt", "The warranty lasts two years. " * 40 + "\x00 End.")
    assert "\x00" not in draft.text


def test_a_plain_text_has_a_title_and_headings() -> None:
    draft = parse_one(
        "a.txt",
        "清沐 T3 使用说明书\n\n一、安全须知\n请用带地线的插座。\n\n二、故障代码\n"
        "E1：传感器故障。断电十分钟再通电，还是不行请报修。\nE3：漏电。不要再用。",
    )
    assert draft.title == "清沐 T3 使用说明书"
    assert block_texts(draft) == [
        ("heading", "清沐 T3 使用说明书"),
        ("heading", "一、安全须知"),
        ("paragraph", "请用带地线的插座。"),
        ("heading", "二、故障代码"),
        ("paragraph", "E1：传感器故障。断电十分钟再通电，还是不行请报修。"),
        ("paragraph", "E3：漏电。不要再用。"),
    ]
    assert draft.blocks[-1].heading_path == ("清沐 T3 使用说明书", "二、故障代码")


def test_underlined_lines_and_capitals_are_headings() -> None:
    draft = parse_one("a.txt", "Dear customer,\n\nCare\n----\nWipe it.\n\n2. CLEANING THE TANK\nRinse it.\n\nWARNING\nNever boil it.")
    assert draft.title is None
    assert [text for kind, text in block_texts(draft) if kind == "heading"] == ["Care", "2. CLEANING THE TANK"]


@pytest.mark.parametrize(
    "text", ["一、不要拆机\n二、不要进水", "一、本产品不得用于室外，雨天也不行。\n请注意。", "The first line is a sentence.\n\nMore."]
)
def test_lists_and_sentences_are_no_headings(text: str) -> None:
    assert "heading" not in [kind for kind, _ in block_texts(parse_one("a.txt", text))]
