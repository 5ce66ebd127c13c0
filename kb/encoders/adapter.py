"""A low-rank adapter (Hu et al. 2021, LoRA): what a model learned on top of the weights it started from, in a few megabytes.

A file holds, for each changed weight matrix W [out, in] of the quantised weight file, ``NAME.a`` [rank, in] and ``NAME.b``
[out, rank]; W becomes W + scale * b a. All other tensors in it (a head, say) are the owner's. Adapters are fitted by
``citedesk eval fit-encoder`` and ``fit-reader`` on texts written for this project (docs/decisions/0011-adapters.md).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from kb.encoder import FloatArray
from kb.errors import EncoderError


@dataclass(frozen=True, slots=True)
class Adapter:
    """``factors`` are pairs (a, b) by tensor name, ``rest`` all other tensors."""

    scale: float
    factors: Mapping[str, tuple[FloatArray, FloatArray]]
    rest: Mapping[str, FloatArray]


def adapter_digest(path: Path) -> str:
    """The beginning of the file's SHA-256: what names the things made with this adapter.

    Raises:
        EncoderError: the file is missing.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    except OSError as error:
        raise EncoderError(f"The adapter {path} cannot be read ({error}). Install Citedesk again.") from error


def read_adapter(path: Path) -> Adapter:
    """The adapter in ``path``.

    Raises:
        EncoderError: the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="numpy") as stored:
            tensors = {name: stored.get_tensor(name).astype(np.float32) for name in stored.keys()}  # noqa: SIM118 - not a mapping
            scale = float((stored.metadata() or {})["scale"])
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise EncoderError(f"The adapter {path} cannot be read ({error}). Install Citedesk again.") from error
    changed = [name.removesuffix(".a") for name in tensors if name.endswith(".a")]
    factors = {name: (tensors[f"{name}.a"], tensors[f"{name}.b"]) for name in changed}
    rest = {name: tensor for name, tensor in tensors.items() if name[:-2] not in factors}
    return Adapter(scale, factors, rest)


def write_adapter(path: Path, scale: float, factors: Mapping[str, tuple[FloatArray, FloatArray]], rest: Mapping[str, FloatArray]) -> None:
    """Write an adapter at half precision, which halves the file and changes no vector by a visible amount."""
    tensors = {f"{name}.{side}": part for name, pair in factors.items() for side, part in zip("ab", pair, strict=True)}
    halved = {name: np.ascontiguousarray(tensor, np.float16) for name, tensor in {**tensors, **rest}.items()}
    save_file(halved, path, metadata={"scale": str(scale)})


def adapted(tensors: Mapping[str, NDArray[np.float32]], adapter: Adapter) -> dict[str, NDArray[np.float32]]:
    """``tensors`` (flat, as the quantised weight file has them) with the adapter's changes added.

    Raises:
        EncoderError: the adapter belongs to other weights.
    """
    changed = dict(tensors)
    for name, (a, b) in adapter.factors.items():
        if name not in tensors or tensors[name].size != b.shape[0] * a.shape[1]:
            raise EncoderError(f"The adapter changes a tensor {name} that these weights do not have. Install Citedesk again.")
        changed[name] = tensors[name] + (adapter.scale * (b @ a)).reshape(-1)
    return changed
