"""Values said in two ways: which mean the same, and which do not."""

import pytest

from rag.facts.fact import find_facts

SAME = [
    ("en", "for a year and a half", "18 months"),
    ("en", "two and a half years", "30 months"),
    ("en", "after a day and a half", "36 hours"),
    ("en", "an hour and a quarter", "75 minutes"),
    ("en", "until half past nine in the evening", "until 21:30"),
    ("en", "from six in the evening", "from 18:00"),
    ("en", "at a quarter to nine in the morning", "8:45 am"),
    ("en", "from half past eight to half past four", "8.30 am to 4.30 pm"),
    ("en", "Fridays from 3 to 7 pm", "Fridays from 15 to 19"),
    ("en", "until 7 pm", "18 to 19 h"),
    ("en", "the thirty-day period, twelve thousand pounds", "30 days, £12,000"),
    ("en", "two hundred quid", "£200"),
    ("en", "eighty pence each", "£0.80"),
    ("en", "80 cents", "$0.80"),
    ("en", "a pair of screws", "2 screws"),
    ("en", "two thirds", "2/3"),
    ("en", "a quarter of an hour", "15 minutes"),
    ("en", "seven tenths of a litre", "0.7 litres"),
    ("en", "three quarters", "75 %"),
    ("en", "three times a day", "every 8 hours"),
    ("en", "twice a year", "every six months"),
    ("en", "four times a year", "quarterly"),
    ("en", "every half-year", "twice a year"),
    ("en", "every other week", "every two weeks"),
    ("en", "seven days a week", "daily"),
    ("en", "a decade", "10 years"),
    ("en", "30 by 45 cm", "300 x 450 mm"),
    ("en", "25 cm/s", "250 mm/s"),
    ("en", "until 24/11/2027", "November 24, 2027"),
    ("en", "before 2014", "before March 2014"),
    ("zh", "一米八五", "185厘米"),
    ("zh", "两米三", "2.3米"),
    ("zh", "三块五", "3.5元"),
    ("zh", "两斤半", "1250克"),
    ("zh", "一万二", "12000"),
    ("zh", "三千六", "3600"),
    ("zh", "二百八", "280"),
    ("zh", "打七折", "优惠30%"),
    ("zh", "打八五折", "便宜15%"),
    ("zh", "半价", "5折"),
    ("zh", "一半", "50%"),
    ("zh", "四分之三", "75%"),
    ("zh", "省三成", "30%"),
    ("zh", "半个月", "15天"),
    ("zh", "一年三次", "每四个月一次"),
    ("zh", "每天两次", "每12小时"),
    ("zh", "每季度一次", "每3个月一次"),
    ("zh", "傍晚六点半", "18:30"),
    ("zh", "早上九点钟", "9:00"),
    ("zh", "也就是到11/28", "11月28日"),
    ("zh", "明年五月底", "5月31日"),
    ("de", "anderthalb Jahre", "18 Monate"),
    ("de", "zweimal pro Woche", "twice a week"),
    ("de", "bis zum 30.06.", "30. Juni"),
    ("fr", "un an et demi", "18 mois"),
    ("fr", "trois quarts d'heure", "45 minutes"),
    ("fr", "deux fois par jour", "toutes les 12 heures"),
]
OTHER = [
    ("en", "three times a day", "every 6 hours"),
    ("en", "a third of it is used, at most a third used", "2/3"),
    ("en", "eight in the morning", "20:00"),
    ("en", "half past four", "15:30"),
    ("en", "ninety pence", "£90"),
    ("en", "two thirds", "1/3"),
    ("en", "until 24/11/2027", "November 23, 2027"),
    ("zh", "打八折", "打二折"),
    ("zh", "打八折", "80%"),
    ("zh", "一米二", "2.1米"),
    ("zh", "半个月", "7天"),
    ("zh", "一万二", "10002"),
    ("zh", "一半", "1.5倍"),
    ("zh", "一年两次", "每两年"),
    ("de", "anderthalb Jahre", "12 Monate"),
]


def _told(language: str, claim: str, passage: str) -> bool:
    ours, theirs = find_facts(claim, language), find_facts(passage, language)
    assert ours, claim
    return all(any(fact.agrees(told) for told in theirs) for fact in ours)


@pytest.mark.parametrize(("language", "claim", "passage"), SAME)
def test_the_same_said_otherwise(language: str, claim: str, passage: str) -> None:
    assert _told(language, claim, passage)


@pytest.mark.parametrize(("language", "claim", "passage"), OTHER)
def test_another_value(language: str, claim: str, passage: str) -> None:
    assert not _told(language, claim, passage)
