"""The conversations: whole, readable, in halves; and how one is judged."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from eval.conversations import (
    FILES,
    SAMPLE_SHOP,
    TUNING_CONVERSATIONS_FILE,
    Conversation,
    ConversationOutcome,
    RememberingRewriter,
    read_conversations,
    run,
    tabulate,
    to_json,
)
from eval.question import half_of
from eval.shop import Shop, ShopPassage, holds_answer, read_shops
from eval.shop_answers import ingested_shop
from kb.encoders.hashing import HashingEncoder
from kb.errors import ConfigurationError
from kb.search import HybridSearch
from kb.version import Version
from rag.generate.extractive import ExtractiveGenerator
from rag.llm.rewriter import LlmRewriter
from rag.llm.timeouts import Timeouts
from rag.query import Turn
from tests.fake_llm.server import FakeLlm
from tests.rag.conftest import answerer_with
from tests.rag.llm.asking import chat

DAY = date(2026, 11, 25)
KETTLES = Shop(
    "kettles",
    (
        ShopPassage("p1", "Kettle K200", "Cable", "en", "prose", "The cable of the Kettle K200 measures 0.9 m."),
        ShopPassage("p2", "Kettle K300", "Cable", "en", "prose", "The cable of the Kettle K300 measures 1.4 m."),
    ),
    (),
)
TURNS = (Turn("user", "How long is the cable of the Kettle K200?"), Turn("assistant", "It measures 0.9 m."), Turn("user", "and the K300?"))


def conversation(number: int, quote: str = "1.4 m") -> Conversation:
    return Conversation(f"c-{number}", "en", None, TURNS, ("02.md",), quote, ("1.4",), "mine", "kettles")


@pytest.fixture
def version() -> Iterator[Version]:
    with ingested_shop(KETTLES, HashingEncoder(256)) as opened:
        yield opened


def test_the_shipped_conversations_are_whole() -> None:
    conversations = [one for file in FILES for one in read_conversations(file)]
    assert len(conversations) == len({one.id for one in conversations}) == 102
    shops = {shop.name: shop for shop in read_shops()}
    for one in conversations:
        assert one.documents and one.must and [turn.role for turn in one.turns] == ["user", "assistant"] * (len(one.turns) // 2) + ["user"]
        if one.shop != SAMPLE_SHOP:
            assert shops[one.shop].half == "tune"
            assert any(holds_answer(passage.text, one.quote) for passage in shops[one.shop].passages), one.id


def test_what_was_written_for_tuning_is_of_the_tuning_half() -> None:
    assert {half_of(one.id) for one in read_conversations(TUNING_CONVERSATIONS_FILE)} == {"tune"}


@pytest.mark.slow
async def test_the_last_turn_is_asked_with_what_it_leans_on(version: Version) -> None:
    answerer = answerer_with(HybridSearch(HashingEncoder(256)), ExtractiveGenerator())
    done: list[int] = []
    good, bad = await run({"rules": answerer}, version, [conversation(1), conversation(2, "2.2 m")], DAY, done.append)
    assert good.rewriting.by_rules == "How long is the cable of the Kettle K300?\nand the K300?"
    assert (good.found, good.quoted, bad.quoted, done) == (True, True, False, [1, 1])
    rows = {(row.half, row.language): row for row in tabulate([good, bad])}
    assert rows[half_of("c-1"), "all"].found == rows["both", "all"].found == 1.0
    assert rows["both", "all"].quoted == 0.5


async def _both_ways(version: Version, written: str) -> tuple[list[ConversationOutcome], int]:
    """The outcomes by rules and with a model that writes ``written``, and how often the model was asked."""
    rules = answerer_with(HybridSearch(HashingEncoder(256)), ExtractiveGenerator())
    with FakeLlm(written) as llm:
        async with chat(llm, Timeouts()) as opened:
            model = rules.with_rewriter(RememberingRewriter(LlmRewriter(opened.model, seconds=20)))
            outcomes = await run({"rules": rules, "model": model}, version, [conversation(1)], DAY)
        return outcomes, len(llm.completions())


@pytest.mark.parametrize(
    ("written", "taken"), [("How long is the cable of the Kettle K300?", 1), ("Which Kettle K300 did Napoleon drink tea from in 1812?", 0)]
)
@pytest.mark.slow
async def test_a_model_is_asked_once_beside_the_rules_and_what_it_did_is_counted(version: Version, written: str, taken: int) -> None:
    outcomes, asked = await _both_ways(version, written)
    counted = to_json(outcomes)
    assert asked == 1
    assert list(counted) == ["rules", "model"]
    by_rules, with_model = (counted[way] for way in ("rules", "model"))
    assert isinstance(by_rules, dict) and isinstance(with_model, dict)
    assert (by_rules["taken"], by_rules["problems"], by_rules["missed"]) == (0, {}, [])
    assert (with_model["taken"], sum(with_model["problems"].values()), with_model["missed"]) == (taken, 1 - taken, [])
    assert {row.way for row in tabulate(outcomes)} == {"rules", "model"}


@pytest.mark.parametrize(
    "entry",
    [
        "no json",
        json.dumps({"id": "c-1", "turns": []}),
        json.dumps(
            {
                "id": "c",
                "language": "en",
                "region": None,
                "turns": [{"role": "assistant", "text": "Hi"}],
                "documents": [],
                "quote": "",
                "must": [],
            }
        ),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(entry + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"mine\.jsonl, line 1"):
        read_conversations(path)


def test_no_conversations_at_all(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no conversations"):
        read_conversations(tmp_path / "empty.jsonl")
