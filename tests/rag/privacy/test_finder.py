"""What is personal, and what only looks like it: the forms one by one. eval/personal_data.jsonl measures them all."""

import pytest

from kb.errors import ConfigurationError
from rag.privacy.finder import find_personal_data

NEW_ID, OLD_ID = "11010519491231002X", "130503670401001"
CARD = "4111 1111 1111 1111"


def found(text: str, *regions: str) -> list[tuple[str, str]]:
    """Kinds and texts of all that is found."""
    return [(one.kind, text[one.start : one.end]) for one in find_personal_data(text, regions or ("US", "GB", "DE", "CN"))]


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("Write to anna.b+shop@mail.example.org, please.", "e-mail", "anna.b+shop@mail.example.org"),
        ("请发到zhang_3@qq.com谢谢", "e-mail", "zhang_3@qq.com"),
        ("邮箱是ｌｉ＠１６３．ｃｏｍ，谢谢", "e-mail", "ｌｉ＠１６３．ｃｏｍ"),
        ("anna [at] example [dot] com", "e-mail", "anna [at] example [dot] com"),
        ("Call (212) 736-5000 after 9", "phone", "(212) 736-5000"),
        ("+49 (0)30 2312 5123 is mine", "phone", "+49 (0)30 2312 5123"),
        ("or on 07812 345678 today", "phone", "07812 345678"),
        ("我的手机13812345678谢谢", "phone", "13812345678"),
        ("手机：１３８－１２３４－５６７８", "phone", "１３８－１２３４－５６７８"),
        ("打（010）65128888转8012找我", "phone", "（010）65128888转8012"),
        ("+86 138 1234 5678", "phone", "+86 138 1234 5678"),
        ("Phone: 555-1234", "phone", "555-1234"),
        (f"I paid with {CARD}.", "card", CARD),
        ("用６２２２０２１２３４５６７８９０１２８付款", "card", "６２２２０２１２３４５６７８９０１２８"),
        ("amex 3782-822463-10005", "card", "3782-822463-10005"),
        (f"身份证{NEW_ID}可以吗", "id", NEW_ID),
        (f"mine is {NEW_ID.lower()}.", "id", NEW_ID.lower()),
        ("证件110105 19491231 002X号", "id", "110105 19491231 002X"),
        (f"老身份证{OLD_ID}", "id", OLD_ID),
        ("Please deliver to 12 Baker Street, Leeds.", "address", "12 Baker Street, Leeds"),
        ("送到北京市朝阳区建国路88号3栋402室谢谢", "address", "北京市朝阳区建国路88号3栋402室"),
        ("Ich wohne Hauptstraße 12a.", "address", "Hauptstraße 12a"),
    ],
)
def test_personal_data_is_found_to_the_character(text: str, kind: str, part: str) -> None:
    assert found(text) == [(kind, part)]


@pytest.mark.parametrize(
    "text",
    [
        "Where is my order 2127365000?",
        "订单号13812345678什么时候发货",
        "The order number is 4111111111111111.",
        "会员卡号4111111111111111的积分",
        "IMEI 490154203237518 and serial 2127365000",
        "My IBAN is DE89 3704 0044 0532 0130 00",
        "型号HX-13812345678缺货",
        "Model BX-2127365000 in black",
        "110105194912310021 is one digit off",
        "Delivered 2025-11-30 14:30, paid 1,249.50 EUR on 30.11.2025",
        "Firmware 10.0.22631.4317 on 192.168.178.21",
        "打400-820-8820或95555都没人接",
        "Call 1-800-736-5000 or (888) 736-5000",
        "See https://shop.example/item/2127365000?ref=13812345678",
        "logo@2x.png, 45Nm@3000rpm, 2 lamps @ 4.50, @citylamps, user@localhost",
        "Is 4111 1111 1111 1112 a card?",
        "地铁2号线和路由器3号口",
        "12 street lamps and a 24 hour drive cam",
        "2127365000 is my order number",
    ],
)
def test_what_only_looks_personal_is_left(text: str) -> None:
    assert found(text) == []


def test_a_label_is_used_up_by_the_number_behind_it() -> None:
    text = "Order 2025113001 arrived broken, reach me on 2127365000, invoice 8812345670"
    assert found(text) == [("phone", "2127365000")]


def test_an_id_of_something_is_nobodys_identity_and_who_is_billed_names_a_card() -> None:
    assert found(f"Case id {CARD.replace(' ', '')} was closed.") == []
    assert found(f"My id: {NEW_ID}") == [("id", NEW_ID)]
    assert found(f"You still bill {CARD}, which I cancelled.") == [("card", CARD)]
    assert found(f"Your bill {CARD.replace(' ', '')} is wrong.") == []


def test_the_second_number_of_an_invoice_and_a_sim_cards_are_no_phones() -> None:
    assert found("发票代码1100221130，号码08812277，怎么重开？") == []
    assert found("号码13812345678，谢谢") == [("phone", "13812345678")]
    assert found("SIM (ICCID) 8986 0420 2511 3000 4417 does not register") == []
    assert found("SIM 89860420251130004417") == []


def test_numbers_listed_together_share_their_label() -> None:
    assert found("My orders 2127365000 and 4152365001 are late") == []


def test_only_configured_regions_have_a_national_form() -> None:
    assert found("appelez-moi: 06 12 34 56 78", "US") == found("le 06 12 34 56 78", "CN") == []
    assert found("le 06 12 34 56 78", "FR") == [("phone", "06 12 34 56 78")]
    assert found("le +33 6 12 34 56 78", "US") == [("phone", "+33 6 12 34 56 78")]


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="XX is no region"):
        find_personal_data("", ("US", "XX"))


def test_the_same_number_has_the_same_key_however_it_is_written() -> None:
    texts = ("+86 138 1234 5678", "电话138-1234-5678", "手机１３８１２３４５６７８")
    keys = {one.key for text in texts for one in find_personal_data(text)}
    assert keys == {"8613812345678"}
