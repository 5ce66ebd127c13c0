"""What a text is about but for the product: returns or a fire, of whatever thing.

Some fifty matters that shops are asked about, each of several products, in English and Chinese (``matters.json``, written from general
knowledge of shops), show in which directions of the encoder's space matters differ and in which only products, words and languages do.
With the scatter S_w of the vectors around the mean of their matter, and S_b of those means, Fisher's discriminant directions solve

    S_b a = λ (S_w + SHRINKAGE · tr(S_w) / dimension · I) a

(R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936; the shrinkage as in J. H. Friedman, "Regularized
discriminant analysis", 1989). Two texts are about the same matter where the cosine of their coordinates in them is high, be the matter
one of those or another.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kb.encoder import Encoder, FloatArray
from rag.kept_vectors import kept_vectors

MATTERS_FILE = Path(__file__).with_name("matters.json")
DIRECTIONS = 48
SHRINKAGE = 3.0


@dataclass(frozen=True, slots=True)
class MatterExample:
    """A text about ``matter``, of some product."""

    matter: str
    chinese: bool
    text: str


@dataclass(frozen=True, slots=True)
class MatterSpace:
    """``directions`` [dimension, at most `DIRECTIONS`]; ``means`` [2, dimension] of texts in other scripts and in Chinese script."""

    directions: FloatArray
    means: FloatArray

    def of_passages(self, vectors: FloatArray, chinese: bool) -> FloatArray:
        """The coordinates, of length 1, of passages' ``vectors`` [..., dimension] in one script."""
        return self.coordinates(vectors - self.means[int(chinese)])

    def coordinates(self, centred: FloatArray) -> FloatArray:
        """The coordinates, of length 1, of vectors less the mean of their like; zeros where nothing is left of one."""
        placed = centred @ self.directions
        return np.asarray(placed / np.maximum(np.linalg.norm(placed, axis=-1, keepdims=True), 1e-9), np.float32)


def learn_matter_space(encoder: Encoder, cache: Path | None = None) -> MatterSpace:
    """Learn the directions for ``encoder``; the vectors of the examples are kept in the folder ``cache``."""
    examples = read_matters()
    folder = None if cache is None else cache / "matter-examples"
    vectors = kept_vectors(encoder, encoder.encode_passages, [example.text for example in examples], folder)
    chinese = np.array([example.chinese for example in examples], int)
    means = np.stack([vectors[chinese == script].mean(axis=0) for script in (0, 1)])
    return MatterSpace(_discriminants(vectors - means[chinese], [example.matter for example in examples]), means)


def read_matters(path: Path = MATTERS_FILE) -> tuple[MatterExample, ...]:
    """The examples in ``path``: each matter of each product, in each language."""
    written = json.loads(path.read_text(encoding="utf-8"))
    return tuple(_examples(written["products"], written["matters"]))


def _examples(products: dict[str, list[str]], matters: dict[str, dict[str, str]]) -> Iterator[MatterExample]:
    for matter, by_language in matters.items():
        for language, text in by_language.items():
            for product in products[language]:
                yield MatterExample(matter, language == "zh", text.replace("{product}", product))


def _discriminants(vectors: FloatArray, classes: Sequence[str]) -> FloatArray:
    """Fisher's directions [dimension, k] of ``vectors`` [examples, dimension], the most telling ones first."""
    names = sorted(set(classes))
    index = np.array([names.index(name) for name in classes])
    means = np.stack([vectors[index == number].mean(axis=0) for number in range(len(names))]).astype(np.float64)
    around = vectors - means[index]
    within = around.T @ around / len(vectors)
    within += max(SHRINKAGE * float(np.trace(within)) / len(within), 1e-9) * np.eye(len(within))
    whitening = np.linalg.inv(np.linalg.cholesky(within))
    _, directions = np.linalg.eigh(whitening @ np.cov(means.T, bias=True) @ whitening.T)
    return np.asarray(whitening.T @ directions[:, ::-1][:, :DIRECTIONS], np.float32)
