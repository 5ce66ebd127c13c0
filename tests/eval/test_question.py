"""Golden questions: the shipped ones are whole, malformed ones are named."""

from collections import Counter
from pathlib import Path

import pytest

from eval.beir import read_beir
from eval.planted import read_planted
from eval.question import read_golden
from kb.errors import ConfigurationError


def test_the_shipped_questions_are_as_many_as_promised() -> None:
    questions = read_golden()
    languages = Counter(question.language for question in questions)
    assert languages["en"] >= 70 and languages["zh"] >= 35
    assert sum(count for language, count in languages.items() if language not in ("en", "zh")) >= 15
    assert sum(not question.answerable for question in questions) >= 25
    kinds = Counter(question.kind for question in questions)
    assert kinds["date_or_region"] >= 15 and kinds["agent_only"] >= 10 and kinds["near_identical"] >= 10


def test_halves_are_about_equal_and_stable() -> None:
    halves = Counter(question.half for question in read_golden())
    assert min(halves.values()) > 0.4 * sum(halves.values())


def test_every_document_named_is_there() -> None:
    shop = Path(__file__).parents[2] / "kb" / "sample" / "brightnook"
    named = {document for question in read_golden() for document in question.documents} | {fact.document for fact in read_planted()}
    assert [document for document in named if not (shop / document).is_file()] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no golden questions"),
        ('{"id": 1}\n', "line 1"),
        ("not json\n", "line 1"),
        ('{"question": "Why?"}\n\n["Why?"]\n', r"mine\.jsonl, line 3"),
        ('{"question": "怎么退货？", "document": ["退货.md"]}\n', "nothing is known of document"),
        ('{"question": "Why?", "must": [30]}\n', "must is not a list of texts"),
        ('{"question": "  "}\n', "question is not a text"),
        ('{"question": "Why?", "answerable": "no"}\n', "answerable is neither"),
        ('{"question": "Why?", "audience": "everyone"}\n', "audience is none of"),
        ('{"question": "Why?", "as_of": "yesterday"}\n', "yesterday"),
        ('{"id": "a", "question": "Why?"}\n{"id": "a", "question": "How?"}\n', "a occurs twice"),
        ("[" * 100_000, "line 1"),
    ],
)
def test_malformed_questions_are_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "mine.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message):
        read_golden(tmp_path)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_bytes('{"question": "怎么退货？"}'.encode("gb18030"))
    with pytest.raises(ConfigurationError, match=r"mine\.jsonl cannot be read"):
        read_golden(tmp_path)


def test_a_question_alone_is_enough(tmp_path: Path) -> None:
    lines = [
        '{"question": "怎么退货？", "must": "七天", "answer": "七天内可退。", "note": "asked often"}',
        '{"question": "How do I return\u2028it?", "documents": ["returns.md"], "region": "FR"}',
        '{"question": "How do I return\u2028it?", "documents": ["returns.md"]}',
    ]
    (tmp_path / "approved.jsonl").write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    chinese, french, general = read_golden(tmp_path)
    assert (chinese.language, chinese.must, chinese.documents, chinese.answerable) == ("zh", ("七天",), (), True)
    assert french.question == general.question == "How do I return\u2028it?" and french.id != general.id
    assert all(one.id.startswith("approved-") for one in (chinese, french, general))
    assert [one.id for one in read_golden(tmp_path)] == [chinese.id, french.id, general.id]


def test_a_folder_that_is_no_retrieval_set(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="BEIR"):
        read_beir(tmp_path)
