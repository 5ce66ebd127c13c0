from collections.abc import Sequence

import numpy as np
import pytest

from kb.encoder import FloatArray
from kb.encoders import remembering
from kb.encoders.hashing import HashingEncoder
from kb.encoders.remembering import RememberingEncoder


class Counting(HashingEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[str]] = []

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        self.asked.append(list(texts))
        return super().encode_queries(texts)


def test_each_question_is_encoded_once_and_its_vector_is_the_same() -> None:
    inner = Counting()
    encoder = RememberingEncoder(inner)
    for texts in (["退货期限"], ["退货期限"], ["returns", "退货期限", "returns"], []):
        np.testing.assert_array_equal(encoder.encode_queries(texts), HashingEncoder().encode_queries(texts))
    assert inner.asked == [["退货期限"], ["returns"]]
    assert (encoder.id, encoder.dimension) == (inner.id, inner.dimension)
    np.testing.assert_array_equal(encoder.encode_passages(["a lamp"]), inner.encode_passages(["a lamp"]))


def test_only_the_last_questions_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "REMEMBERED", 2)
    inner = Counting()
    encoder = RememberingEncoder(inner)
    for text in ("one", "two", "one", "three", "one", "two"):
        encoder.encode_queries([text])
    assert inner.asked == [["one"], ["two"], ["three"], ["two"]]


def test_what_a_caller_does_to_its_vectors_changes_nothing() -> None:
    encoder = RememberingEncoder(HashingEncoder())
    encoder.encode_queries(["lamp"])[:] = 0
    assert np.linalg.norm(encoder.encode_queries(["lamp"])) == pytest.approx(1)
