from datetime import date

import pytest

from ingest.metadata import Metadata, read_cells, read_metadata
from kb.errors import ParseError
from kb.scope import Scope


def test_every_key_is_read() -> None:
    values = {
        "Title": "Returns",
        "language": "zh-CN",
        "public_url": "https://shop.example/returns",
        "audience": "Internal",
        "regions": ["uk", "eu"],
        "channels": "web; store",
        "products": "Rovo 310；Rovo 320",
        "effective_from": date(2026, 1, 1),
        "effective_to": "2026-12-31",
        "supersedes": "policies/old.md",
        "author": "somebody",
    }
    metadata = read_metadata(values, "here")
    assert metadata.title == "Returns" and metadata.language == "zh" and metadata.public_url == "https://shop.example/returns"
    assert metadata.scope() == Scope(
        "internal",
        ("GB", "EU"),
        ("web", "store"),
        ("Rovo 310", "Rovo 320"),
        date(2026, 1, 1),
        date(2026, 12, 31),
        ("policies/old.md",),
    )


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("audience", "staff", "'staff' is unknown; write public or internal"),
        ("audience", None, "audience is empty"),
        ("audience", "", "is unknown"),
        ("audiance", "internal", "write 'audience'"),
        ("region", "DE", "write 'regions'"),
        ("regions", [False], "Norway"),
        ("regions", "Germany and France", "not a code"),
        ("regions", ["FR", "Atlantis"], "'Atlantis' is not a code"),
        ("regions", None, "regions is empty"),
        ("effective_from", "soon", "not a day"),
        ("effective_to", "31.12.2026", "not a day"),
        ("language", False, "language code"),
        ("language", "jp", "language code"),
        ("language", "klingon", "language code"),
        ("public_url", "javascript:alert(1)", "https://"),
        ("public_url", "http://[", "not an address"),
        ("supersedes", "../secret.md", "path within its source"),
    ],
)
def test_what_cannot_be_read_is_refused(key: str, value: object, message: str) -> None:
    with pytest.raises(ParseError, match="^here: .*") as caught:
        read_metadata({key: value}, "here")
    assert message in str(caught.value)


def test_a_closed_vocabulary_refuses_foreign_keys() -> None:
    assert read_metadata({"layout": "page"}, "here") == Metadata()
    with pytest.raises(ParseError, match="unknown"):
        read_metadata({"layout": "page"}, "here", foreign_keys=False)


def test_inner_values_win_and_an_empty_list_is_a_value() -> None:
    outer = Metadata(audience="internal", regions=("DE",), title="outer")
    assert Metadata(regions=()).over(outer) == Metadata(audience="internal", regions=(), title="outer")


def test_empty_cells_say_nothing() -> None:
    assert read_cells({"audience": " ", "regions": "", "title": "x"}, "row 2") == Metadata(title="x")


def test_days_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ParseError, match="lies before"):
        Metadata(effective_from=date(2026, 2, 1), effective_to=date(2026, 1, 1)).scope()


def test_a_region_is_its_country_however_it_is_written_and_else_the_shops_own() -> None:
    said = read_metadata({"regions": "Spain; DEU; 法国; uk; us-ca; latam; Wales; Québec", "language": "ger"}, "here")
    assert said.regions == ("ES", "DE", "FR", "GB", "US-CA", "LATAM", "GB-WLS", "CA-QC") and said.language == "de"
