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
from rag.draft import Evidence
from rag.evidence import EvidenceScorer
from rag.outside_scope import BETTER, BETTER_IN_ANOTHER_LANGUAGE, find_outside
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


SCORER = EvidenceScorer(Similarity(ENCODER), WordReader())


def _declined(question: str, confidence: float | None = None) -> Evidence:
    """That nothing which holds here answers ``question``."""
    return Evidence(question, (), (), "not_in_knowledge_base", confidence=confidence)


def _told(version: Version, query: Query, confidence: float | None = None) -> str | None:
    return find_outside(HybridSearch(ENCODER), SCORER, query, _declined(query.text, confidence), version)


def _sureness_outside(version: Version, query: Query) -> float:
    """How sure one can be with the texts that hold elsewhere."""
    hits = HybridSearch(ENCODER).search(version, [query.text], 24, replace(query.scope, region=None, anywhere=True))[0]
    confidence = SCORER.weigh(query, query.text, [hit for hit in hits if not admits(hit.passage.scope, query.scope)], version).confidence
    assert confidence is not None
    return confidence


def test_a_near_miss_here_is_no_rule_for_elsewhere(shop: Version) -> None:
    query = Query("Are old appliances collected free of charge?", DAY, region="US")
    outside = _sureness_outside(shop, query)
    assert _told(shop, query, outside - BETTER - 0.5) is not None
    assert _told(shop, query, outside - BETTER + 0.5) is None


def test_a_text_in_another_language_does_not_outweigh_documents_in_the_questions(shop: Version) -> None:
    query = Query("Werden Old appliances doorstep charge collected kostenlos abgeholt?", DAY, region="US")
    assert query.written_language == "de"
    assert _told(shop, replace(query, known_languages=("en",))) is not None
    assert _told(shop, replace(query, known_languages=("en", "de"))) is None


def test_in_another_language_one_must_be_surer(shop: Version) -> None:
    query = Query("Werden Old appliances doorstep charge collected kostenlos abgeholt?", DAY, region="US", known_languages=("en",))
    outside = _sureness_outside(shop, query)
    assert _told(shop, query, outside - BETTER_IN_ANOTHER_LANGUAGE - 0.5) is not None
    assert _told(shop, query, outside - BETTER_IN_ANOTHER_LANGUAGE + 0.5) is None


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
    assert find_outside(_NoSearch(ENCODER), SCORER, query, _declined(query.text), version) is None
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
