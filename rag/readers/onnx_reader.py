"""The bundled reader: one ONNX run a passage, two at a time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from kb.encoder import FloatArray
from kb.encoders.onnx import open_session
from kb.errors import EncoderError
from rag.reader import UNREAD, Limits, Reading
from rag.readers.prepared_reader import GRAPH_FILE
from rag.readers.reader_input import encode_reading

LIMITS = Limits(threshold=-2.2, growth=0.65, demand=0.6)
"""Chosen on the tuning halves of golden questions, planted facts and invented shops (docs/decisions/0010-declining.md)."""


class OnnxReader:
    """Reads passages with the prepared reader of ``folder``, on ``workers`` threads of one core each."""

    limits = LIMITS

    def __init__(self, folder: Path, workers: int = 2) -> None:
        """Load the graph and the tokenizer.

        Raises:
            EncoderError: a file is missing or unreadable.
        """
        try:
            self._session = open_session(folder / GRAPH_FILE)
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:
            raise EncoderError(
                f"The reader in {folder} cannot be loaded ({error}). Delete that folder and run `citedesk prepare`."
            ) from error
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="reader")

    def score(self, question: str, readings: Sequence[Reading]) -> list[FloatArray]:
        """For each reading the scores of its sentences: logits against "nothing here answers"."""
        return list(self._pool.map(self._score_one, repeat(question), readings))

    def _score_one(self, question: str, reading: Reading) -> FloatArray:
        laid = encode_reading(self._tokenizer, question, reading)
        ids = laid.ids[None]
        scores: FloatArray = self._session.run(
            None,
            {
                "input_ids": ids,
                "attention_mask": np.ones_like(ids),
                "question_pool": laid.question_pool[None],
                "sentence_pool": laid.sentence_pool[None],
            },
        )[0][0]
        return np.where(laid.read, scores, np.float32(UNREAD))
