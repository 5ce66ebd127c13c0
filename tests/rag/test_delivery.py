"""Which sentences leave, who wrote them, and what happens when a generator fails."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from kb.errors import GenerationError
from kb.search import HybridSearch
from kb.version import Version
from rag.answer import Answer, Generator, Usage
from rag.draft import Draft, Evidence
from rag.generate.extractive import ExtractiveGenerator
from rag.query import Query
from tests.rag.conftest import DAY, answerer_with

QUESTION = "How many days do I have to return an item?"
TRUE = "You can return any item within 30 days."
FALSE = "You can return any item within 60 days."


class Scripted:
    """Writes what it is given, and then fails if it is told to."""

    label = Generator("scripted")

    def __init__(self, texts: Sequence[str], fails: bool = False) -> None:
        self.texts = texts
        self.fails = fails

    async def generate(self, query: Query, evidence: Evidence) -> AsyncIterator[Draft | Usage]:
        for number, text in enumerate(self.texts):
            yield Draft(text, separator=" " if number else "", cited=evidence.hits[:1])
        if self.fails:
            raise GenerationError("The model went away.")
        yield Usage(123, 45)


def _answer(search: HybridSearch, version: Version, texts: Sequence[str], fails: bool = False, fallback: bool = True) -> Answer:
    answerer = answerer_with(search, Scripted(texts, fails), ExtractiveGenerator() if fallback else None)
    return asyncio.run(answerer.collect(Query(QUESTION, DAY), version))


def test_written_sentences_that_are_borne_out_leave_with_a_citation_and_the_models_usage(search: HybridSearch, version: Version) -> None:
    answer = _answer(search, version, [TRUE])
    assert (answer.text, answer.generator) == (f"{TRUE} [1]\nOther rules hold in: European Union.", Generator("scripted"))
    assert answer.citations[0].quote == TRUE
    assert answer.usage == Usage(123, 45)


def test_a_wrong_number_is_removed_with_the_reason_and_never_sent(search: HybridSearch, version: Version) -> None:
    answer = _answer(search, version, [TRUE, FALSE])
    assert "60" not in answer.text
    (removed,) = answer.removed
    assert removed.text == FALSE
    assert "60 days" in removed.reason and "30 days" in removed.reason


def test_nothing_verified_means_the_extractive_answer_labelled(search: HybridSearch, version: Version) -> None:
    answer = _answer(search, version, [FALSE])
    assert answer.generator == Generator("extractive", degraded=True)
    assert "30 days" in answer.text and not answer.abstained


def test_nothing_verified_and_no_fallback_means_declined(search: HybridSearch, version: Version) -> None:
    answer = _answer(search, version, [FALSE], fallback=False)
    assert (answer.abstained, answer.reason) == (True, "nothing_verified")


def test_a_failure_before_the_first_sentence_means_the_extractive_answer(search: HybridSearch, version: Version) -> None:
    answer = _answer(search, version, [], fails=True)
    assert answer.generator == Generator("extractive", degraded=True)
    assert TRUE in answer.text


def test_a_failure_midway_goes_on_with_the_extractive_answer_on_a_line_of_its_own_and_says_nothing_twice(
    search: HybridSearch, version: Version
) -> None:
    answer = _answer(search, version, [TRUE], fails=True)
    assert answer.generator.degraded
    assert answer.text.count(TRUE) == 1
    assert [sentence.separator for sentence in answer.sentences[1:2]] in ([], ["\n"])


def test_a_failure_without_a_fallback_is_an_error(search: HybridSearch, version: Version) -> None:
    with pytest.raises(GenerationError, match="went away"):
        _answer(search, version, [TRUE], fails=True, fallback=False)
