"""What every reader keeps, whatever it reads with."""

import numpy as np
import pytest

from rag.reader import Reader, Reading
from rag.readers.word_reader import WordReader

READINGS = [
    Reading("Kettle K2", ("Descale it every 40 days.", "The cord measures 0.9 m.")),
    Reading("退货", ("签收后 7 天内可以退货。",)),
    Reading("", ("It weighs 1.2 kg.", "It is blue.", "It comes with a lid.")),
]
QUESTION = "How long is the cord of the kettle?"


@pytest.fixture(params=["words", "bundled"])
def any_reader(request: pytest.FixtureRequest) -> Reader:
    if request.param == "words":
        return WordReader()
    found: Reader = request.getfixturevalue("reader")
    return found


def test_each_sentence_of_each_passage_has_a_score(any_reader: Reader) -> None:
    scores = any_reader.score(QUESTION, READINGS)
    assert [part.shape for part in scores] == [(2,), (1,), (3,)]
    assert all(part.dtype == np.float32 and np.isfinite(part).all() for part in scores)


def test_the_answering_sentence_is_best(any_reader: Reader) -> None:
    scores = np.concatenate(any_reader.score(QUESTION, READINGS))
    assert scores.argmax() == 1
    assert np.log(np.exp(scores).sum()) >= any_reader.limits.threshold


def test_a_passage_is_scored_by_itself(any_reader: Reader) -> None:
    together = any_reader.score(QUESTION, READINGS)
    alone = [any_reader.score(QUESTION, [reading])[0] for reading in READINGS]
    assert all(np.array_equal(one, other) for one, other in zip(together, alone, strict=True))


def test_nothing_to_read(any_reader: Reader) -> None:
    assert list(any_reader.score(QUESTION, [])) == []


def test_the_limits_make_sense(any_reader: Reader) -> None:
    assert any_reader.limits.demand >= 0 and np.isfinite(any_reader.limits.threshold)
