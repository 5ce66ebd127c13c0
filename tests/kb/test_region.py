"""Regions and languages by code and name."""

import pytest
from babel import Locale

from kb.region import LANGUAGES, country_codes, known_region, region_code, region_name
from kb.scope import REGION_MEMBERS
from kb.subdivision import SUBDIVISIONS, subdivision_codes
from kb.text.language_code import known_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FR", "FR"), (" fr ", "FR"), ("uk", "GB"), ("FRA", "FR"), ("276", "DE"), ("Spain", "ES"), ("SPANIEN", "ES"), ("hong  kong", "HK"),
        ("德国", "DE"), ("England", "GB-ENG"), ("US-CA", "US-CA"), ("uk-sct", "GB-SCT"), ("XX-CA", None), ("dach", "DACH"),
        ("scotland", "GB-SCT"), ("QUÉBEC", "CA-QC"), ("Quebec", "CA-QC"), ("Bayern", "DE-BY"), ("Bavaria", "DE-BY"), ("广东", "CN-GD"),
        ("广东省", "CN-GD"), ("北京市", "CN-BJ"), ("加州", "US-CA"), ("California", "US-CA"), ("Georgia", "GE"), ("us-ga", "US-GA"),
        ("USA-CA", "US-CA"), ("cn-hk", "HK"), ("US-PR", "PR"), ("New South Wales", "AU-NSW"), ("New Mexico", "US-NM"),
        ("European Union", "EU"), ("Jordan", "JO"), ("Mars", None), ("SUN", None), ("ZZ", None), ("UN", None), ("", None), ("F R", None),
    ],
)  # fmt: skip
def test_what_is_known(text: str, code: str | None) -> None:
    assert known_region(text) == code


def test_every_country_and_group_is_known_by_code_and_by_name() -> None:
    members = set().union(*REGION_MEMBERS.values())
    assert {known_region(code) for code in members} == members
    for language in LANGUAGES:
        names = Locale(language).territories
        assert [code for code in members if known_region(names[code]) != code] == []


def test_every_state_and_province_is_known_by_all_its_names_and_no_two_share_one() -> None:
    names = [name for parts in SUBDIVISIONS.values() for listed in parts.values() for name in set(listed.split("|"))]
    assert len(names) == len(set(names))
    assert {name for name in names if name in country_codes()} == {"Georgia"}
    codes = subdivision_codes()
    assert {name: known_region(name) for name in codes} == codes | {"Georgia": "GE"}


def test_the_names_of_regions() -> None:
    assert [region_name(code, "en") for code in ("CA-QC", "DE-BY", "FR", "DACH")] == ["Quebec", "Bavaria", "France", "DACH"]
    assert region_name("US-ZZ", "en") == "US-ZZ"
    assert [region_name("CA-QC", "fr"), region_name("DE-BY", "de"), region_name("US-CA", "zh")] == ["Québec", "Bayern", "加利福尼亚"]


@pytest.mark.parametrize(("text", "code"), [("latam", "LATAM"), ("Wales", "GB-WLS"), ("Spain", "ES"), ("Atlantis", None), ("no rd", None)])
def test_a_shop_may_have_regions_of_its_own(text: str, code: str | None) -> None:
    assert region_code(text) == code


@pytest.mark.parametrize(
    ("tag", "known"),
    [("en", "en"), ("zh-CN", "zh"), ("GER", "de"), ("iw", "he"), ("no", "no"), ("pt_BR", "pt"), ("klingon", None), ("xx", None)]
    + [("jp", None), ("und", None), ("", None), ("en-", None)],
)
def test_languages(tag: str, known: str | None) -> None:
    assert known_language(tag) == known
