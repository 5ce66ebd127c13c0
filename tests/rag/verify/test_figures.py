"""Numbers, dates, codes and addresses: told by the passage, and of the same thing."""

import pytest

from tests.rag.verify.passages import figure_problems, passage_of

TOLD = [
    ("You can return it within thirty days.", "You can return any item within 30 days."),
    ("You can return it within 30 days.", "您可以在三十天内退货。"),
    ("三十天内可以退货。", "You can return any item within 30 days."),
    ("30天内可退货。", "您可以在三十天内退货。"),
    ("There is a 30-day return window.", "You can return any item within thirty days."),
    ("The offer ends on March 1, 2026.", "The offer ends on 2026-03-01."),
    ("The offer ends on 1 March.", "The offer ends on 2026-03-01."),
    ("优惠3月1日结束。", "The offer ends on March 1."),
    ("优惠于2026年3月1日结束。", "优惠截止日期为2026-03-01。"),
    ("It costs 1299.", "The price is 1,299.00 EUR."),
    ("It costs 1,299 EUR.", "The price is EUR 1299.00."),
    ("It costs €1,299.", "The price is 1299 EUR."),
    ("它的价格是1299元。", "售价为¥1,299.00。"),
    ("It carries 5 kg.", "It carries up to 5000 g."),
    ("它可承重5公斤。", "It carries up to 5000 g."),
    ("Express shipping costs 14.90 EUR.", "Express costs 14.90 EUR, standard 4.90 EUR."),
    ("Standard shipping costs 4.90 EUR.", "Express costs 14.90 EUR, standard 4.90 EUR."),
    ("Standard costs 4.90 EUR and express 14.90 EUR.", "Express costs 14.90 EUR, standard 4.90 EUR."),
    ("标准配送4.90元，特快14.90元。", "特快配送14.90元，标准配送4.90元。"),
    ("The Rovo 310 runs for 110 minutes.", "The Rovo 310 runs for 110 minutes, the Rovo 320 for 180 minutes."),
    ("In the EU you have 45 days.", "In the EU you have 45 days, elsewhere 30 days."),
    ("E-04 means the tank is empty.", "Error E04: the tank is empty."),
    ("The filter is BNF10.", "The filter is part number BN-F10."),
    ("Write to Support@Shop.example.", "Write to support@shop.example."),
    ("Call +1 555 010 2233.", "Call us at +1 (555) 010-2233."),
    ("We refund 70% of the price.", "We refund 70 percent of the price."),
    ("退还百分之七十的货款。", "We refund 70% of the price."),
    ("The hotline is open until 5 p.m.", "The hotline is open from 9:00 to 17:00."),
    ("It arrives in 5 to 7 days.", "Delivery takes 5-7 days."),
    ("It arrives in 7 days.", "Delivery takes 5-7 days."),
    ("The warranty is 2 years.", "The warranty lasts 24 months."),
    ("保修两年。", "The warranty lasts 24 months."),
    ("Use it at -20 °C.", "It works down to minus 20 °C."),
    ("Descale it every month.", "Descale it monthly."),
    ("The knob of the lid withstands 160 °C.", "The glass lid takes 180 °C, its knob 160 °C."),
    ("It is 0.13 mm for the longer rod.", "We recommend 0.08 mm for the shorter rod and 0.13 mm for the longer one."),
    ("Samples are 80 cents.", "Samples cost €0.80."),
    ("Charging takes five and a half hours.", "It is charged in 5.5 hours."),
    ("It has three speeds.", "The fan has 3 speeds."),
    ("A card in a box costs five dollars fifty.", "A card in a box costs $5.50."),
    ("Shipping is ten pounds fifty.", "Shipping costs £10.50."),
    ("The parcel weighs ten pounds.", "The parcel weighs 10 lb."),
    ("It bakes for an hour and a half.", "It bakes for 90 minutes."),
    ("Leave it for two hours and twenty minutes.", "Leave it for 140 min."),
    ("灯具保修一年半。", "灯具保修18个月。"),
    ("充电要三个半小时。", "充电约需3.5小时。"),
    ("烘干要 80 分钟。", "时长为 1 小时 20 分。"),
    ("连续研磨最多一分半钟。", "连续研磨不得超过90秒。"),
    ("It is locked after five times.", "After 5 wrong entries it is locked."),
    ("You hear three buzzes.", "A buzzer sounds three times."),
    ("It remembers eight phones and holds two of them at once.", "It remembers 8 phones and can hold 2 at the same time."),
    ("A service visit takes an hour and a quarter.", "A yearly service lasts about 75 minutes."),
    ("It is open from two to four o'clock.", "It is open between 2 and 4 o'clock."),
    ("夜间送货是晚上七点到十点。", "夜间送货的时段为19至22点。"),
    ("Oil it after forty hours of running.", "Oil it every 40 operating hours."),
    ("You may return three items in a year.", "You may return 3 items in a calendar year."),
    ("Smaller orders cost £6.95 to return.", "Above 80 pounds it is on us; smaller orders cost 6.95 to return."),
    ("The kettle holds 1.7 litres.", "The kettle holds 1.7 l."),
    ("Der Wasserkocher fasst 1,7 Liter.", "The kettle holds 1.7 litres."),
    ("Die Rückgabe ist 30 Tage lang möglich.", "You can return any item within 30 days."),
]
UNTOLD = [
    ("You can return it within 31 days.", "You can return any item within 30 days."),
    ("您可以在四十天内退货。", "您可以在三十天内退货。"),
    ("You can return it within 30 business days.", "You can return any item within 30 days."),
    ("You can return it within 30 weeks.", "You can return any item within 30 days."),
    ("The offer ends on March 2.", "The offer ends on 2026-03-01."),
    ("The offer ends on May 1, 2026.", "The offer ends on 2026-03-01."),
    ("The offer ends on March 1, 2027.", "The offer ends on 2026-03-01."),
    ("优惠3月2日结束。", "优惠3月1日结束。"),
    ("It costs 1,289.00 EUR.", "The price is 1,299.00 EUR."),
    ("It costs $1,299.", "The price is 1,299.00 EUR."),
    ("It costs £1,299.", "The price is $1,299."),
    ("它的价格是1399元。", "售价为¥1,299.00。"),
    ("It carries 50 kg.", "It carries up to 5000 g."),
    ("It carries 5 g.", "It carries up to 5 kg."),
    ("It carries 5 lb.", "It carries up to 5 kg."),
    ("Express shipping costs 4.90 EUR.", "Express costs 14.90 EUR, standard 4.90 EUR."),
    ("Standard shipping costs 14.90 EUR.", "Express costs 14.90 EUR, standard 4.90 EUR."),
    ("The side burner has 3.5 kW.", "There are four burners of 3.5 kW each and a side burner of 2.8 kW."),
    ("Downhill it may be 9 degrees.", "The greatest slope is 9 degrees when climbing and 7 degrees downhill."),
    ("Standard costs 14.90 EUR and express 4.90 EUR.", "Express costs 14.90 EUR, standard 4.90 EUR."),
    ("特快配送4.90元。", "特快配送14.90元，标准配送4.90元。"),
    ("The Rovo 310 runs for 180 minutes.", "The Rovo 310 runs for 110 minutes, the Rovo 320 for 180 minutes."),
    ("The Rovo 320 runs for 110 minutes.", "The Rovo 310 runs for 110 minutes, the Rovo 320 for 180 minutes."),
    ("In the EU you have 30 days.", "In the EU you have 45 days, elsewhere 30 days."),
    ("Order filter BN-F11.", "The filter is part number BN-F10."),
    ("Write to help@shop.example.", "Write to support@shop.example."),
    ("Call +1 555 010 2234.", "Call us at +1 (555) 010-2233."),
    ("See https://shop.example/return.", "See https://shop.example/returns for details."),
    ("We refund 80% of the price.", "We refund 70 percent of the price."),
    ("The hotline is open until 6 p.m.", "The hotline is open from 9:00 to 17:00."),
    ("It arrives in 3 to 7 days.", "Delivery takes 5-7 days."),
    ("The warranty is 3 years.", "The warranty lasts 24 months."),
    ("Use it at 20 °C.", "It works down to minus 20 °C."),
    ("Descale it every week.", "Descale it monthly."),
    ("It has four speeds.", "The fan has 3 speeds."),
    ("A card in a box costs five dollars fifteen.", "A card in a box costs $5.50."),
    ("The parcel weighs ten pounds.", "The parcel weighs 10 kg."),
    ("It bakes for an hour and a half.", "It bakes for 60 minutes."),
    ("灯具保修两年半。", "灯具保修18个月。"),
    ("羊毛程序要 46 小时。", "羊毛程序要 46 分。"),
    ("信用卡退款要3至5天。", "储蓄卡退款3至5天，信用卡退款5至8天。"),
    ("Oil it after 40 days.", "Oil it every 40 operating hours."),
    ("夜间送货是晚上六点到十点。", "夜间送货的时段为19至22点。"),
    ("It may be altered until the day before the course.", "It may be altered until ten days before the course."),
    ("One hub holds 50 scenes.", "A scene stores the states of up to 50 devices. One hub holds 100 scenes."),
    (
        "大促期间购买清风 40 空气净化器，赠送一盒 30 片除垢片。",
        "购买 Crema 500 咖啡机的赠送一盒 30 片除垢片，购买清风 40 空气净化器的赠送一个替换滤网。",
    ),
    ("The kettle holds 17 litres.", "The kettle holds 1.7 l."),
    ("Vous avez 14 jours.", "You can return any item within 30 days."),
]
TOLD_BY_A_ROW = [
    ("Turbo mode has 4000 Pa.", "Mode: Turbo | Suction: 4000 Pa\nMode: Quiet | Suction: 1500 Pa"),
    ("In quiet mode the suction is 1500 Pa.", "Mode: Turbo | Suction: 4000 Pa\nMode: Quiet | Suction: 1500 Pa"),
    ("强力模式的吸力为4000帕。", "模式：强力 | 吸力：4000帕\n模式：安静 | 吸力：1500帕"),
    ("The Skitter 2 Pro flies for 19 minutes.", "Property: Flight time | Skitter 2: 11 minutes | Skitter 2 Pro: 19 minutes"),
    ("E04 means that the tank is empty.", "Code: E03 | Meaning: Boiler too hot\nCode: E04 | Meaning: Tank empty"),
    ("On a scale from 1 to 10, the Dun 24 has a firmness of seven.", "Property: Firmness (1 soft – 10 hard) | Dun 20: 5 | Dun 24: 7"),
    ("Boots cost twelve pounds for one day.", "Set: Boots only | 1 day: £12 | 6 days: £48\nSet: Helmet | 1 day: £5 | 6 days: £18"),
    ("To the Highlands a case is £14.50.", "Service: Case, mainland | Charge: £5.95\nService: Case, Highlands | Charge: £14.50"),
]
UNTOLD_BY_A_ROW = [
    ("In quiet mode the suction is 4000 Pa.", "Mode: Turbo | Suction: 4000 Pa\nMode: Quiet | Suction: 1500 Pa"),
    ("Turbo mode has 1500 Pa.", "Mode: Turbo | Suction: 4000 Pa\nMode: Quiet | Suction: 1500 Pa"),
    ("强力模式的吸力为1500帕。", "模式：强力 | 吸力：4000帕\n模式：安静 | 吸力：1500帕"),
    ("Mode: Turbo | Runtime: 40 min", "Mode: Turbo | Suction: 4000 Pa | Runtime: 25 min\nMode: Quiet | Suction: 1500 Pa | Runtime: 40 min"),
    ("E03 means that the tank is empty.", "Code: E03 | Meaning: Boiler too hot\nCode: E04 | Meaning: Tank empty"),
    ("The Skitter 2 flies for 19 minutes.", "Property: Flight time | Skitter 2: 11 minutes | Skitter 2 Pro: 19 minutes"),
    ("E05 means that the tank is empty.", "Code: E04 | Meaning: Tank empty"),
    ("Boots cost £12 for six days.", "Set: Boots only | 1 day: £12 | 6 days: £48\nSet: Helmet | 1 day: £5 | 6 days: £18"),
    ("To the Highlands a case is £5.95.", "Service: Case, mainland | Charge: £5.95\nService: Case, Highlands | Charge: £14.50"),
]


