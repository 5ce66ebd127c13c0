"""Who rewrites a follow-up, and what a search makes of two versions of it."""

import time

import pytest

from kb.search import Hit, HybridSearch
from kb.version import Version
from rag.follow_up import WRITTEN_PLACES, candidates
from rag.pipeline import Answerer
from rag.query import Query
from rag.rewrite import rewrite
from rag.rewriter import Rewriting, RuleRewriter, is_follow_up
from tests.rag.test_rewrite import WARRANTY, asked

FOLLOW_UP = asked("Do you gift wrap?", "Yes, for $3.", "and can I return that?")


def found(search: HybridSearch, version: Version, also: str | None, query: Query = FOLLOW_UP) -> list[Hit]:
    return candidates(search, version, query, rewrite(query), 8, also)


async def test_without_a_model_the_rules_rewrite() -> None:
    assert await RuleRewriter().rewrite(FOLLOW_UP) == Rewriting("Do you gift wrap?\nand can I return that?")


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ((WARRANTY, "24 months.", "and its battery?"), True),
        ((WARRANTY, "24 months.", "How big is the bin?"), True),
        (("and its battery?",), False),
        (("", "Hello! How can I help?", "and its battery?"), False),
        ((WARRANTY, "24 months.", "By the way, do you gift wrap?"), False),
        ((WARRANTY, "24 months.", "ok, thanks"), False),
    ],
)
def test_only_what_leans_on_an_earlier_question_is_a_follow_up(turns: tuple[str, ...], expected: bool) -> None:
    assert is_follow_up(asked(*turns)) is expected


def test_a_good_rewriting_brings_its_passages_up(search: HybridSearch, version: Version) -> None:
    alone = [hit.document for hit in found(search, version, None)]
    beside = [hit.document for hit in found(search, version, "What does Code E04 Tank empty mean?")]
    assert beside.index("codes.md") <= max(WRITTEN_PLACES) < alone.index("codes.md")


@pytest.mark.parametrize("bad", ["Code: E03 | Meaning: Boiler too hot", "The Rovo 310 weighs 3.1 kg", "怎么退货？", "?"])
def test_a_bad_rewriting_moves_the_rules_passages_down_by_two_places_at_most(search: HybridSearch, version: Version, bad: str) -> None:
    rules = [hit.passage.id for hit in found(search, version, None)][:5]
    both = [hit.passage.id for hit in found(search, version, bad)]
    assert both[0] == rules[0]
    for place, identity in enumerate(rules):
        assert both.index(identity) <= place + len(WRITTEN_PLACES)
    assert len(both) == len(set(both))


def test_the_scores_stay_in_order(search: HybridSearch, version: Version) -> None:
    scores = [hit.score for hit in found(search, version, "The Rovo 310 weighs 3.1 kg")]
    assert scores == sorted(scores, reverse=True)


def test_a_question_that_stands_alone_is_searched_once(search: HybridSearch, version: Version) -> None:
    query = asked(WARRANTY, "24 months.", "By the way, how long can I return any item?")
    assert found(search, version, "Code: E03", query) == found(search, version, None, query)


class _Scripted:
    """Rewrites as it is told."""

    def __init__(self, rewriting: Rewriting) -> None:
        self.rewriting = rewriting
        self.asked: list[Query] = []

    async def rewrite(self, query: Query) -> Rewriting:
        self.asked.append(query)
        return self.rewriting


async def test_the_pipeline_searches_with_what_its_rewriter_says(answerer: Answerer, version: Version) -> None:
    query = asked("How many minutes does the Rovo 310 run?", "110 minutes.", "What about its weight?")
    rewriter = _Scripted(Rewriting("How much does the Rovo 310 weigh?"))
    started = time.monotonic()
    answer = await answerer.with_rewriter(rewriter).collect(query, version)
    assert "3.1 kg" in answer.text
    assert rewriter.asked == [query]
    assert rewriter.asked[0].known_languages == version.languages_of("public") == ("en", "zh")
    assert 0 <= answer.timings["rewrite"] <= time.monotonic() - started
