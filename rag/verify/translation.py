"""Whether a sentence can say in its language what a quote says in another one.

No words are shared there, and the claim reader, which learned from claims that are nearly right, is easily wrong about texts of quite
another kind. The encoder, which learned from neither, is asked too: with v(x) its vector of x as a question, p(Q) that of the quote as a
passage, and B the example sentences of `rag.person_need` in the script of the sentence x,

    height(x, Q) = (v(x)·p(Q) - mean of v(b)·p(Q) over b in B) / their standard deviation

is how much nearer x is to the quote than any sentence in its language is (docs/decisions/0045-sent-sentences.md).
"""

from functools import lru_cache
from pathlib import Path

from kb.encoder import Encoder, FloatArray
from rag.example_heights import ExampleHeights, is_chinese

ABOUT = 2.5
"""Standard deviations at which a quote may be about what a sentence says. Of true paraphrases across English and Chinese 24 of 25 reach
it, of sentences about other matters one of forty."""
SAYS = 3.2
"""Those at which a sentence that a model wrote is sent: nearly as many true ones reach it, and less than one of a hundred others."""
REMEMBERED = 4096
"""Quotes whose vectors are kept: the same passages are found for one claim after the other."""


class TranslationCheck:
    """Compares sentences with quotes in other languages. Safe for several threads."""

    def __init__(self, encoder: Encoder, cache: Path | None = None) -> None:
        """Takes the vectors of the examples from the folder ``cache``, or some seconds to encode them."""
        self._encoder = encoder
        self._examples = ExampleHeights(encoder, cache)
        self._told = lru_cache(REMEMBERED)(self._encode)

    def height(self, text: str, quote: str, context: str) -> float:
        """How much nearer ``text`` is to ``quote``, which stands under the headings ``context``, than other sentences in its script are."""
        told = self._told(f"{context}\n{quote}".strip())
        mean, spread = self._examples.beside(told, is_chinese(text))
        return (float(self._encoder.encode_queries([text])[0] @ told) - mean) / spread

    def _encode(self, told: str) -> FloatArray:
        vector: FloatArray = self._encoder.encode_passages([told])[0]
        return vector
