"""The pairs of passages that conflicts are measured on, and the report."""

from pathlib import Path

import pytest

from eval.conflicts import ConflictOutcome, ConflictPair, ConflictRow, read_conflicts, run, tabulate
from eval.question import half_of
from kb.errors import ConfigurationError
from rag.conflict_finder import ConflictFinder
from rag.reader import Reader
from rag.readers.onnx_reader import OnnxReader
from rag.readers.word_reader import WordReader


@pytest.fixture(scope="module")
def pairs() -> list[ConflictPair]:
    return read_conflicts()


def test_the_set_is_large_bilingual_and_half_conflicting(pairs: list[ConflictPair]) -> None:
    assert len(pairs) >= 120
    assert len({pair.id for pair in pairs}) == len(pairs)
    assert 0.45 < sum(pair.conflicting for pair in pairs) / len(pairs) < 0.55
    assert {pair.language for pair in pairs} == {"en", "zh", "cross"}
    assert all(pair.hits[0].passage.document_id != pair.hits[1].passage.document_id for pair in pairs)


@pytest.mark.parametrize("half", ["tune", "test"])
def test_there_are_few_false_alarms(pairs: list[ConflictPair], reader: OnnxReader, half: str) -> None:
    row = _row(pairs, reader, half)
    assert row.precision is not None and row.precision >= 0.95
    assert row.recall is not None and row.recall >= 0.7


@pytest.mark.parametrize("half", ["tune", "test"])
def test_even_without_a_learned_reader(pairs: list[ConflictPair], half: str) -> None:
    row = _row(pairs, WordReader(), half)
    assert row.precision is not None and row.precision >= 0.9
    assert row.recall is not None and row.recall >= 0.7


def _row(pairs: list[ConflictPair], reader: Reader, half: str) -> ConflictRow:
    rows = {(row.half, row.language): row for row in tabulate(run(pairs, reader, ConflictFinder()))}
    return rows[half, "all"]


def test_the_rates(pairs: list[ConflictPair]) -> None:
    ours = [pair for pair in pairs if half_of(pair.id) == "tune"]
    found = run([pair for pair in ours if pair.id == "en-009"], WordReader(), ConflictFinder())[0].found
    conflicting = [pair for pair in ours if pair.conflicting][:4]
    others = [pair for pair in ours if not pair.conflicting][:2]
    outcomes = [ConflictOutcome(pair, found) for pair in [*conflicting[:3], others[0]]]
    outcomes += [ConflictOutcome(pair, ()) for pair in [conflicting[3], others[1]]]
    row = next(row for row in tabulate(outcomes) if (row.half, row.language) == ("tune", "all"))
    assert (row.pairs, row.conflicting, row.flagged) == (6, 4, 4)
    assert (row.precision, row.recall) == (0.75, 0.75)
    assert [outcome.right for outcome in outcomes] == [True, True, True, False, False, True]


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"pairs.jsonl, line 1"):
        read_conflicts(path)
