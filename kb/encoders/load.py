"""From a setting to an encoder."""

import json
from pathlib import Path

from kb.encoder import Encoder
from kb.encoders.bundled import SHOP_ADAPTER, prepare_bundled
from kb.encoders.companion import CompanionEncoder
from kb.encoders.e5_network import E5_PROMPTS
from kb.encoders.english import prepare_english
from kb.encoders.gpu_passages import GpuPassageEncoder, has_gpu
from kb.encoders.hashing import HashingEncoder
from kb.encoders.onnx import OnnxEncoder
from kb.encoders.onnx_export import FLOAT_FILE, INT8_FILE
from kb.encoders.prepared import Announce

BUNDLED = "bundled"
MULTILINGUAL = "multilingual"
ENGLISH = "english"
HASHING = "hashing"
GRAPHS = {
    "float32": {"query": FLOAT_FILE, "passage": FLOAT_FILE},
    "mixed": {"query": INT8_FILE, "passage": FLOAT_FILE},
    "int8": {"query": INT8_FILE, "passage": INT8_FILE},
}
"""Precision of the bundled encoder, for questions and for passages (docs/decisions/0006-query-path.md)."""
NO_PROMPTS = {"query": "", "passage": ""}


def load_encoder(name_or_folder: str, cache: Path, precision: str = "mixed", announce: Announce = lambda _: None) -> Encoder:
    """The encoder that a setting names.

    ``bundled`` is multilingual-e5-small with what it learned of shoppers' questions, and all-MiniLM-L6-v2 beside it for
    English; ``multilingual`` and ``english`` are either of these models alone and as published; ``hashing`` needs no weights;
    all else is a sentence-transformers model by name or folder. What is not in ``cache`` yet is fetched and converted first;
    ``announce`` is told what takes time.

    Raises:
        EncoderError: the model is not there and cannot be fetched.
    """
    if name_or_folder in (BUNDLED, MULTILINGUAL, ENGLISH):
        return _load_prepared(name_or_folder, cache, precision, announce)
    if name_or_folder == HASHING:
        return HashingEncoder(256)
    from kb.encoders.sentence_transformer import SentenceTransformerEncoder  # imports torch, which the bundled encoder does not need

    return SentenceTransformerEncoder(name_or_folder)


def _load_prepared(name: str, cache: Path, precision: str, announce: Announce) -> Encoder:
    if name == ENGLISH:
        return load_converted(prepare_english(cache, announce), precision, NO_PROMPTS)
    if name == MULTILINGUAL:
        return load_converted(prepare_bundled(cache, announce), precision, E5_PROMPTS)
    main = load_converted(prepare_bundled(cache, announce, SHOP_ADAPTER), precision, E5_PROMPTS)
    return CompanionEncoder(main, load_converted(prepare_english(cache, announce), precision, NO_PROMPTS))


def load_converted(folder: Path, precision: str, prompts: dict[str, str]) -> Encoder:
    """A converted encoder in ``folder``; where there is a GPU, float32 passages are encoded on it.

    ``precision`` is float32, int8, or mixed: passages float32 and questions int8. The precision of the passages is part of
    the encoder's id, so float32 and mixed may search each other's versions.
    """
    identity = json.loads((folder / "citedesk.json").read_text(encoding="utf-8"))
    stored = "int8" if precision == "int8" else "float32"
    encoder = OnnxEncoder(folder, f"{identity['id']}-{stored}", GRAPHS[precision], prompts)
    return GpuPassageEncoder(encoder, folder) if stored == "float32" and has_gpu() else encoder
