"""Whole answers over a small shop: what is said, what is cited, and what is declined."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from kb.errors import DeadlineError, EmptyQuestionError, QuestionTooLongError
from kb.search import HybridSearch
from kb.version import Version
from rag.answer import Answer, AnswerEvent, CitationEvent, EndEvent, Generator, SentenceEvent
from rag.draft import Draft, Evidence
from rag.pipeline import Answerer
from rag.query import Query, Turn
from tests.rag.conftest import DAY, answerer_with


def _ask(answerer: Answerer, version: Version, text: str, **more: object) -> Answer:
    return asyncio.run(answerer.collect(Query(text, DAY, **more), version))  # type: ignore[arg-type]


def test_an_answer_is_made_of_literal_sentences_with_citations(answerer: Answerer, version: Version) -> None:
    answer = _ask(answerer, version, "How long can I return an item?")
    assert "You can return any item within 30 days." in answer.text
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        passage = version.passage(citation.passage_id)
        document = version.document(citation.document_id)
        assert passage is not None and citation.quote in passage.text
        assert document is not None and document.text[citation.start : citation.end] == citation.quote


def test_one_models_question_is_not_answered_from_the_others_manual(answerer: Answerer, version: Version) -> None:
    answer = _ask(answerer, version, "How many minutes does the Rovo 320 run on one charge?")
    assert "180 minutes" in answer.text
    assert "110" not in answer.text


def test_a_model_that_does_not_exist_is_declined(answerer: Answerer, version: Version) -> None:
    answer = _ask(answerer, version, "How many minutes does the Rovo 400 run on one charge?")
    assert (answer.abstained, answer.reason, answer.citations) == (True, "not_in_knowledge_base", ())
    assert "person" in answer.text
    assert answer.gap == "No document is about a model called “rovo 400”."


def test_the_row_of_the_error_code_comes(answerer: Answerer, version: Version) -> None:
    assert _ask(answerer, version, "What does E04 mean?").sentences[0].text == "Code: E04 | Meaning: Tank empty"


def test_an_faq_answer_stays_whole_and_leaves_its_question_out(answerer: Answerer, version: Version) -> None:
    answer = _ask(answerer, version, "Do you gift wrap?")
    assert answer.text.startswith("Yes, for $3. [1] Choose it in the basket.")


def test_region_and_audience_decide_what_is_found(answerer: Answerer, version: Version) -> None:
    assert "45 days" not in _ask(answerer, version, "return any item within how many days").text
    assert "45 days" in _ask(answerer, version, "return any item in the EU", region="FR").text
    assert "$40" not in _ask(answerer, version, "goodwill credit of agents").text
    assert "$40" in _ask(answerer, version, "goodwill credit of agents", audience="internal").text


def test_chinese_sentences_are_whole(answerer: Answerer, version: Version) -> None:
    assert "自签收起三十天内可以退货。" in [sentence.text for sentence in _ask(answerer, version, "多少天内可以退货").sentences]


def test_a_follow_up_finds_what_the_question_before_was_about(answerer: Answerer, version: Version) -> None:
    history = (Turn("user", "How many minutes does the Rovo 310 run?"), Turn("assistant", "110 minutes."))
    assert "3.1 kg" in _ask(answerer, version, "What about its weight?", history=history).text


def test_events_add_up_to_the_answer(answerer: Answerer, version: Version) -> None:
    async def gather() -> list[AnswerEvent]:
        return [event async for event in answerer.answer(Query("How long can I return an item?", DAY), version)]

    events = asyncio.run(gather())
    end = events[-1]
    assert isinstance(end, EndEvent)
    assert end.answer.sentences == tuple(event.sentence for event in events if isinstance(event, SentenceEvent))
    assert end.answer.citations == tuple(event.citation for event in events if isinstance(event, CitationEvent))
    assert events.index(next(e for e in events if isinstance(e, CitationEvent))) < events.index(
        next(e for e in events if isinstance(e, SentenceEvent))
    )


def test_what_cannot_be_answered_is_refused_with_a_sentence(answerer: Answerer, version: Version) -> None:
    with pytest.raises(EmptyQuestionError, match="empty"):
        _ask(answerer, version, "  \n")
    with pytest.raises(QuestionTooLongError, match="100,000 characters"):
        _ask(answerer, version, "x" * 100_000)
    with pytest.raises(DeadlineError, match="retrieval"):
        _ask(answerer, version, "returns?", deadline=time.monotonic() - 1)


class _Liar:
    label = Generator("liar")

    async def generate(self, query: Query, evidence: Evidence) -> AsyncIterator[Draft]:
        hit = evidence.hits[0]
        yield Draft("You have 99 days.", ((hit, hit.passage.text[:10]),), 0.9)
        yield Draft("Made up.", ((hit, "nowhere in the passage"),), 0.9)
        yield Draft("No source.", (), 0.9)


def test_unsupported_sentences_never_leave(search: HybridSearch, version: Version) -> None:
    answer = _ask(answerer_with(search, _Liar()), version, "How long can I return an item?")
    assert (answer.abstained, answer.reason) == (True, "nothing_verified")
    assert "99" not in answer.text
    assert [removed.text for removed in answer.removed] == ["You have 99 days.", "Made up.", "No source."]
