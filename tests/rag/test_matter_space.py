"""The space of matters: what two texts are about, whatever the product and the language."""

import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from kb.encoder import Encoder
from kb.encoders.hashing import HashingEncoder
from rag.matter_space import DIRECTIONS, MatterSpace, learn_matter_space, read_matters

EXAMPLES = read_matters()


@pytest.fixture(scope="module")
def space(encoder: Encoder, encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> MatterSpace:
    cache = tmp_path_factory.mktemp("cache")
    if (encoder_cache / "matter-examples").is_dir():
        shutil.copytree(encoder_cache / "matter-examples", cache / "matter-examples")
    return learn_matter_space(encoder, cache)


def test_each_matter_is_told_of_each_product_in_both_languages() -> None:
    counts = Counter((example.matter, example.chinese) for example in EXAMPLES)
    assert len(counts) >= 2 * 50 and set(counts.values()) == {6}
    assert all("{" not in example.text for example in EXAMPLES)
    assert len({example.text for example in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.slow
def test_products_and_matters_that_it_was_not_shown(encoder: Encoder, space: MatterSpace) -> None:
    texts = ["the hinges of the wardrobe squeak", "squeaking hinges of the caravan door", "buying a wardrobe as a gift", "衣柜的合页吱吱响"]
    vectors = encoder.encode_passages(texts)
    places = np.stack([space.of_passages(vector, chinese) for vector, chinese in zip(vectors, (False, False, False, True), strict=True)])
    alike = places @ places.T
    assert alike[0, 1] > alike[0, 2] and alike[0, 3] > alike[0, 2]


def test_coordinates_have_length_one_and_the_vectors_are_kept(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    space = learn_matter_space(encoder, tmp_path)
    assert space.directions.shape == (encoder.dimension, min(encoder.dimension, DIRECTIONS))
    placed = space.of_passages(encoder.encode_passages(["cleaning the kettle"])[0], False)
    assert np.linalg.norm(placed) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(space.coordinates(np.zeros(encoder.dimension, np.float32)), np.zeros(space.directions.shape[1]))
    (kept,) = (tmp_path / "matter-examples").iterdir()
    assert np.load(kept).shape == (len(EXAMPLES), encoder.dimension)
    assert np.array_equal(learn_matter_space(encoder, tmp_path).directions, space.directions)
