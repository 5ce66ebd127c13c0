"""The path that a GPU takes, run on the CPU here: same weights, same vectors."""

from pathlib import Path

import numpy as np
import pytest

from kb.encoders import load
from kb.encoders.bundled import SHOP_ADAPTER, bundled_folder
from kb.encoders.e5_network import E5_PROMPTS
from kb.encoders.gpu_passages import GpuPassageEncoder, has_gpu
from kb.encoders.load import load_converted
from kb.encoders.onnx import OnnxEncoder

TEXTS = ["You can return any item within 30 days of delivery.", "签收后30天内可以退货。", "Error E04: the tank is empty. " * 40]


def test_passages_encoded_by_torch_equal_those_of_the_graph(encoder_cache: Path) -> None:
    folder = bundled_folder(encoder_cache, SHOP_ADAPTER)
    graph = load_converted(folder, "float32", E5_PROMPTS)
    told: list[int] = []
    torch_encoder = GpuPassageEncoder(graph, folder, device="cpu")
    vectors = torch_encoder.encode_passages(TEXTS, told.append)
    np.testing.assert_allclose(vectors, graph.encode_passages(TEXTS), atol=2e-5)
    assert (torch_encoder.id, torch_encoder.dimension, sum(told)) == (graph.id, graph.dimension, len(TEXTS))
    np.testing.assert_array_equal(torch_encoder.encode_queries(TEXTS[:1]), graph.encode_queries(TEXTS[:1]))


def test_a_gpu_encodes_float32_passages_and_nothing_else(encoder_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = bundled_folder(encoder_cache, SHOP_ADAPTER)
    monkeypatch.setattr(load, "has_gpu", lambda: True)
    assert isinstance(load_converted(folder, "mixed", E5_PROMPTS), GpuPassageEncoder)
    assert isinstance(load_converted(folder, "int8", E5_PROMPTS), OnnxEncoder)


def test_a_real_gpu_gives_the_same_vectors(encoder_cache: Path) -> None:
    if not has_gpu():
        pytest.skip("no GPU that torch could use")
    folder = bundled_folder(encoder_cache, SHOP_ADAPTER)
    encoder = load_converted(folder, "float32", E5_PROMPTS)
    on_cpu = GpuPassageEncoder(encoder, folder, "cpu")
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), on_cpu.encode_passages(TEXTS), atol=1e-3)
