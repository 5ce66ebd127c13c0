"""Which day's and which region's rule is told, and what is said around it of others: over a small shop, with stand-ins for the models."""

import asyncio
from collections.abc import Iterator
from datetime import date

import pytest

from kb.manifest import ManifestFields
from kb.scope import Scope, SearchScope
from kb.search import HybridSearch
from kb.store import VersionStore
from kb.version import Version
from rag.answer import Answer, EndEvent, SentenceEvent
from rag.appraisal import Appraiser
from rag.delivery import Deliverer
from rag.evidence import EvidenceScorer
from rag.generate.extractive import ExtractiveGenerator
from rag.pipeline import Answerer
from rag.query import Query, Turn
from rag.readers.word_reader import WordClaimReader, WordReader
from rag.similarity import Similarity
from rag.specific_rule import specificity
from rag.standpoint import standpoint_of
from rag.validity_phrases import as_of_phrase, other_day_phrase, other_regions_phrase
from rag.verify.draft_check import DraftCheck
from rag.verify.verifier import Verifier
from tests.kb.builders import cut, make_document
from tests.rag.conftest import DAY, ENCODER

EU = Scope(regions=("EU",))
SINCE_2020 = Scope(effective_from=date(2020, 1, 1))
AUSTRALIA, TASMANIA = Scope(regions=("AU",)), Scope(regions=("AU-TAS",))
OLD = Scope(effective_from=date(2025, 3, 1))
NEW = Scope(effective_from=date(2026, 3, 1), supersedes=("returns-old.md",))
DOCUMENTS = [
    make_document("returns-old.md", ["Unused goods can be returned within 21 days of delivery."], scope=OLD, title="Returns"),
    make_document("returns.md", ["Unused goods can be returned within 30 days of delivery."], scope=NEW, title="Returns"),
    make_document("returns-eu.md", ["Unused goods can be returned within 45 days of delivery in the EU."], scope=EU, title="Returns"),
    make_document("warranty.md", ["The warranty of a kettle lasts 24 months."], scope=SINCE_2020, title="Warranty"),
    make_document("warranty-us.md", ["The warranty of a kettle lasts 24 months."], scope=Scope(regions=("US",)), title="Warranty"),
    make_document("returns-au.md", ["Unused goods can be returned within 60 days in Australia."], scope=AUSTRALIA, title="Returns"),
    make_document("returns-tas.md", ["Unused goods can be returned within 90 days in Tasmania."], scope=TASMANIA, title="Returns"),
    make_document("plan.md", [f"The filter plan {can}." for can in ("cannot be paused", "can be cancelled each year")], scope=SINCE_2020),
    make_document("plan-eu.md", ["The filter plan can be cancelled each month."], scope=EU),
    make_document("care.md", ["Wipe the kettle with a damp cloth."], scope=SINCE_2020, title="Care"),
]
RETURN = "Within how many days can unused goods be returned?"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Version]:
    store = VersionStore(tmp_path_factory.mktemp("validity"))
    passages = [passage for document in DOCUMENTS for passage in cut(document)]
    with store.writer() as writer:
        staged = writer.stage()
        staged.write(DOCUMENTS, passages, ENCODER.encode_passages([passage.encoded_text for passage in passages]))
        writer.seal(staged, ManifestFields(ENCODER.id, "test", "tester", "a test"))
        writer.publish(staged)
    version = store.open_current()
    yield version
    version.close()


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    scorer = EvidenceScorer(Similarity(ENCODER), WordReader())
    deliverer = Deliverer(ExtractiveGenerator(), DraftCheck(Verifier(WordClaimReader())))
    return Answerer(Appraiser(HybridSearch(ENCODER), scorer), deliverer)


def _ask(answerer: Answerer, shop: Version, query: Query) -> Answer:
    return asyncio.run(answerer.collect(query, shop))


