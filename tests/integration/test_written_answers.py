"""Whole answers from the real vLLM over the sample shop: gated by the sentence, verified, cited."""

import asyncio
from collections.abc import Iterator

import pytest

from kb.encoder import Encoder
from rag.answer import Answer, AnswerEvent, CitationEvent, EndEvent, SentenceEvent
from rag.query import Query
from rag.readers.claim_reader import OnnxClaimReader
from rag.readers.onnx_reader import OnnxReader
from server.services import Services, open_services
from server.settings import Settings
from tests.integration.running_vllm import RunningVllm

pytestmark = [pytest.mark.timeout(900), pytest.mark.vllm]
QUESTIONS = ("How long do I have to return an item?", "Until when can I return an item?")


@pytest.fixture(params=["free", "marked", "quoted"])
def written(
    request: pytest.FixtureRequest,
    vllm: RunningVllm,
    ingested: tuple[Settings, object],
    encoder: Encoder,
    reader: OnnxReader,
    claim_reader: OnnxClaimReader,
) -> Iterator[Services]:
    settings = ingested[0].model_copy(update={"llm_url": vllm.base_url, "llm_model": "smollm2", "llm_style": request.param})
    with open_services(settings, encoder, reader, claim_reader) as opened:
        yield opened


async def _ask(services: Services, questions: tuple[str, ...]) -> list[list[AnswerEvent]]:
    """The events of each answer; one event loop, for the client's connections belong to it."""
    answers = []
    try:
        with services.live.lease() as version:
            for question in questions:
                query = Query(question, services.settings.today())
                answers.append([event async for event in services.answerer.answer(query, version)])
    finally:
        await services.aclose()
    return answers


def test_answers_are_gated_verified_and_cited_and_the_second_one_hits_the_prefix_cache(written: Services, vllm: RunningVllm) -> None:
    hits = vllm.metric("vllm:prefix_cache_hits_total")
    answers = asyncio.run(_ask(written, QUESTIONS))
    assert vllm.metric("vllm:prefix_cache_hits_total") > hits
    for events in answers:
        assert isinstance(events[-1], EndEvent)
        answer = events[-1].answer
        assert answer.sentences and not answer.abstained
        assert answer.generator.name == "chat:smollm2" or answer.generator.degraded
        _every_sentence_follows_its_citations(events)
        _every_quote_is_in_its_passage(answer, written)
        if written.settings.llm_style == "quoted":
            _the_model_itself_quotes(answer)


def _the_model_itself_quotes(answer: Answer) -> None:
    """What leaves is what the passages say, and nothing had to be removed: the grammar held."""
    assert not answer.generator.degraded and not answer.removed
    quotes = {citation.number: citation.quote for citation in answer.citations}
    assert all(sentence.text in quotes[sentence.citations[0]] for sentence in answer.sentences if not sentence.notice)


def _every_sentence_follows_its_citations(events: list[AnswerEvent]) -> None:
    told: set[int] = set()
    for event in events:
        if isinstance(event, CitationEvent):
            told.add(event.citation.number)
        if isinstance(event, SentenceEvent):
            assert bool(event.sentence.citations) != event.sentence.notice and set(event.sentence.citations) <= told


def _every_quote_is_in_its_passage(answer: Answer, services: Services) -> None:
    with services.live.lease() as version:
        for citation in answer.citations:
            passage = version.passage(citation.passage_id)
            assert passage is not None and citation.quote in passage.text
