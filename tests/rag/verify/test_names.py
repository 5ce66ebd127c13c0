"""Products, other names and regions: those that the passage speaks of."""

import pytest

from rag.verify.checked_passage import CheckedPassage
from tests.rag.verify.passages import name_problems, passage_of

RUNTIME = passage_of("It runs for 110 minutes on one charge.", title="Rovo 310")
FILTERS = passage_of("The filter fits the Rovo 310 and the Rovo 320.", title="Filters")
CHINESE = passage_of("本机的噪音为45分贝。", title="清风 40 空气净化器")
CHINESE_MANUAL = passage_of("Rovo 310 可运行110分钟。", title="Rovo 310")
GERMAN = passage_of("Der Rovo 310 läuft 110 Minuten.", title="Rovo 310")
EU = passage_of("In the EU, returns take 30 days.", title="Returns")
EU_BY_SCOPE = passage_of("Returns take 30 days.", title="Returns", regions=("EU",))
EU_IN_CHINESE = passage_of("欧盟的退货期为30天。", title="退货")
GERMANY = passage_of("In Germany, returns take 30 days.", title="Returns")
BRITAIN = passage_of("Shipping to Great Britain costs 9 EUR.", title="Shipping")
BEIJING = passage_of("发往北京需要3天。", title="配送")
PAYMENT = passage_of("You can pay by card or PayPal.", title="Payment")


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The Rovo 310 runs for 110 minutes.", RUNTIME),
        ("Your Rovo 310 robot runs for 110 minutes.", RUNTIME),
        ("It runs for 110 minutes.", RUNTIME),
        ("The Rovo runs for 110 minutes.", RUNTIME),
        ("Rovo 310 可以运行110分钟。", RUNTIME),
        ("The filter fits the Rovo 310.", FILTERS),
        ("The filter fits both the Rovo 320 and the Rovo 310.", FILTERS),
        ("清风 40 的噪音为45分贝。", CHINESE),
        ("清风40的噪音为45分贝。", CHINESE),
        ("Der Rovo 310 läuft 110 Minuten.", GERMAN),
        ("「听潮」的续航为8小时。", passage_of("「听潮」的续航为8小时。", title="耳机")),
        ("The Kelm S4 makes 2 cups.", passage_of("It makes 2 cups.", title="Kelm S4")),
        ("Pay with PayPal.", PAYMENT),
        ("您可以用PayPal付款。", PAYMENT),
        ("I can confirm that DHL delivers it.", passage_of("DHL delivers it.", title="Shipping")),
    ],
)
def test_the_passage_speaks_of_it(claim: str, passage: CheckedPassage) -> None:
    assert name_problems(claim, passage) == []


@pytest.mark.parametrize(
    ("claim", "passage", "name", "told"),
    [
        ("The Rovo 320 runs for 110 minutes.", RUNTIME, "Rovo 320", "Rovo 310"),
        ("The Rovo320 runs for 110 minutes.", RUNTIME, "Rovo320", "Rovo 310"),
        ("The Zenvo runs for 110 minutes.", RUNTIME, "Zenvo", None),
        ("Rovo 320 可以运行110分钟。", RUNTIME, "Rovo 320", "Rovo 310"),
        ("Rovo 320 可以运行110分钟。", CHINESE_MANUAL, "Rovo 320", "Rovo 310"),
        ("The filter fits the Rovo 330.", FILTERS, "Rovo 330", "Rovo 310"),
        ("清风 50 的噪音为45分贝。", CHINESE, "清风 50", "清风 40"),
        ("清风50的噪音为45分贝。", CHINESE, "清风50", "清风 40"),
        ("「听潮」的续航为8小时。", passage_of("「观澜」的续航为8小时。", title="耳机"), "「听潮」", "「观澜」"),
        ("Der Rovo 320 läuft 110 Minuten.", GERMAN, "Rovo 320", "Rovo 310"),
        ("Connect it to Bluetooth.", passage_of("Connect it to Wi-Fi.", title="Start"), "Bluetooth", None),
        ("Pay with Klarna.", PAYMENT, "Klarna", None),
        ("您可以用Klarna付款。", passage_of("您可以用PayPal付款。", title="支付"), "Klarna", None),
        ("UPS delivers it.", passage_of("DHL delivers it.", title="Shipping"), "UPS", None),
    ],
)
def test_another_name(claim: str, passage: CheckedPassage, name: str, told: str | None) -> None:
    problems = name_problems(claim, passage)
    assert [(problem.kind, problem.text, problem.told) for problem in problems] == [("name", name, told)]
    assert claim[problems[0].start : problems[0].end] == name


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Returns in France take 30 days.", EU),
        ("Returns in France take 30 days.", EU_BY_SCOPE),
        ("Returns in France take 30 days.", EU_IN_CHINESE),
        ("Returns in the EU take 30 days.", EU),
        ("法国的退货期为30天。", EU_IN_CHINESE),
        ("Returns take 30 days.", GERMANY),
        ("Shipping to the UK costs 9 EUR.", BRITAIN),
        ("发往北京需要3天。", BEIJING),
    ],
)
def test_the_region_is_the_passages_or_lies_in_it(claim: str, passage: CheckedPassage) -> None:
    assert name_problems(claim, passage) == []


@pytest.mark.parametrize(
    ("claim", "passage", "region"),
    [
        ("Returns in France take 30 days.", GERMANY, "France"),
        ("Returns in the US take 30 days.", EU, "US"),
        ("Returns in the EU take 30 days.", GERMANY, "EU"),
        ("Returns in Canada take 30 days.", EU_BY_SCOPE, "Canada"),
        ("Returns in Canada take 30 days.", passage_of("Returns take 30 days.", title="Returns"), "Canada"),
        ("Returns in Japan take 30 days.", EU_IN_CHINESE, "Japan"),
        ("Shipping to Switzerland costs 9 EUR.", BRITAIN, "Switzerland"),
        ("美国的退货期为30天。", EU_IN_CHINESE, "美国"),
        ("发往上海需要3天。", BEIJING, "上海"),
    ],
)
def test_another_region(claim: str, passage: CheckedPassage, region: str) -> None:
    assert [(problem.kind, problem.text) for problem in name_problems(claim, passage)] == [("region", region)]


def test_a_province_beside_the_rule_does_not_take_the_countrys_rule_from_it() -> None:
    told = passage_of("运费：满 299 元包邮，不满 299 元收取运费 12 元；新疆、西藏每单 25 元。", title="运费", regions=("CN",))
    assert name_problems("大陆订单不到 299 元的，要付 12 元运费。", told) == []
    scotland = passage_of("Parcels to Scotland take 3 days.", title="Shipping")
    assert [problem.text for problem in name_problems("Parcels to the UK take 3 days.", scotland)] == ["UK"]
    assert name_problems("Parcels to Scotland take 9 days.", passage_of("Parcels to the UK take 9 days.", title="Shipping")) == []