def test_without_a_region_the_general_rule_is_told_and_that_regions_differ(answerer: Answerer, shop: Version) -> None:
    answer = _ask(answerer, shop, Query(RETURN, DAY))
    assert "30 days" in answer.text and "45 days" not in answer.text
    assert answer.validity is not None and answer.validity.other_regions == ("AU", "AU-TAS", "EU")
    assert answer.text.endswith("\nOther rules hold in: Australia, Tasmania, European Union.")


def test_a_part_of_the_region_with_a_rule_of_its_own_is_told_of(answerer: Answerer, shop: Version) -> None:
    """Who asks from Australia may be in Tasmania; who asks from Tasmania is not in Victoria."""
    told = (("AU", "60 days", ("AU-TAS",)), ("AU-TAS", "90 days", ()), ("AU-VIC", "60 days", ()), ("FR", "45 days", ()))
    for region, days, others in told:
        answer = _ask(answerer, shop, Query(RETURN, DAY, region=region))
        assert days in answer.text
        assert answer.validity is not None and answer.validity.other_regions == others


def test_with_a_region_its_rule_takes_the_general_ones_place_and_nothing_is_added(answerer: Answerer, shop: Version) -> None:
    for query in (Query(RETURN, DAY, region="FR"), Query(f"{RETURN[:-1]} in France?", DAY)):
        answer = _ask(answerer, shop, query)
        assert "45 days" in answer.text and "30 days" not in answer.text
        assert answer.validity is not None
        assert (answer.validity.region, answer.validity.other_regions) == ("FR", ())
        assert "Other rules" not in answer.text


def test_a_region_that_says_the_same_or_speaks_of_something_else_is_not_told_of(answerer: Answerer, shop: Version) -> None:
    for question in ("How many months does the warranty of a kettle last?", "How do I wipe the kettle?"):
        answer = _ask(answerer, shop, Query(question, DAY))
        assert not answer.abstained
        assert answer.validity is not None and answer.validity.other_regions == ()


def test_of_a_question_of_yes_or_no_only_rules_about_what_it_asks_are_told_of(answerer: Answerer, shop: Version) -> None:
    for question, others in (("Can the filter plan be paused?", ()), ("Can the filter plan be cancelled?", ("EU",))):
        answer = _ask(answerer, shop, Query(question, DAY))
        assert not answer.abstained
        assert answer.validity is not None and answer.validity.other_regions == others, question


def test_a_day_that_was_given_is_said_first(answerer: Answerer, shop: Version) -> None:
    answer = _ask(answerer, shop, Query(RETURN, date(2025, 8, 10), region="US", today=DAY))
    assert answer.sentences[0].text == "As of 10 August 2025:"
    assert "21 days" in answer.text and "30 days" not in answer.text
    assert answer.validity is not None and answer.validity.as_of_from == "request"


def test_a_day_that_the_question_asks_for_is_said_first(answerer: Answerer, shop: Version) -> None:
    answer = _ask(answerer, shop, Query("Within how many days could unused goods be returned in August 2025?", DAY))
    assert answer.sentences[0].text == "As of 31 August 2025:" and "21 days" in answer.text
    assert answer.validity is not None and answer.validity.as_of_from == "question"


def test_what_the_caller_named_is_never_overridden() -> None:
    question = "I ordered on 10 August 2025 in Germany. Within how many days can unused goods be returned?"
    stand = standpoint_of(Query(question, DAY, region="US", today=DAY))
    assert (stand.query.as_of, stand.query.region, stand.query.text, stand.present) == (DAY, "US", question, None)
    assert (stand.validity.as_of_from, stand.validity.region_from) == ("request", "request")


def test_an_orders_day_without_a_rule_falls_back_to_today(answerer: Answerer, shop: Version) -> None:
    question = "I ordered on 10 August 2019. Within how many days can unused goods be returned?"
    answer = _ask(answerer, shop, Query(question, DAY, region="CN"))
    assert "30 days" in answer.text and answer.validity is not None and answer.validity.as_of == DAY


def test_an_order_whose_rule_still_holds_is_not_called_past(answerer: Answerer, shop: Version) -> None:
    answer = _ask(answerer, shop, Query("I ordered a kettle on 10 August 2025. How many months does the warranty of a kettle last?", DAY))
    assert answer.text.startswith("The warranty")


