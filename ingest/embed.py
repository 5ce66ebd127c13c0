"""Passages to vectors, reusing those of texts that were encoded before."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from kb.encoder import Encoder, FloatArray
from kb.passage import Passage
from kb.version import Version

BATCH = 256  # passages handed to the encoder at once; it makes its own, smaller batches
READ_AT_ONCE = 2000  # passages read from the old version at a time


@dataclass(frozen=True, slots=True)
class Embedding:
    """Vectors [passages, dimension] in the order of the passages, and how many of them had to be computed."""

    vectors: FloatArray
    computed: int


def text_hash(text: str) -> bytes:
    """What stands for an encoded text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def known_rows(live: Version | None, encoder: Encoder) -> dict[bytes, int]:
    """The rows of ``live``'s vectors by the hash of what was encoded; none if another encoder made them."""
    if live is None or live.manifest.encoder_id != encoder.id:
        return {}
    rows: dict[bytes, int] = {}
    for start in range(0, len(live.vectors), READ_AT_ONCE):
        ordinals = range(start, min(start + READ_AT_ONCE, len(live.vectors)))
        for ordinal, passage in zip(ordinals, live.passages(ordinals), strict=True):
            rows[text_hash(passage.encoded_text)] = ordinal
    return rows


def embed(
    passages: Sequence[Passage],
    encoder: Encoder,
    live: Version | None = None,
    begin: Callable[[int], None] | None = None,
    advance: Callable[[int], None] | None = None,
) -> Embedding:
    """Vectors of ``passages``: taken from ``live`` where it holds the text, else computed, each text once.

    Texts go to the encoder sorted by length, so that its batches need little padding. ``begin`` is told how many there are.
    """
    known = known_rows(live, encoder)
    hashes = [text_hash(passage.encoded_text) for passage in passages]
    missing = {key: passage.encoded_text for key, passage in zip(hashes, passages, strict=True) if key not in known}
    if begin is not None:
        begin(len(missing))
    computed = _encode(missing, encoder, advance)
    vectors = np.empty((len(passages), encoder.dimension), np.float32)
    for row, key in enumerate(hashes):
        if key in computed:
            vectors[row] = computed[key]
        else:
            assert live is not None
            vectors[row] = live.vectors[known[key]]
    return Embedding(vectors, len(computed))


def _encode(texts: dict[bytes, str], encoder: Encoder, advance: Callable[[int], None] | None) -> dict[bytes, FloatArray]:
    ordered = sorted(texts, key=lambda key: len(texts[key]), reverse=True)
    vectors: dict[bytes, FloatArray] = {}
    for batch in _batches(ordered):
        encoded = encoder.encode_passages([texts[key] for key in batch], advance)
        vectors.update(zip(batch, encoded, strict=True))
    return vectors


def _batches(keys: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
