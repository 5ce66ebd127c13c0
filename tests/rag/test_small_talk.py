"""Messages that ask nothing are told from very short questions, by their form and by what the knowledge base has."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.json_lines import read_json_lines
from kb.lexical_index import LexicalIndex, build_lexical, load_lexical
from kb.passage import Passage
from kb.version import Version
from rag.pipeline import Answerer
from rag.query import Query
from rag.small_talk import COURTESY, NO_CONTENT, asks_nothing
from tests.rag.conflict.units import hit_of
from tests.rag.conftest import DAY
from tests.source import ROOT

MESSAGES = read_json_lines(ROOT / "eval" / "small_talk.jsonl", lambda entry: (str(entry["text"]), bool(entry["asks"])), "A message")
TEXTS = ["The Nikon Z mount takes AAA cells.", "A qwerty board of size L, with a xxxx switch and 1234 keys.", "我们的客服周末也在。"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LexicalIndex]:
    folder: Path = tmp_path_factory.mktemp("index") / "lexical"
    passages: list[Passage] = [hit_of(text, f"{number}.md").passage for number, text in enumerate(TEXTS)]
    build_lexical(folder, passages, range(len(passages)))
    yield load_lexical(folder)


@pytest.mark.parametrize(("text", "asks"), MESSAGES, ids=lambda value: str(value)[:20])
def test_what_asks_nothing_is_told_from_a_short_question(index: LexicalIndex, text: str, asks: bool) -> None:
    assert (asks_nothing(text, index) is None) == asks


def test_both_kinds_are_tried() -> None:
    assert min(sum(asks for _, asks in MESSAGES), sum(not asks for _, asks in MESSAGES)) >= 40


@pytest.mark.parametrize("text", ["qwerty", "xxxx?", "1234", "AAA"])
def test_what_the_documents_have_is_a_question_whatever_it_looks_like(index: LexicalIndex, text: str) -> None:
    assert asks_nothing(text, index) is None


@pytest.mark.parametrize(
    "text", ["Where are you?", "test strips", "hi, can you help me", "早上几点开门", "退", "行李", "good news?", "no refund?", "TV", "hdmi"]
)
def test_a_question_of_small_words_is_one(index: LexicalIndex, text: str) -> None:
    assert asks_nothing(text, index) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [("👍 thanks", COURTESY), ("你好在吗", COURTESY), ("That's all, thank you!", COURTESY), ("why?", NO_CONTENT), ("x y z", NO_CONTENT)],
)
def test_why_nothing_is_asked_is_said(index: LexicalIndex, text: str, why: str) -> None:
    assert asks_nothing(text, index) == why


async def test_a_greeting_is_declined_and_a_word_of_the_shop_is_answered(answerer: Answerer, version: Version) -> None:
    greeting = await answerer.collect(Query("Good morning!", DAY), version)
    assert (greeting.reason, greeting.gap, greeting.citations) == ("not_in_knowledge_base", COURTESY, ())
    assert "30 days" in (await answerer.collect(Query("hi, return an item?", DAY), version)).text
