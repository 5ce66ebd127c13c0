"""Follow-up questions: what they lean on, what they replace, and what leaves the old topic behind."""

from datetime import date

import pytest

from kb.search import Hit, HybridSearch
from kb.version import Version
from rag.follow_up import candidates
from rag.query import Query, Turn
from rag.reference import Reference, reference_of
from rag.rewrite import rewrite
from rag.slots import products_in, substitute

DAY = date(2026, 11, 23)
WARRANTY = "How long is the warranty on the Rovo 310?"


def asked(*turns: str) -> Query:
    """The last turn, after the others, in which user and assistant alternate; an empty one was not said."""
    *earlier, last = turns
    history = [Turn("assistant" if number % 2 else "user", text) for number, text in enumerate(earlier) if text]
    return Query(last, DAY, history=tuple(history))


def test_a_question_without_history_stays_as_it_is() -> None:
    assert rewrite(asked("And the battery?")) == "And the battery?"


@pytest.mark.parametrize("text", ["And for the battery?", "what about its filter", "电池呢？", "Und wie lange dauert es?"])
def test_a_follow_up_brings_the_question_before_it(text: str) -> None:
    assert rewrite(asked(WARRANTY, "24 months. [1]", text)) == f"{WARRANTY}\n{text}"


@pytest.mark.parametrize(
    "text",
    [
        "Which payment methods do you accept in the online shop for orders over $500?",
        "By the way, do you gift wrap?",
        "对了，怎么开发票？",
        "The lid of my Crispa 60 is cracked, can it be replaced?",
        "I bought a heater by mistake, can I still return it within the usual time?",
        "ok, thank you!",
        "好的，谢谢",
    ],
)
def test_a_question_of_its_own_does_not(text: str) -> None:
    assert rewrite(asked(WARRANTY, "24 months. [1]", text)) == text


@pytest.mark.parametrize(
    ("before", "text", "searched"),
    [
        ("Is the Rovo 310 loud?", "no sorry, I meant the 320", "Is the Rovo 320 loud?"),
        ("Rovo 310 能过多高的门槛？", "320 呢？", "Rovo 320 能过多高的门槛？"),
        ("The display says E03.", "and now E07", "The display says E07."),
        ("What does delivery to Germany cost?", "what about Italy?", "What does delivery to Italy cost?"),
        ("Combien de points a l'Azur 30 ?", "et l'Azur 70 ?", "Combien de points a l'Azur 70 ?"),
    ],
)
def test_what_a_follow_up_replaces_is_replaced(before: str, text: str, searched: str) -> None:
    assert rewrite(asked(before, "Yes.", text)) == f"{searched}\n{text}"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Is the Rovo 310 loud?", "is it louder than the 320?"),  # both are asked about
        ("How far is it from Germany to France?", "and to Italy?"),  # either could be meant
        ("Does the Rovo 310 need a filter?", "how many filters for 30 days?"),  # another kind of number
        ("My M4 is stuck", "and what does F3 mean?"),
    ],
)
def test_what_has_no_single_counterpart_replaces_nothing(earlier: str, later: str) -> None:
    assert substitute(earlier, later) == earlier


def test_a_short_question_brings_the_product_only() -> None:
    assert rewrite(asked(WARRANTY, "24 months.", "how big is the bin?")) == "Rovo 310\nhow big is the bin?"
    assert rewrite(asked("How long can I return an item?", "30 days.", "is there a minimum?")) == "is there a minimum?"


def test_a_product_that_only_the_assistant_named_is_brought() -> None:
    got = rewrite(asked("Which heater do you have?", "The Warmly 12.", "how much does it weigh?"))
    assert got == "Warmly 12\nWhich heater do you have?\nhow much does it weigh?"


def test_small_talk_between_is_passed_over() -> None:
    assert rewrite(asked(WARRANTY, "24 months.", "great, thanks!", "You're welcome.", "and the battery?")).startswith(WARRANTY)


def test_a_chain_keeps_its_first_question_and_the_latest() -> None:
    chain = asked(WARRANTY, "24 months.", "and its filter?", "None.", "and its brush?", "None.", "and its dock?")
    assert rewrite(chain) == f"{WARRANTY}\nand its brush?\nand its dock?"


def test_a_new_topic_ends_the_chain() -> None:
    got = rewrite(asked(WARRANTY, "24 months.", "By the way, which cards do you accept?", "Visa.", "and vouchers?"))
    assert got == "By the way, which cards do you accept?\nand vouchers?"


@pytest.mark.parametrize(
    ("text", "named"), [("my Rovo 310 and 清风 40", ["Rovo 310", "清风 40"]), ("E07, IP54, 满 299 元, within 30 days", [])]
)
def test_products_are_told_from_other_numbers(text: str, named: list[str]) -> None:
    assert products_in(text) == named


@pytest.mark.parametrize("text", ["", "  ", "?!", "。"])
def test_text_without_words_asks_nothing(text: str) -> None:
    assert reference_of(text) is Reference.SMALL_TALK
    assert rewrite(asked(WARRANTY, "24 months.", text)) == text


def found(search: HybridSearch, version: Version, query: Query) -> list[Hit]:
    return candidates(search, version, query, rewrite(query), 8)


def test_without_a_follow_up_the_question_is_searched_alone(search: HybridSearch, version: Version) -> None:
    text = "By the way, how long can I return any item?"
    assert found(search, version, asked(WARRANTY, "24 months.", text)) == search.search(version, [text], 8, asked(text).scope)[0]


def test_the_passages_of_the_turn_before_stay_candidates(search: HybridSearch, version: Version) -> None:
    query = asked("Do you gift wrap?", "Yes, for $3.", "and can I return that, any item within 30 days?")
    hits = found(search, version, query)
    assert hits[0].document == "returns.md"
    assert "faq.csv" in [hit.document for hit in hits]
    assert len({hit.passage.id for hit in hits}) == len(hits)


def test_earlier_passages_are_never_scored_above_what_stands_before_them(search: HybridSearch, version: Version) -> None:
    for text in ("and its weight?", "is there a receipt?"):
        scores = [hit.score for hit in found(search, version, asked("Do you gift wrap?", "Yes.", text))]
        assert scores == sorted(scores, reverse=True)
