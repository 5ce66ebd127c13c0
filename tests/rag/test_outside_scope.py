"""Rules that would answer elsewhere or at another time: told to agents by name, and never past what the audience may see."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kb.document import Document
from kb.manifest import ManifestFields
from kb.scope import Scope, SearchScope, admits
from kb.search import HybridSearch
from kb.store import VersionStore
from kb.version import Version
from rag.evidence import EvidenceScorer
from rag.outside_scope import find_outside
from rag.query import Query
from rag.readers.word_reader import WordReader
from rag.similarity import Similarity
from tests.kb.builders import cut, make_document
from tests.rag.conftest import DAY, ENCODER

REGIONAL = Scope(regions=("EU",))
PAST = Scope(regions=("US",), effective_from=date(2025, 1, 1), effective_to=date(2025, 12, 31))
DOCUMENTS = [
    make_document("care.md", ["Wipe the kettle with a damp cloth."], title="Care"),
    make_document("recycling-eu.md", ["Old appliances are collected free of charge at the doorstep."], scope=REGIONAL, title="Recycling"),
    make_document("trade-in.md", ["A trade-in voucher is worth twenty dollars."], scope=PAST, title="Trade-in"),
    make_document("phone.md", ["Telephone orders get a fruit basket."], scope=Scope(channels=("phone",)), title="Telephone"),
    make_document("staff.md", ["Employees park behind the warehouse."], scope=Scope(audience="internal", regions=("EU",)), title="Staff"),
    make_document("old.md", ["Engraving costs nine dollars a letter."], title="Engraving"),
    make_document("new.md", ["Engraving is not offered any more."], scope=Scope(supersedes=("old.md",)), title="Engraving now"),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Version]:
    version = _published(tmp_path_factory.mktemp("outside"), DOCUMENTS)
    yield version
    version.close()


def _published(folder: Path, documents: list[Document]) -> Version:
    store = VersionStore(folder)
    passages = [passage for document in documents for passage in cut(document)]
    with store.writer() as writer:
        staged = writer.stage()
        staged.write(documents, passages, ENCODER.encode_passages([passage.encoded_text for passage in passages]))
        writer.seal(staged, ManifestFields(ENCODER.id, "test", "tester", "a test"))
        writer.publish(staged)
    return store.open_current()


def _told(version: Version, query: Query) -> str | None:
    scorer = EvidenceScorer(Similarity(ENCODER), WordReader())
    return find_outside(HybridSearch(ENCODER), scorer, query, query.text, version)


def test_the_document_and_where_it_holds_are_named(shop: Version) -> None:
    told = _told(shop, Query("Are old appliances collected free of charge?", DAY, region="US"))
    assert told == "“Recycling” (recycling-eu.md) would answer, but holds only for EU; asked was for US, on 2026-11-23."


def test_dates_are_told(shop: Version) -> None:
    told = _told(shop, Query("What is a trade-in voucher worth?", DAY))
    assert told is not None and "only for US from 2025-01-01 until 2025-12-31; asked was without a region, on 2026-11-23" in told


def test_channels_are_told(shop: Version) -> None:
    told = _told(shop, Query("Do orders get a fruit basket?", DAY, channel="web"))
    assert told is not None and "only for the channel phone; asked was without a region, channel web" in told


def test_what_holds_here_is_not_outside(shop: Version) -> None:
    told = _told(shop, Query("Are old appliances collected free of charge?", DAY, region="FR"))
    assert told is None or "recycling" not in told


def test_an_audience_never_hears_of_what_it_may_not_see(shop: Version) -> None:
    question = "Where do employees park?"
    outside = _told(shop, Query(question, DAY))
    assert outside is None or "staff.md" not in outside
    inside = _told(shop, Query(question, DAY, audience="internal"))
    assert inside is not None and "staff.md" in inside


def test_a_replaced_document_stays_out(shop: Version) -> None:
    told = _told(shop, Query("How many dollars is engraving a letter?", DAY))
    assert told is None or "old.md" not in told


class _NoSearch(HybridSearch):
    def search(self, *_: object) -> list[list[object]]:  # type: ignore[override]
        raise AssertionError("nothing lies outside: no search is needed")


def test_nothing_is_searched_where_nothing_lies_outside(tmp_path: Path) -> None:
    version = _published(tmp_path, DOCUMENTS[:1])
    query = Query("How do I clean the kettle?", DAY, region="US")
    assert find_outside(_NoSearch(ENCODER), EvidenceScorer(Similarity(ENCODER), WordReader()), query, query.text, version) is None
    version.close()


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_anywhere_opens_places_and_days_only(shop: Version, audience: str) -> None:
    here = SearchScope(DAY, audience="internal" if audience == "internal" else "public", product="kettle")
    anywhere = replace(here, anywhere=True)
    for scope in (REGIONAL, PAST):
        assert admits(scope, anywhere) and not admits(scope, here)
    assert not admits(Scope(products=("toaster",)), anywhere)
    assert admits(Scope(audience="internal"), anywhere) == (audience == "internal")
    assert not shop.admission.mask(anywhere)[[document.path for document in DOCUMENTS].index("old.md")]
