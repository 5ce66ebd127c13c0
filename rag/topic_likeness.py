"""Whether a question is about a topic that somebody named in a few words, in the same language or in another.

With v(q) the encoder's vector of a question, p(T) that of the topic T as a passage, and B the example questions of `rag.person_need` in
the script of q,

    score(T, q) = (v(q)·p(T) - mean of v(b)·p(T) over b in B) / their standard deviation
                  + SAME_MATTER · cosine of q and T in the space of matters (`rag.matter_space`)
                  - MISSING · max over content words w of T of (v(q)·p(T without w) - v(q)·p(T))
                  - SAME_SCRIPT · [q and T are both in Chinese script, or neither is]

The first term is how much nearer q is to T than other questions of shoppers are, whatever the languages. The second compares what the two
are about but for the product. The third is large where q would be nearer to T without one of its words: where it is about the same product,
but not about the same matter. The fourth asks a little more of those who could have used the very words. A question about other products
than the topic names is never about it (docs/decisions/0036-stop-button.md).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from kb.encoder import Encoder, FloatArray
from kb.text.sentences import split_sentences
from kb.text.tokens import HAN, segmenter
from rag.example_heights import ExampleHeights, is_chinese
from rag.matter_space import learn_matter_space
from rag.products import model_terms
from rag.slots import products_in

SAME_MATTER = 6.0
MISSING = 25.0
SAME_SCRIPT = 2.0
NEEDED = 3.6
"""Chosen on the tuning halves of ``eval/freezes.jsonl`` and ``eval/freezes_later.jsonl`` for a recall of .98
(docs/decisions/0036-stop-button.md)."""
TOPICS = 256
SENTENCES = 6
"""Sentences of a longer message that are looked at by themselves, beside the whole."""
_WORDS = re.compile(rf"(?P<han>[{HAN}]+)|[^\W{HAN}][^\W{HAN}]*(?:['’-][^\W{HAN}]+)*")
_CODE = re.compile(r"(?<![a-z0-9])[a-z]{1,4}-?\d{1,5}[a-z]{0,2}(?![a-z0-9])")
_SMALL_WORDS = frozenset(
    "a an the of for to in on at by with from after before and or our your my new is are 的 了 和 与 在 是 被 后 因 及".split()
)


@dataclass(frozen=True, slots=True)
class _Topic:
    """A topic's vector [dimension], its place among the matters, the vectors of it without one of its words, and the models it names.

    ``means`` and ``spreads`` are of the inner products with the examples in Chinese script and in others.
    """

    vector: FloatArray
    matter: FloatArray
    without: FloatArray
    chinese: bool
    models: frozenset[str]
    means: tuple[float, float]
    spreads: tuple[float, float]


class TopicLikeness:
    """Compares questions with topics. Safe for several threads."""

    def __init__(self, encoder: Encoder, cache: Path | None = None) -> None:
        """Takes the vectors of the examples from the folder ``cache``, or some seconds to encode them."""
        self._encoder = encoder
        self._examples = ExampleHeights(encoder, cache)
        self._matters = learn_matter_space(encoder, cache)
        self._asked_means = np.stack([self._examples.vectors[self._examples.chinese == script].mean(axis=0) for script in (False, True)])
        self._prepared = lru_cache(TOPICS)(self._prepare)

    def about(self, topics: Sequence[str], texts: Sequence[str]) -> int | None:
        """The position of the topic that ``texts``, forms of one question, are most surely about; None where they are about none."""
        scores = self.scores(topics, texts)
        best = int(scores.argmax()) if len(scores) else 0
        return best if len(scores) and scores[best] >= NEEDED else None

    def scores(self, topics: Sequence[str], texts: Sequence[str]) -> FloatArray:
        """How surely ``texts`` are about each of ``topics`` [topics]: the best of all texts, whole and by sentence."""
        pieces = list(dict.fromkeys(piece for text in texts for piece in _pieces(text)))
        if not topics or not pieces:
            return np.zeros(0, np.float32)
        vectors = self._encoder.encode_queries(pieces)
        named = frozenset().union(*(models_in(text) for text in texts))
        return np.array([self._score(self._prepared(topic), pieces, vectors, named) for topic in topics], np.float32)

    def _score(self, topic: _Topic, pieces: Sequence[str], vectors: FloatArray, named: frozenset[str]) -> float:
        if topic.models and named and not topic.models & named:
            return -np.inf
        chinese = [int(is_chinese(piece)) for piece in pieces]
        near = vectors @ topic.vector
        heights = (near - np.take(topic.means, chinese)) / np.take(topic.spreads, chinese)
        matters = self._matters.coordinates(vectors - self._asked_means[chinese]) @ topic.matter
        lacks = (vectors @ topic.without.T - near[:, None]).max(axis=1)
        same = np.equal(chinese, topic.chinese)
        return float((heights + SAME_MATTER * matters - MISSING * lacks - SAME_SCRIPT * same).max())

    def _prepare(self, topic: str) -> _Topic:
        shorter = _without_a_word(topic)
        vectors = self._encoder.encode_passages([topic, *shorter])
        (mean, spread), (chinese_mean, chinese_spread) = (self._examples.beside(vectors[0], script) for script in (False, True))
        means, spreads = (mean, chinese_mean), (spread, chinese_spread)
        chinese = is_chinese(topic)
        matter = self._matters.of_passages(vectors[0], chinese)
        return _Topic(vectors[0], matter, vectors[1:] if shorter else vectors, chinese, models_in(topic), means, spreads)


def models_in(text: str) -> frozenset[str]:
    """The model numbers and codes that ``text`` names, in lower case: ``{"k7"}``, ``{"320"}``."""
    codes = {code.replace("-", "") for code in _CODE.findall(text.lower())}
    return model_terms(" ".join(products_in(text))) | codes


def _pieces(text: str) -> list[str]:
    spans = split_sentences(text, "zh" if is_chinese(text) else "en")
    return [text, *(text[start:end] for start, end in spans[:SENTENCES] if len(spans) > 1)]


def _without_a_word(topic: str) -> list[str]:
    """``topic`` without each of its content words in turn; nothing where it has but one."""
    spans = [(start, end) for start, end in _word_spans(topic) if topic[start:end].lower() not in _SMALL_WORDS]
    return [" ".join((topic[:start] + topic[end:]).split()) for start, end in spans] if len(spans) > 1 else []


def _word_spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _WORDS.finditer(text):
        if not match["han"]:
            yield match.span()
            continue
        start = match.start()
        for word in segmenter().cut(match.group()):
            yield start, start + len(word)
            start += len(word)


