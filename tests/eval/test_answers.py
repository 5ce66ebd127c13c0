"""Answers and declining on a retrieval set small enough to check by eye, with the word reader."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval import answers, declining
from kb.encoders.hashing import HashingEncoder
from kb.errors import ConfigurationError
from rag.readers.word_reader import WordReader

Run = Callable[[Path, HashingEncoder, WordReader], object]
DOCUMENTS = {
    "kettle": "The kettle stands on a base. Its lid opens with a button. The kettle boils water in 3 minutes.",
    "lamp": "The lamp dims in three steps. It is made of brass.",
    "bench": "The garden bench is painted green.",
}
QUERIES: list[dict[str, object]] = [
    {"_id": "q1", "text": "how fast does the kettle boil water", "answer": ["in 3 minutes", "three minutes"]},
    {"_id": "q2", "text": "the lamp dims in how many steps", "answer": ["THREE Steps"]},
    {"_id": "q3", "text": "who invented rubber boots", "unanswerable": True},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [json.dumps({"_id": name, "title": name, "text": text}) for name, text in DOCUMENTS.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps(query) for query in QUERIES), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tkettle\t1\nq2\tlamp\t1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_the_answer_is_compared_with_plain_alternatives(folder: Path) -> None:
    done: list[tuple[int, int]] = []
    report = answers.run(folder, HashingEncoder(256), WordReader(), tell=lambda *told: done.append(told))
    assert (report.questions, len(done)) == (2, 2)
    assert done[-1] == (2, 2)
    assert (report.three, report.declined) == (1.0, 0.0)
    assert report.first == 0.5  # the kettle's first sentence does not tell
    assert report.plain_one == report.plain_three == 1.0


def test_an_answer_is_found_whatever_its_case_width_and_spaces() -> None:
    assert answers.holds(["Free from ３０ Euro on."], ["30 euro"])
    assert not answers.holds(["Free from 40 euro on."], ["30 euro"])


@pytest.mark.slow
def test_confidence_is_compared_with_and_without_the_passage(folder: Path) -> None:
    done: list[tuple[int, int]] = []
    report = declining.run(folder, HashingEncoder(256), WordReader(), tell=lambda *told: done.append(told))
    assert (report.questions, len(done)) == (2, 5)
    assert done[-1] == (5, 5)
    assert (report.wrongly, report.rightly) == (0.0, 0.0)  # the word reader declines only what is named nowhere
    assert (report.without_passage, report.unanswerable is not None) == (1.0, True)


@pytest.mark.parametrize(("run", "missing"), [(answers.run, "`answer`"), (declining.run, "answerable")])
def test_a_set_that_cannot_be_measured_says_what_it_lacks(folder: Path, run: Run, missing: str) -> None:
    lines = [json.dumps({**query, "answer": [], "unanswerable": True}) for query in QUERIES]
    (folder / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=missing):
        run(folder, HashingEncoder(256), WordReader())
