from email.message import EmailMessage

import pytest

from kb.errors import ParseError
from tests.ingest.builders import block_texts, parse, parse_one
from tests.ingest.parse.bombs import nested_mail

TEXT = "Returns are free within thirty days of delivery, in every country that we ship to.\n"


def _message(subject: str = "New return rules", text: str | None = TEXT, html: str | None = None, charset: str = "utf-8") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Anna Example <anna@shop.example>"
    message["To"] = "team@shop.example"
    message["Subject"] = subject
    if text is not None:
        message.set_content(text, charset=charset)
    if html is not None and text is not None:
        message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message


def test_subject_is_the_title_and_no_name_or_address_is_text() -> None:
    draft = parse_one("a.eml", bytes(_message("Re: AW: New return rules", "Steps:\n\n1. Print the label.\n2. Post it.\n\n-- \nAnna\n")))
    assert draft.title == "New return rules" and draft.media_type == "message/rfc822"
    assert block_texts(draft) == [("paragraph", "Steps:"), ("list_item", "1. Print the label."), ("list_item", "2. Post it.")]
    assert "nna" not in draft.text and "shop.example" not in draft.text


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk", "gb18030", "big5", "iso-2022-jp"])
def test_chinese_messages_in_the_usual_charsets(charset: str) -> None:
    draft = parse_one("a.eml", bytes(_message("回复：三十天", "二年。三十天。\n", charset=charset)))
    assert draft.text == "二年。三十天。" and draft.title == "三十天"


def test_a_charset_that_is_narrower_than_the_text_or_missing() -> None:
    head = b"From: a@shop.example\nSubject: \xb1\xa3\xd0\xde\xb9\xe6\xb6\xa8\xcb\xb5\xc3\xf7\n"
    body = "产品镕基说明：保修期为两年，自购买之日起计算。".encode("gbk")  # 镕 is not in GB 2312
    for kind in (b"Content-Type: text/plain; charset=gb2312\n", b"Content-Type: text/plain; charset=unknown-8bit\n", b""):
        draft = parse_one("a.eml", head + kind + b"\n" + body)
        assert draft.text.startswith("产品镕基说明") and draft.title == "保修规定说明"


def test_html_is_read_where_the_plain_text_only_points_to_it() -> None:
    html = (
        "<html><head><meta charset=gb2312><meta name='citedesk:audience' content='internal'></head><body><h1>退货</h1>"
        "<table><tr><th>国家<th>天数<th>费用<tr><td>德国<td>30<td>0</table><p>" + "详情请见说明。" * 40 + "</p></body></html>"
    )
    draft = parse_one("a.eml", bytes(_message("Rules", "Please open this message as HTML.\n", html)))
    assert ("table_row", "国家: 德国 | 天数: 30 | 费用: 0") in block_texts(draft)
    assert draft.metadata.is_empty and draft.title == "Rules"
    assert parse_one("a.eml", bytes(_message("Rules", TEXT * 5, html))).text.startswith("Returns are free")
    assert parse_one("a.eml", bytes(_message("Rules", None, "<p>Only here.</p>"))).text == "Only here."


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 2 Mar 2026 at 10:00, Bob Example\n<bob@shop.example> wrote:\n> Fourteen days, right?\n>> No.\n",
        "在 2026-03-02 10:00:00，\"Bob\" <bob@shop.example> 写道：\n> 十四天吗？\n",
        "Am 02.03.26 um 10:00 schrieb Bob Example:\n\n> Vierzehn Tage?\n",
        "-----Original Message-----\nFrom: Bob Example\nSent: Monday\n\nFourteen days?\n",
        "------------------ 原始邮件 ------------------\n发件人: \"Bob\"\n\n十四天？\n",
    ],
)  # fmt: skip
def test_what_is_quoted_is_left_out_with_a_note(quoted: str) -> None:
    draft = parse_one("a.eml", bytes(_message(text=f"{TEXT}\n{quoted}")))
    assert draft.text == TEXT.strip()
    assert draft.notes == ("what the message quotes from earlier ones was left out",)


def test_quotes_in_html_are_left_out() -> None:
    html = "<p>Thirty days.</p><div class='gmail_quote'><div class='gmail_attr'>Monday, Bob:</div><blockquote>14?</blockquote></div>"
    draft = parse_one("a.eml", bytes(_message(text=None, html=html)))
    assert draft.text == "Thirty days." and len(draft.notes) == 1


def test_a_forwarded_message_is_the_message() -> None:
    text = (
        "---------- Forwarded message ---------\nFrom: Supplier <s@supplier.example>\nDate: Mon, 2 Mar 2026\nSubject: Recall\n"
        "To: <anna@shop.example>\n\nSend back every heater sold before May.\nNote: postage is paid.\n"
    )
    draft = parse_one("a.eml", bytes(_message("Fwd: Recall", text)))
    assert draft.text == "Send back every heater sold before May. Note: postage is paid." and draft.notes == ()


def test_attached_documents_are_named_and_not_read() -> None:
    message = _message()
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="退货.pdf")
    message.add_attachment(b"x", maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(_message("Older"))
    assert parse_one("a.eml", bytes(message)).notes == ("attachments were left out: 退货.pdf, a message; save each as a file of its own",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"just words, no header\n", "does not begin with the header"),
        (b"From a@shop.example Mon Jan  1\nFrom: a@shop.example\n\nx\n", "a mailbox of many messages"),
        (b"From: a@shop.example\nContent-Type: text/plain; charset=utf-7\n\n+ADw-script+AD4-", "UTF-7"),
        (b"From: a@shop.example\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx", "encrypted"),
        (b"From: a@shop.example\nSubject: x\n\n> only this\n", "says nothing itself: it only quotes"),
        (b"From: a@shop.example\nSubject: x\n\n", "says nothing itself"),
        (nested_mail(301), "301 nested parts"),
    ],
)
def test_messages_that_are_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        parse("a.eml", content)


def test_as_many_nested_parts_as_allowed_are_read() -> None:
    assert parse_one("a.eml", nested_mail(300)).text == "At the bottom."
