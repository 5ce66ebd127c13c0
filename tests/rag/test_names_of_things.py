"""Regions, models and places in a text."""

import pytest

from rag.facts.fact import find_facts
from rag.facts.model_name import find_model_names, series_of
from rag.facts.place import find_places
from rag.facts.region import find_regions


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("We deliver to Germany and the UK.", ["DE", "GB"]),
        ("Livraison en Allemagne et en Suisse", ["DE", "CH"]),
        ("欧盟和香港除外", ["EU", "HK"]),
        ("a pan from turkey", []),
        ("Let us know.", []),
        ("Francely, xFrance and France's, UKraine, New Germany", ["FR", "DE"]),
        ("法国France德国UK", ["FR", "DE"]),
        ("Northern Ireland, New Mexico and British Columbia", ["GB-NIR", "US-NM", "CA-BC"]),
        ("广东省、内蒙古和新南威尔士州", ["CN-GD", "CN-NM", "AU-NSW"]),
        ("Victoria at 12 Ontario Street, 上海市四川北路 12 号, 汉堡好吃", ["CN-SH"]),
    ],
)
def test_regions_are_found_in_several_languages(text: str, codes: list[str]) -> None:
    assert [region.code for region in find_regions(text)] == codes


def test_a_rule_for_a_group_holds_for_its_members_and_not_the_reverse() -> None:
    france, union = find_regions("France")[0], find_regions("European Union")[0]
    assert france.within("EU") and not union.within("FR")
    california, states = find_regions("California")[0], find_regions("USA")[0]
    assert california.within("US") and california.within("US-CA") and not california.within("US-NY") and not states.within("US-CA")


@pytest.mark.parametrize(
    ("text", "known", "names"),
    [
        ("The Rovo 310 and the Rovo 320", frozenset(), [("rovo", "310"), ("rovo", "320")]),
        ("Wait 30 days after March 2026.", frozenset(), []),
        ("买清风 40 送滤网", frozenset({"清风"}), [("清风", "40")]),
        ("一次送 20 分", frozenset({"清风"}), []),
        ("「听潮」床垫", frozenset(), [("「」", "听潮")]),
    ],
)
def test_model_names(text: str, known: frozenset[str], names: list[tuple[str, str]]) -> None:
    language = "zh" if any(character > "\u4e00" for character in text) else "en"
    assert [(name.series, name.value) for name in find_model_names(text, tuple(find_facts(text, language)), known)] == names


def test_the_series_of_a_title() -> None:
    assert series_of("清风 40 空气净化器") == {"清风"}


def test_chinese_places() -> None:
    text = "杭州、上海免费送货"
    assert [text[place.start : place.end] for place in find_places(text)] == ["杭州", "上海"]