def test_a_delivery_decides_nothing_but_the_older_rule_is_told_of(answerer: Answerer, shop: Version) -> None:
    question = "It was delivered on 10 August 2025. Within how many days can unused goods be returned?"
    answer = _ask(answerer, shop, Query(question, DAY, region="US"))
    assert "30 days" in answer.text and "21 days" not in answer.text
    assert answer.text.endswith("\nOn 10 August 2025 another rule held.")
    assert answer.validity is not None and answer.validity.other_day == date(2025, 8, 10)
    recent = _ask(answerer, shop, Query(question.replace("10 August 2025", "10 August 2026"), DAY, region="US"))
    assert recent.validity is not None and recent.validity.other_day is None


def test_a_declined_question_carries_no_note(answerer: Answerer, shop: Version) -> None:
    answer = _ask(answerer, shop, Query("How do I wipe the kettle?", date(2019, 8, 10), today=DAY))
    assert answer.abstained and "As of" not in answer.text and "Other rules" not in answer.text


def test_the_notes_are_events_like_the_rest(answerer: Answerer, shop: Version) -> None:
    async def events() -> tuple[list[str], Answer]:
        told: list[str] = []
        async for event in answerer.answer(Query(RETURN, date(2025, 8, 10), today=DAY), shop):
            if isinstance(event, SentenceEvent):
                told.append(event.sentence.rendered)
            elif isinstance(event, EndEvent):
                return told, event.answer
        raise AssertionError

    told, answer = asyncio.run(events())
    assert "".join(told) == answer.text and told[0] == "As of 10 August 2025:"


def test_the_shops_region_holds_unless_the_question_names_one() -> None:
    stand = standpoint_of(Query("How long do I have?", DAY, default_region="CN"))
    assert (stand.query.scope.region, stand.validity.region_from) == ("CN", "default")
    stand = standpoint_of(Query("How long do I have in France?", DAY, default_region="CN"))
    assert (stand.query.scope.region, stand.validity.region_from) == ("FR", "question")
    stand = standpoint_of(Query("How long do I have in France?", DAY, region="US", default_region="CN"))
    assert (stand.query.scope.region, stand.validity.region_from) == ("US", "request")


def test_a_follow_up_keeps_the_region_and_the_audience() -> None:
    history = (Turn("user", "How long can customers in Germany return goods?"), Turn("assistant", "45 days."))
    stand = standpoint_of(Query("And who pays for that?", DAY, history=history, audience="internal"))
    assert (stand.query.scope.region, stand.query.audience) == ("DE", "internal")


def test_the_fixed_sentences_are_in_the_readers_language() -> None:
    day = date(2025, 3, 1)
    assert as_of_phrase(day, "en") == "As of 1 March 2025:"
    assert as_of_phrase(day, "zh") == "以2025年3月1日的规定为准："
    assert as_of_phrase(day, "de") == "Stand 1. März 2025:"
    assert other_day_phrase(day, "zh") == "2025年3月1日适用的规定与此不同。"
    assert other_regions_phrase(("CN", "EU"), "zh") == "以下地区另有规定：中国、欧盟。"
    assert other_regions_phrase(("DACH", "FR"), "ja") == "Other rules hold in: DACH, France."


def test_a_rule_for_the_state_goes_before_its_countrys_and_that_before_a_groups() -> None:
    def closeness(region: str | None, *rules: str) -> int:
        return specificity(Scope(regions=rules), SearchScope(DAY, region=region))[2]

    assert [closeness("US-CA", *rules) for rules in (("US-CA",), ("US",), ("US-NY",), ())] == [3, 2, 0, 0]
    assert [closeness("FR-IDF", *rules) for rules in (("fr-idf", "EU"), ("FR", "US-CA"), ("EU", "US"))] == [3, 2, 1]
    assert closeness("LATAM", "LATAM") == 2 and closeness(None, "US") == 0
