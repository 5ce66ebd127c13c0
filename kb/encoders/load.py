"""From a setting to an encoder."""

import json
from pathlib import Path

from kb.encoder import Encoder
from kb.encoders.bundled import Announce, prepare_bundled
from kb.encoders.hashing import HashingEncoder
from kb.encoders.onnx import OnnxEncoder
from kb.encoders.onnx_export import FLOAT_FILE, INT8_FILE

BUNDLED = "bundled"
HASHING = "hashing"
GRAPHS = {
    "float32": {"query": FLOAT_FILE, "passage": FLOAT_FILE},
    "mixed": {"query": INT8_FILE, "passage": FLOAT_FILE},
    "int8": {"query": INT8_FILE, "passage": INT8_FILE},
}
"""Precision of the bundled encoder, for questions and for passages (docs/decisions/0006-query-path.md)."""
E5_PROMPTS = {"query": "query: ", "passage": "passage: "}


def load_encoder(name_or_folder: str, cache: Path, precision: str = "mixed", announce: Announce = lambda _: None) -> Encoder:
    """The encoder that a setting names: ``bundled``, ``hashing``, or any sentence-transformers model by name or folder.

    The bundled encoder is converted into ``cache`` first when it is not there; ``announce`` is told what takes time.

    Raises:
        EncoderError: the model is not there and cannot be fetched.
    """
    if name_or_folder == BUNDLED:
        return load_bundled(prepare_bundled(cache, announce), precision)
    if name_or_folder == HASHING:
        return HashingEncoder(256)
    from kb.encoders.sentence_transformer import SentenceTransformerEncoder  # imports torch, which the bundled encoder does not need

    return SentenceTransformerEncoder(name_or_folder)


def load_bundled(folder: Path, precision: str = "mixed") -> OnnxEncoder:
    """The converted bundled encoder in ``folder``.

    ``precision`` is float32, int8, or mixed: passages float32 and questions int8. The precision of the passages is part of
    the encoder's id, so float32 and mixed may search each other's versions.
    """
    identity = json.loads((folder / "citedesk.json").read_text(encoding="utf-8"))
    stored = "int8" if precision == "int8" else "float32"
    return OnnxEncoder(folder, f"{identity['id']}-{stored}", GRAPHS[precision], E5_PROMPTS)
