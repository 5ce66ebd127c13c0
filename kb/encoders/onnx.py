"""An encoder over ONNX graphs that pool and normalise inside: the fast path on CPUs."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from kb.encoder import FloatArray, Progress
from kb.errors import EncoderError

MAX_TOKENS = 512


class OnnxEncoder:
    """Encodes one text a run, on ``workers`` threads of one core each.

    A batch of one wastes nothing on padding, and keeps a vector independent of its neighbours: dynamic quantisation
    scales activations by the largest value in the whole batch. On two cores, two workers of one thread serve more than
    one worker of two threads (docs/decisions/0006-query-path.md).
    """

    def __init__(self, folder: Path, identity: str, graphs: dict[str, str], prompts: dict[str, str], workers: int = 2) -> None:
        """Load ``folder/onnx/…`` and the folder's tokenizer. ``graphs`` and ``prompts`` have the keys query and passage.

        Raises:
            EncoderError: a file is missing or unreadable.
        """
        try:
            sessions = {name: open_session(folder / "onnx" / name) for name in set(graphs.values())}
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:
            raise EncoderError(
                f"The encoder in {folder} cannot be loaded ({error}). Delete that folder and run `citedesk prepare`."
            ) from error
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._sessions = {role: sessions[name] for role, name in graphs.items()}
        self._prompts = prompts
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="encoder")
        self.id = identity
        self.dimension = int(self._sessions["passage"].get_outputs()[0].shape[1])

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [len(texts), dimension] of questions."""
        return self._encode(texts, "query", None)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> FloatArray:
        """Vectors [len(texts), dimension] of passages. ``progress`` is told how many more texts are done."""
        return self._encode(texts, "passage", progress)

    def _encode(self, texts: Sequence[str], role: str, progress: Progress | None) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        if len(texts) == 1:
            return self._run(texts[0], role)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for row, vector in enumerate(self._pool.map(self._run, texts, repeat(role))):
            vectors[row] = vector[0]
            if progress is not None:
                progress(1)
        return vectors

    def _run(self, text: str, role: str) -> FloatArray:
        ids = np.array([self._tokenizer.encode(self._prompts[role] + text).ids], np.int64)
        vectors: FloatArray = self._sessions[role].run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0]
        return vectors


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """A session on one thread of one CPU core. Raises whatever onnxruntime raises for a file it cannot read."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
