"""Mean and deviation along a question's vector are those of the products themselves."""

import numpy as np
import pytest

from kb.spread import SAMPLED, deviation_along, spread_of


def test_a_product_stands_where_all_products_say() -> None:
    rng = np.random.default_rng(0)
    vectors, asked = rng.normal(size=(300, 8)).astype(np.float32), rng.normal(size=8).astype(np.float32)
    ordinals = np.arange(50, 300)
    products = vectors[ordinals] @ asked
    spread = spread_of(vectors, ordinals)
    assert deviation_along(spread.covariance, asked) == pytest.approx(products.std(), rel=1e-4)
    assert spread.standing(asked, 3.0) == pytest.approx((3.0 - products.mean()) / products.std(), rel=1e-3)


def test_of_many_passages_an_even_sample_is_looked_at() -> None:
    vectors = np.tile(np.array([[1.0], [3.0]], np.float32), (SAMPLED, 1))
    assert spread_of(vectors, np.arange(2 * SAMPLED)).mean == pytest.approx([1.0])  # every second passage


def test_one_passage_has_no_spread() -> None:
    spread = spread_of(np.ones((1, 2), np.float32), np.array([0]))
    assert np.isfinite(spread.standing(np.ones(2, np.float32), 1.0))
