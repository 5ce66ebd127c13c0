"""BM25 over the passages that one audience may see, with language-aware terms."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from kb.encoder import FloatArray
from kb.passage import Passage
from kb.text.tokens import tokenize, tokenize_query

K1 = 0.9
B = 0.4
"""The parameters of Yang, Fang and Lin's Anserini, made for short passages (docs/decisions/0007-fusion.md)."""
ORDINALS_FILE = "ordinals.npy"
LANGUAGES_FILE = "languages.json"


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """BM25 scores (float32 [passages]), and ``attainable``: the sum of the weights of the question's terms."""

    scores: FloatArray
    attainable: float

    @property
    def coverage(self) -> float:
        """How much of the question the best passage matches, in [0, 1]."""
        return self.coverage_of(self.scores)

    def coverage_of(self, scores: FloatArray) -> float:
        """How much of the question the best of ``scores`` matches.

        Near 0 the words of the question do not occur there (another language, other names), and the scores say nothing.
        """
        if not len(scores) or self.attainable <= 0:
            return 0.0
        return min(1.0, float(scores.max()) / self.attainable)


class LexicalIndex:
    """Scores every passage of one audience against a question."""

    def __init__(self, index: bm25s.BM25 | None, ordinals: NDArray[np.int32], languages: tuple[str, ...]) -> None:
        """``index`` is None when there is nothing to find; ``languages`` are those of the indexed passages."""
        self._index = index
        self.ordinals = ordinals
        self.languages = languages
        self._frequencies = np.diff(index.scores["indptr"]) if index is not None else np.zeros(0, np.int64)

    def score(self, question: str) -> LexicalScores:
        """Scores for each of ``ordinals``; all 0 when no term of the question occurs."""
        terms = tokenize_query(question, self.languages) if self._index is not None else []
        known = [stem for stems in terms for stem in stems if self.idf(stem) is not None]
        if self._index is None or not known:
            return LexicalScores(np.zeros(len(self.ordinals), np.float32), 0.0)
        scores = np.asarray(self._index.get_scores(list(dict.fromkeys(known))), np.float32)
        return LexicalScores(scores, sum(self.weight(stems) for stems in terms))

    def idf(self, term: str) -> float | None:
        """Inverse document frequency of an index term as Lucene computes it, or None when it does not occur."""
        number = self._index.vocab_dict.get(term) if self._index is not None else None
        return None if number is None else self._idf_of(int(self._frequencies[number]))

    def weight(self, stems: tuple[str, ...]) -> float:
        """How much a question's term weighs: the smallest idf among its stems that occur, that of an unseen term if none does."""
        found = [idf for idf in map(self.idf, stems) if idf is not None]
        return min(found) if found else self._idf_of(0)

    def _idf_of(self, frequency: int) -> float:
        return math.log(1 + (len(self.ordinals) - frequency + 0.5) / (frequency + 0.5))


def build_lexical(folder: Path, passages: Sequence[Passage], ordinals: Sequence[int]) -> None:
    """Write the index of ``passages``, whose ordinals in the version are ``ordinals``, into the new ``folder``."""
    folder.mkdir(parents=True)
    np.save(folder / ORDINALS_FILE, np.asarray(ordinals, np.int32))
    languages = sorted({passage.language for passage in passages})
    (folder / LANGUAGES_FILE).write_text(json.dumps(languages), encoding="utf-8")
    terms = [tokenize(passage.encoded_text, passage.language) for passage in passages]
    if any(terms):
        index = bm25s.BM25(k1=K1, b=B, method="lucene")
        index.index(terms, show_progress=False)
        index.save(folder, show_progress=False)


def load_lexical(folder: Path) -> LexicalIndex:
    """The index that `build_lexical` wrote into ``folder``."""
    ordinals = np.load(folder / ORDINALS_FILE)
    languages = tuple(json.loads((folder / LANGUAGES_FILE).read_text(encoding="utf-8")))
    parameters = folder / "params.index.json"
    index = bm25s.BM25.load(folder, load_corpus=False) if parameters.exists() else None
    return LexicalIndex(index, ordinals, languages)
