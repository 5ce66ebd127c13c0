"""The retrieval program on a set small enough to check by eye."""

import json
from pathlib import Path

import pytest

from eval.retrieval import run
from kb.encoders.hashing import HashingEncoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    documents = {"a": "The kettle boils water.", "b": "The lamp dims in three steps.", "c": "A lamp for the garden."}
    lines = [json.dumps({"_id": name, "title": f"T{name}", "text": text}) for name, text in documents.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    queries = [
        {"_id": "q1", "text": "kettle water"},
        {"_id": "q2", "text": "lamp dims"},
        {"_id": "q3", "text": "lamp", "scope": "Tc"},
        {"_id": "q4", "text": "nothing", "unanswerable": True},
    ]
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps(query) for query in queries), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\nq3\tc\t1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.slow
def test_ranks_through_ingest_and_search_inside_the_scope(folder: Path) -> None:
    report = run(folder, HashingEncoder(256))
    assert (report.documents, report.questions) == (3, 3)
    assert {result.method: result.hit_1 for result in report.results} == {"bm25": 1.0, "dense": 1.0, "hybrid": 1.0}
