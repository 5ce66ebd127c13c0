"""How a question and a passage are laid before the reader: one pair of texts, and which tokens belong to which sentence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from kb.encoder import FloatArray
from kb.encoders.e5_network import E5_PROMPTS
from rag.reader import Reading

MOST_TOKENS = 384
MOST_QUESTION_TOKENS = 96


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """``ids`` int64 [length]; ``question_pool`` [length] and ``sentence_pool`` [sentences, length] average the tokens of each.

    The row of a sentence that was cut off is all 0.
    """

    ids: NDArray[np.int64]
    question_pool: FloatArray
    sentence_pool: FloatArray

    @property
    def read(self) -> NDArray[np.bool_]:
        """Which sentences are at least partly in."""
        return np.asarray(self.sentence_pool.any(axis=1))


def encode_reading(tokenizer: Tokenizer, question: str, reading: Reading) -> ReaderInput:
    """Tokenise the pair ``query: QUESTION`` and ``passage: CONTEXT, SENTENCES``, a sentence a line.

    ``tokenizer`` must neither pad nor truncate. What goes past `MOST_TOKENS` is cut off at the end of the passage.
    """
    passage, spans = _laid_out(reading)
    asked = tokenizer.encode(E5_PROMPTS["query"] + question, add_special_tokens=False).ids[:MOST_QUESTION_TOKENS]
    told = tokenizer.encode(passage, add_special_tokens=False)
    room = MOST_TOKENS - len(asked) - 4
    ids = [0, *asked, 2, 2, *told.ids[:room], 2]  # <s> A </s> </s> B </s>
    first = len(asked) + 3
    question_pool = np.zeros(len(ids), np.float32)
    question_pool[1 : 1 + len(asked)] = 1 / max(1, len(asked))
    middles = np.array([(start + end) / 2 if end > start else -1.0 for start, end in told.offsets[:room]])
    sentence_pool = np.zeros((len(spans), len(ids)), np.float32)
    for row, (start, end) in enumerate(spans):
        columns = first + np.flatnonzero((middles >= start) & (middles <= end))
        if len(columns):
            sentence_pool[row, columns] = 1 / len(columns)
    return ReaderInput(np.array(ids, np.int64), question_pool, sentence_pool)


def _laid_out(reading: Reading) -> tuple[str, list[tuple[int, int]]]:
    text = E5_PROMPTS["passage"] + reading.context
    spans = []
    for sentence in reading.sentences:
        spans.append((len(text) + 1, len(text) + 1 + len(sentence)))
        text += "\n" + sentence
    return text, spans
