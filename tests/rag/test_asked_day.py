"""The day that a question asks for in its own words, in six languages, and the days that it names without asking for them."""

from datetime import date

import pytest

from rag.asked_day import asked_day
from rag.facts.period import find_periods

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("What was the return period in 2024?", "2024-12-31"),
        ("What was the return period last year?", "2025-12-31"),
        ("Until when could goods be returned before 1 March 2026?", "2026-02-28"),
        ("What is the 2024 return policy?", "2024-12-31"),
        ("And in 2024?", "2024-12-31"),
        ("What will delivery cost from 1 January 2027?", "2027-01-01"),
        ("What was the fee on 29 February 2024?", "2024-02-29"),
        ("2025年3月时退货期限是几天？", "2025-03-31"),
        ("去年双十一的价格保护期是多少天？", "2025-11-11"),
        ("去年六月的运费是多少？", "2025-06-30"),
        ("2025年的退货政策是什么？", "2025-12-31"),
        ("Welche Frist galt im März 2024 für Rücksendungen?", "2024-03-31"),
        ("Was hat der Versand im letzten Jahr gekostet?", "2025-12-31"),
        ("Quelle était la règle en 2024 ?", "2024-12-31"),
        ("¿Cuál era el plazo en marzo de 2025?", "2025-03-31"),
        ("Qual era il periodo di reso nel 2024?", "2024-12-31"),
    ],
)
def test_a_question_for_what_held_or_will_hold_then(text: str, day: str) -> None:
    asked = asked_day(text, TODAY)
    assert asked is not None and asked.sure
    assert asked.as_of == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I ordered a rucksack on 3 April 2025. How long may I take to return it?", "2025-04-03"),
        ("I bought it three weeks ago, can I still return it?", "2026-11-04"),
        ("I ordered on 3 March. Can I return it?", "2026-03-03"),
        ("I ordered on 3 December. Can I return it?", "2025-12-03"),
        ("我2025年4月3日下的单，多少天内可以退？", "2025-04-03"),
        ("去年六月买的东西，多少天不更新才算丢？", "2025-06-30"),
        ("我三个月前买的鞋能退吗？", "2026-08-25"),
        ("Ich habe am 5. Februar 2026 einen Schlafsack bestellt. Wie lange kann ich ihn zurückschicken?", "2026-02-05"),
        ("J'ai commandé une tente le 12 mai 2025. Quel est le délai ?", "2025-05-12"),
    ],
)
def test_an_order_goes_with_the_terms_of_its_day(text: str, day: str) -> None:
    asked = asked_day(text, TODAY)
    assert asked is not None and not asked.sure
    assert asked.as_of == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("My jacket was delivered on 20 February 2026. How many days do I have to return it?", "2026-02-20"),
        ("2026年2月20日收到的睡袋，多少天内可以退？", "2026-02-20"),
        ("Das Paket wurde am 10. Februar 2026 geliefert. Wie viele Tage habe ich?", "2026-02-10"),
        ("I bought it last year. Is it covered?", "2025-12-31"),
        ("My tent leaks since I used it in March 2025. Is it covered?", "2025-03-31"),
        ("Was the period in 2024 longer than in 2025?", "2025-12-31"),
    ],
)
def test_what_decides_nothing_leaves_today_and_is_remembered(text: str, other: str) -> None:
    asked = asked_day(text, TODAY)
    assert asked is not None
    assert (asked.as_of, asked.other) == (None, date.fromisoformat(other))


@pytest.mark.parametrize(
    "text",
    [
        "How many days do I have?",
        "Can I return it before 1 July 2026?",
        "Is the coupon valid until 31 December 2025?",
        "券到2025年12月31日为止吗？",
        "Does the 2024 edition need descaling?",
        "2024款帐篷防水吗？",
        "Is the period the same in 2026?",
        "Does the Rovo 310 clean 2024 square metres?",
        "What was it on 30 February 2025?",
        "双十一活动的价格保护期是多少天？",
        "Do orders arrive by December 24?",
    ],
)
def test_what_asks_for_no_other_day(text: str) -> None:
    assert asked_day(text, TODAY) is None


def test_the_days_are_taken_out_of_what_is_searched_for() -> None:
    asked = asked_day("Was gift wrapping free in January 2026?", TODAY)
    assert asked is not None and asked.without.split() == "Was gift wrapping free ?".split()
    chinese = asked_day("去年双十一的价格保护期是多少天？", TODAY)
    assert chinese is not None and chinese.without == "双十一价格保护期是多少天？"


def test_a_stretch_of_days_has_two_ends() -> None:
    (period,) = find_periods("im Februar 2024", TODAY)
    assert (period.first, period.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert [one.last for one in find_periods("two months ago", date(2026, 4, 30))] == [date(2026, 2, 28)]
    assert find_periods("am 31.02.2025", TODAY) == []
