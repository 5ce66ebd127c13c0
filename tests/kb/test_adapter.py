"""Adapters: written, read, added to the weights they were made for, and refused for others."""

from pathlib import Path

import numpy as np
import pytest

from kb.encoders.adapter import adapted, read_adapter, write_adapter
from kb.encoders.bundled import SHOP_ADAPTER
from kb.errors import EncoderError
from rag.readers.prepared_reader import ADAPTER

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(2, 6)).astype(np.float32), RNG.normal(size=(4, 2)).astype(np.float32)


def test_weights_change_by_the_product_of_the_factors(tmp_path: Path) -> None:
    write_adapter(tmp_path / "one.safetensors", 0.5, {"l0.q.w": (A, B)}, {"out.bias": np.ones(1, np.float32)})
    adapter = read_adapter(tmp_path / "one.safetensors")
    weights = {"l0.q.w": RNG.normal(size=24).astype(np.float32), "l0.q.b": np.zeros(4, np.float32)}
    changed = adapted(weights, adapter)
    assert changed["l0.q.w"] == pytest.approx(weights["l0.q.w"] + 0.5 * (B @ A).reshape(-1), abs=2e-2)
    assert changed["l0.q.b"] is weights["l0.q.b"]
    assert list(adapter.rest) == ["out.bias"]


def test_an_adapter_of_other_weights_is_refused(tmp_path: Path) -> None:
    write_adapter(tmp_path / "one.safetensors", 0.5, {"l0.q.w": (A, B)}, {})
    with pytest.raises(EncoderError, match=r"l0\.q\.w"):
        adapted({"l0.q.w": np.zeros(7, np.float32)}, read_adapter(tmp_path / "one.safetensors"))


def test_a_damaged_or_missing_adapter_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.safetensors").write_bytes(b"\x08\x00")
    for name in ("bad", "missing"):
        with pytest.raises(EncoderError, match=name):
            read_adapter(tmp_path / f"{name}.safetensors")


@pytest.mark.parametrize("path", [SHOP_ADAPTER, ADAPTER], ids=["encoder", "reader"])
def test_the_shipped_adapters_change_every_linear_layer(path: Path) -> None:
    adapter = read_adapter(path)
    assert len(adapter.factors) == 12 * 6
    assert path.stat().st_size < 4_000_000
