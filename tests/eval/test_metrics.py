"""Ranking metrics against values worked out by hand."""

import pytest

from eval.metrics import hit, mean, ndcg, roc_area


def test_ndcg() -> None:
    assert ndcg(["a", "b"], {"a": 1}) == 1.0
    assert ndcg(["b", "a"], {"a": 1}) == pytest.approx(1 / 1.5849625)
    assert ndcg(["b"], {"a": 1}) == 0.0
    assert ndcg(["a", "b"], {"a": 1, "b": 2}) == pytest.approx((1 + 3 / 1.5849625) / (3 + 1 / 1.5849625))
    assert ndcg(["a"], {}) == 0.0


def test_hit_and_mean() -> None:
    assert (hit(["x", "a"], {"a": 1}, 1), hit(["x", "a"], {"a": 1}, 2)) == (0.0, 1.0)
    assert (mean([]), mean([1.0, 0.0])) == (0.0, 0.5)


def test_roc_area() -> None:
    assert roc_area([2.0, 3.0], [1.0, 0.0]) == 1.0
    assert roc_area([1.0], [1.0, 2.0]) == 0.25
    with pytest.raises(ValueError, match="both kinds"):
        roc_area([], [1.0])
