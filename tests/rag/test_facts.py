"""What is compared literally: numbers, quantities, dates, codes and addresses in several languages."""

from decimal import Decimal

import pytest

from rag.facts.address import find_addresses
from rag.facts.calendar_date import find_calendar_facts
from rag.facts.code import find_codes
from rag.facts.fact import find_facts
from rag.facts.numeral import find_numerals
from rag.facts.quantities import find_quantities
from rag.facts.quantity import Quantity


def only(text: str, language: str = "en") -> Quantity:
    found = find_quantities(text, language)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("1,299.00", "en", {"1299"}),
        ("1.299,00", "de", {"1299"}),
        ("1.299", "en", {"1.299", "1299"}),
        ("0.299", "en", {"0.299"}),
        ("1 299", "fr", {"1299"}),
        ("２３", "zh", {"23"}),
        ("forty-five", "en", {"45"}),
        ("a hundred and twenty", "en", {"120"}),
        ("one hundred twenty", "en", {"120"}),
        ("vierundzwanzig", "de", {"24"}),
        ("quatre-vingt-dix", "fr", {"90"}),
        ("一百二十八", "zh", {"128"}),
        ("两万", "zh", {"20000"}),
        ("1.5万", "zh", {"15000"}),
        ("二〇二六", "zh", {"2026"}),
        ("三点五", "zh", {"3.5"}),
    ],
)
def test_a_number_is_read(text: str, language: str, values: set[str]) -> None:
    assert find_numerals(text, language)[0].values == {Decimal(value) for value in values}


@pytest.mark.parametrize("text", ["统一发货", "另一台", "第二步", "三包", "零下", "带一根线"])
def test_words_with_a_number_in_them_are_none(text: str) -> None:
    assert find_numerals(text, "zh") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("thirty days", "30 天"),
        ("a 30-day period", "三十天内"),
        ("30 jours", "30 Tage"),
        ("1,299.00 USD", "$1299"),
        ("5 kg", "5000 克"),
        ("0.55 l", "550 毫升"),
        ("half an hour", "30 分钟"),
        ("一刻钟", "15 min"),
        ("half a year", "半年"),
        ("两个半小时", "150 minutes"),
        ("24 months", "2 years"),
        ("70%", "百分之七十"),
        ("48 hours", "two days"),
        ("minus 20 °C", "零下 20 度"),
        ("a month", "1 个月"),
        ("weekly", "每周"),
        ("30%", "三成"),
        ("a 10-watt adapter", "10 W"),
        ("two hours and twenty minutes", "140 分钟"),
    ],
)
def test_the_same_quantity_in_other_words(one: str, other: str) -> None:
    assert only(one).agrees(only(other, "zh"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("30 days", "30 business days"),
        ("30 days", "30 weeks"),
        ("$4.90", "€4.90"),
        ("20 °C", "-20 °C"),
        ("3.1 kg", "3.1 lb"),
        ("7 天", "7 个工作日"),
    ],
)
def test_another_unit_is_another_quantity(one: str, other: str) -> None:
    assert not only(one, "zh").agrees(only(other, "zh"))


def test_the_first_number_of_a_range_has_the_unit_of_the_last() -> None:
    first, last = find_quantities("1-2 business days", "en")
    assert (first.dimension, last.dimension) == ("business days", "business days")
    assert [quantity.dimension for quantity in find_quantities("80 至 200 °C", "zh")] == ["celsius", "celsius"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("March 1, 2026", "2026-03-01"),
        ("1 March", "3月1日"),
        ("1er mars 2026", "二〇二六年三月一日"),
        ("5 p.m.", "17:00"),
        ("下午5点半", "17:30"),
        ("Saturdays", "周六"),
    ],
)
def test_the_same_day_or_time(one: str, other: str) -> None:
    assert find_calendar_facts(one)[0].agrees(find_calendar_facts(other)[0])


def test_another_day_or_time() -> None:
    march, may, year, five = (find_calendar_facts(text)[0] for text in ("March 1, 2026", "May 1, 2026", "2026年", "5 a.m."))
    assert not march.agrees(may)
    assert march.agrees(year)
    assert not five.agrees(find_calendar_facts("17:00")[0])
    assert not five.agrees(march)
    assert find_calendar_facts("you may do so") == []


def test_codes_and_no_codes() -> None:
    assert [code.value for code in find_codes("E04, H-131, BN-RV310-MB or IP65")] == ["e04", "h131", "bnrv310mb", "ip65"]
    assert find_codes("a 30-day trial, 4.5h, 24/7, 2x, Wi-Fi 6") == []


def test_addresses() -> None:
    found = find_addresses("Mail Support@Brightnook.example, see https://x.example/returns or call +1 (555) 010-2233.")
    assert [(address.kind, address.value) for address in found] == [
        ("e-mail", "support@brightnook.example"),
        ("link", "x.example/returns"),
        ("phone", "15550102233"),
    ]


def test_a_definite_number_tells_nothing_new() -> None:
    assert find_numerals("keep the two devices together", "en") == []


def test_every_fact_is_counted_once() -> None:
    text = "From 2026-03-01 error E04 costs $29 for 10 business days; write to a1@x.example."
    assert [(fact.kind, text[fact.start : fact.end]) for fact in find_facts(text, "en")] == [
        ("date", "2026-03-01"),
        ("code", "E04"),
        ("number", "$29"),
        ("number", "10 business days"),
        ("address", "a1@x.example"),
    ]


def test_facts_of_another_kind_never_agree() -> None:
    date, code, number = (find_facts(text, "en")[0] for text in ("2026", "E04", "4 days"))
    assert code.agrees(code)
    assert not code.agrees(number)
    assert not number.comparable(code)
    assert number.comparable(find_facts("9 days", "en")[0])
    assert not number.comparable(find_facts("9 kg", "en")[0])
    assert date.agrees(find_facts("2,026", "en")[0])


def test_a_link_with_a_date_in_it_stays_a_link() -> None:
    assert [fact.kind for fact in find_facts("see https://x.example/2026-03-01/news", "en")] == ["address"]
