"""Simultaneous questions are embedded together, and nobody is given another's vector, another's error, or nothing."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock

import numpy as np
import pytest

from kb.encoder import Encoder, FloatArray
from kb.encoders.batching import BatchingEncoder
from kb.encoders.hashing import HashingEncoder
from tests.processes import eventually


class Gated(HashingEncoder):
    """Encodes when the gate is open; refuses a text that is poison."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Event()
        self.entered = 0
        self.asked: list[list[str]] = []
        self._lock = Lock()

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        with self._lock:
            self.entered += 1
        assert self.gate.wait(20)
        with self._lock:
            self.asked.append(list(texts))
        if "poison" in texts:
            raise ValueError("poison")
        return super().encode_queries(texts)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(64) as threads:
        yield threads


def _gather(pool: ThreadPoolExecutor, encoder: BatchingEncoder, inner: Gated, calls: Sequence[Sequence[str]]) -> list[Future[FloatArray]]:
    """The first call runs into the closed gate, and all others wait behind it when the gate is opened."""
    first = pool.submit(encoder.encode_queries, calls[0])
    assert eventually(lambda: inner.entered == 1)
    others = []
    for number, texts in enumerate(calls[1:], 1):
        others.append(pool.submit(encoder.encode_queries, texts))
        assert eventually(lambda waiting=number: len(encoder._queue) == waiting)  # type: ignore[misc]
    inner.gate.set()
    return [first, *others]


def test_what_arrives_while_a_batch_runs_is_the_next_batch(pool: ThreadPoolExecutor) -> None:
    inner = Gated()
    encoder = BatchingEncoder(inner, at_once=1)
    calls = [["returns"], ["退货期限"], ["lamp", "returns"], ["退货期限", "lamp"]]
    for future, texts in zip(_gather(pool, encoder, inner, calls), calls, strict=True):
        np.testing.assert_array_equal(future.result(20), HashingEncoder().encode_queries(texts))
    assert inner.asked == [["returns"], ["退货期限", "lamp", "returns"]]
    assert (encoder.id, encoder.dimension) == (inner.id, inner.dimension)


def test_a_batch_is_bounded_and_the_next_waits_for_nobody(pool: ThreadPoolExecutor) -> None:
    inner = Gated()
    encoder = BatchingEncoder(inner, longest=2, at_once=1)
    calls = [["one"], ["two"], ["three"], ["four"]]
    for future, texts in zip(_gather(pool, encoder, inner, calls), calls, strict=True):
        np.testing.assert_array_equal(future.result(20), HashingEncoder().encode_queries(texts))
    assert inner.asked == [["one"], ["two", "three"], ["four"]]


def test_a_long_request_is_cut_so_that_others_come_between() -> None:
    inner = Gated()
    inner.gate.set()
    texts = [f"question {number}" for number in range(5)]
    np.testing.assert_array_equal(BatchingEncoder(inner, longest=2).encode_queries(texts), HashingEncoder().encode_queries(texts))
    assert inner.asked == [texts[:2], texts[2:4], texts[4:]]
    assert BatchingEncoder(inner).encode_queries([]).shape == (0, inner.dimension)


def test_an_error_reaches_him_alone_whose_text_it_is_and_the_next_is_served(pool: ThreadPoolExecutor) -> None:
    inner = Gated()
    encoder = BatchingEncoder(inner, at_once=1)
    calls = [["one"], ["two"], ["poison"], ["three"]]
    one, two, poison, three = _gather(pool, encoder, inner, calls)
    for future, text in ((one, "one"), (two, "two"), (three, "three")):
        np.testing.assert_array_equal(future.result(20), HashingEncoder().encode_queries([text]))
    with pytest.raises(ValueError, match="poison"):
        poison.result(20)
    with pytest.raises(ValueError, match="poison"):
        encoder.encode_queries(["poison"])
    assert encoder.encode_queries(["four"]).shape == (1, inner.dimension)


def test_as_many_batches_run_at_once_as_are_allowed(pool: ThreadPoolExecutor) -> None:
    inner = Gated()
    encoder = BatchingEncoder(inner, at_once=2)
    futures = [pool.submit(encoder.encode_queries, [f"text {number}"]) for number in range(8)]
    assert eventually(lambda: inner.entered == 2 and len(encoder._queue) == 6)
    inner.gate.set()
    assert [future.result(20).shape for future in futures] == [(1, inner.dimension)] * 8
    assert sum(map(len, inner.asked)) == 8
    assert len(inner.asked) < 8


@pytest.mark.slow
def test_under_a_storm_of_callers_everyone_gets_his_own(pool: ThreadPoolExecutor) -> None:
    encoder = BatchingEncoder(HashingEncoder(), longest=4)
    calls = [[f"question {number % 97}", f"and {number % 13}"] for number in range(2000)]
    plain = HashingEncoder()
    for texts, vectors in zip(calls, pool.map(encoder.encode_queries, calls), strict=True):
        np.testing.assert_array_equal(vectors, plain.encode_queries(texts))
    assert not encoder._queue
    assert encoder._idle == 2


def test_the_bundled_encoder_gives_the_same_vectors_to_the_bit(encoder: Encoder, pool: ThreadPoolExecutor) -> None:
    """Its activations are scaled by the largest of a run: it must not matter who asks at the same moment (decision 0006)."""
    texts = ["How long is the warranty of the heater?", "退货期限是几天？", "battery", "Puis-je retourner un article ouvert ?"] * 6
    alone = [encoder.encode_queries([text]) for text in texts]
    together = pool.map(BatchingEncoder(encoder, at_once=1).encode_queries, [[text] for text in texts])
    for ours, theirs in zip(together, alone, strict=True):
        np.testing.assert_array_equal(ours, theirs)