@pytest.mark.parametrize(("claim", "passage"), TOLD)
def test_the_same_in_other_words(claim: str, passage: str) -> None:
    assert figure_problems(claim, passage_of(passage)) == []


@pytest.mark.parametrize(("claim", "passage"), UNTOLD)
def test_another_value_unit_day_or_thing(claim: str, passage: str) -> None:
    problems = figure_problems(claim, passage_of(passage))
    assert problems
    for problem in problems:
        assert claim[problem.start : problem.end] == problem.text
        assert problem.told is None or problem.told in passage


@pytest.mark.parametrize(("claim", "passage"), TOLD_BY_A_ROW)
def test_a_row_tells_it(claim: str, passage: str) -> None:
    assert figure_problems(claim, passage_of(passage, kind="table_row")) == []


@pytest.mark.parametrize(("claim", "passage"), UNTOLD_BY_A_ROW)
def test_another_row_tells_it(claim: str, passage: str) -> None:
    assert figure_problems(claim, passage_of(passage, kind="table_row"))


def test_the_wrong_one_of_two_is_marked_and_the_right_one_is_told() -> None:
    claim = "You can return it within 45 days, and a refund takes 5 days."
    (problem,) = figure_problems(claim, passage_of("You can return any item within 30 days. A refund takes 5 days."))
    assert (problem.kind, problem.text, problem.told) == ("number", "45 days", "30 days")
    assert problem.message == "The passage does not say “45 days” of this; it says “30 days”."


def test_a_value_of_another_sentence_does_not_help() -> None:
    passage = passage_of("You can return lamps within 30 days. You can return kettles within 14 days.")
    assert figure_problems("You can return kettles within 14 days.", passage) == []
    (problem,) = figure_problems("You can return kettles within 30 days.", passage)
    assert (problem.text, problem.told) == ("30 days", "14 days")


def test_a_fact_of_the_heading_counts() -> None:
    passage = passage_of("The tank is empty. Fill it.", title="Error E04")
    assert figure_problems("E04 means that the tank is empty.", passage) == []
    assert figure_problems("E05 means that the tank is empty.", passage)


def test_a_sentence_without_facts_has_no_figure_problem() -> None:
    assert figure_problems("Returns are never free.", passage_of("Returns are always free.")) == []


def test_kinds() -> None:
    passage = passage_of("Error E04 shows on 2026-03-01 for 30 days; write to support@shop.example.")
    claim = "Error E05 shows on 2026-03-02 for 31 days; write to help@shop.example."
    assert {problem.kind for problem in figure_problems(claim, passage)} == {"code", "date", "number", "address"}
