"""How near a text is to a passage beside other texts in its script: a measure that holds for any encoder and any two languages.

With v(x) the encoder's vector of x as a question, p the passage's vector and B the example sentences of `rag.person_need` in the script
of x, the height of x is (v(x)·p - mean of v(b)·p over b in B) / their standard deviation.
"""

import re
from pathlib import Path

import numpy as np

from kb.encoder import Encoder, FloatArray
from kb.text.tokens import HAN
from rag.person_need import example_vectors, read_examples

_HAN = re.compile(f"[{HAN}]")


class ExampleHeights:
    """Knows the examples' vectors. Safe for several threads."""

    def __init__(self, encoder: Encoder, cache: Path | None = None) -> None:
        """Takes the vectors of the examples from the folder ``cache``, or some seconds to encode them."""
        texts = [example.text for example in read_examples()]
        self.vectors = example_vectors(encoder, texts, cache)
        self.chinese = np.array([is_chinese(text) for text in texts])

    def beside(self, passage: FloatArray, chinese: bool) -> tuple[float, float]:
        """Mean and standard deviation of the inner products of the examples in one script with ``passage`` [dimension]."""
        products = self.vectors[self.chinese == chinese] @ passage
        return float(products.mean()), max(float(products.std()), 1e-6)


def is_chinese(text: str) -> bool:
    """Whether ``text`` has a Chinese character."""
    return _HAN.search(text) is not None
