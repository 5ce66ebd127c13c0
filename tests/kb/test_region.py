"""Regions and languages by code and name."""

import pytest
from babel import Locale

from kb.region import LANGUAGES, known_region, region_code
from kb.scope import REGION_MEMBERS
from kb.text.language_code import known_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FR", "FR"), (" fr ", "FR"), ("uk", "GB"), ("FRA", "FR"), ("276", "DE"), ("Spain", "ES"), ("SPANIEN", "ES"), ("hong  kong", "HK"),
        ("德国", "DE"), ("England", None), ("US-CA", "US-CA"), ("uk-sct", "GB-SCT"), ("XX-CA", None), ("dach", "DACH"),
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


@pytest.mark.parametrize(("text", "code"), [("latam", "LATAM"), ("Wales", "WALES"), ("Spain", "ES"), ("Atlantis", None), ("no rd", None)])
def test_a_shop_may_have_regions_of_its_own(text: str, code: str | None) -> None:
    assert region_code(text) == code


@pytest.mark.parametrize(
    ("tag", "known"),
    [("en", "en"), ("zh-CN", "zh"), ("GER", "de"), ("iw", "he"), ("no", "no"), ("pt_BR", "pt"), ("klingon", None), ("xx", None)]
    + [("jp", None), ("und", None), ("", None), ("en-", None)],
)
def test_languages(tag: str, known: str | None) -> None:
    assert known_language(tag) == known
