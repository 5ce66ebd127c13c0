"""The invented shops: whole, readable, in halves; and their documents as files."""

import json
from pathlib import Path

import pytest

from eval.shop import Shop, ShopPassage, ShopQuestion, holds_answer, read_shops, sentences_of, write_documents
from kb.errors import ConfigurationError

TABLE = ShopPassage("p1", "Kettle K2", "Errors", "en", "table", "Code | Meaning\nE1 | Lid open\nE2 | Too hot")
PROSE = ShopPassage("p2", "Kettle K2", "Care", "en", "prose", "Descale it every 40 days. Never rinse the base.")
FAQ = ShopPassage("p3", "FAQ", "", "en", "faq", "Is the cord long?\nIt measures 0.9 m. A longer one costs £4.")
ASKED = ShopQuestion("q1", "en", "it shows E2", ("p1",), "E2 | Too hot", "plain")


@pytest.mark.slow
def test_the_shipped_shops_are_whole() -> None:
    shops = read_shops()
    assert len(shops) >= 190
    for shop in shops:
        passages = {passage.id: passage for passage in shop.passages}
        for question in shop.questions:
            assert bool(question.passages) == bool(question.answer)
            if question.passages:
                sentences = sentences_of(passages[question.passages[0]])
                assert any(holds_answer(sentence, question.answer) or holds_answer(question.answer, sentence) for sentence in sentences)
        assert sum(not question.passages for question in shop.questions) >= 20


def test_both_halves_hold_every_big_language() -> None:
    known = read_shops()
    for half in ("tune", "test"):
        shops = [shop for shop in known if shop.half == half]
        assert len(shops) >= 30
        assert {question.language for shop in shops for question in shop.questions} >= {"en", "zh"}


def test_rows_carry_their_header_and_faqs_leave_their_question() -> None:
    assert sentences_of(TABLE) == ["Code: E1 | Meaning: Lid open", "Code: E2 | Meaning: Too hot"]
    assert sentences_of(PROSE) == ["Descale it every 40 days.", "Never rinse the base."]
    assert sentences_of(FAQ) == ["It measures 0.9 m.", "A longer one costs £4."]


def test_an_answer_is_held_whatever_the_layout() -> None:
    assert holds_answer("Code: E2 | Meaning: Too hot [1]", ASKED.answer)
    assert not holds_answer("Code: E1 | Meaning: Lid open", ASKED.answer)


def test_documents_become_files(tmp_path: Path) -> None:
    write_documents(Shop("kettles", (TABLE, PROSE, FAQ), (ASKED,)), tmp_path / "kettles")
    manual = (tmp_path / "kettles" / "01.md").read_text(encoding="utf-8")
    assert manual.startswith("# Kettle K2\n\n## Errors\n\n| Code | Meaning |\n| --- | --- |\n| E1 | Lid open |")
    assert "## Care" in manual
    assert (tmp_path / "kettles" / "faq-en.csv").read_text(encoding="utf-8").splitlines()[0] == "question,answer"


@pytest.mark.parametrize("line", ["no json", json.dumps({"type": "passage", "id": "p1"}), json.dumps({"type": "question"})])
def test_a_malformed_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "mine.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"mine\.jsonl, line 1"):
        read_shops(tmp_path)


def test_no_shops_at_all(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no shops"):
        read_shops(tmp_path)
