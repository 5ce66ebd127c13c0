"""Exports networks as ONNX: float32, and int8 by dynamic quantisation."""

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

FLOAT_FILE = "model.onnx"
INT8_FILE = "model_int8.onnx"
Axes = Mapping[str, Mapping[int, str]]


def export_onnx(model_folder: Path, target: Path) -> None:
    """Write ``model.onnx`` and ``model_int8.onnx`` of a sentence-transformers folder's transformer into ``target``.

    Both take ``input_ids`` and ``attention_mask`` (int64 [batch, length]) and give ``embeddings`` (float32
    [batch, dimension]): mean-pooled over the mask and L2-normalised.
    """
    import torch
    from transformers import AutoModel

    target.mkdir(parents=True, exist_ok=True)
    network = AutoModel.from_pretrained(model_folder, attn_implementation="eager").eval()

    class Pooled(torch.nn.Module):
        """The transformer with mean pooling and normalisation inside the graph."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            """Unit vectors [batch, dimension]."""
            hidden = self.network(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
            mean = (hidden * mask).sum(1) / mask.sum(1)
            normalised: torch.Tensor = torch.nn.functional.normalize(mean, dim=1)
            return normalised

    ids = torch.ones((2, 16), dtype=torch.int64)
    axes = {"input_ids": {0: "batch", 1: "length"}, "attention_mask": {0: "batch", 1: "length"}, "embeddings": {0: "batch"}}
    export_graph(Pooled(), {"input_ids": ids, "attention_mask": torch.ones_like(ids)}, "embeddings", axes, target / FLOAT_FILE)
    quantise(target / FLOAT_FILE, target / INT8_FILE)


def export_graph(network: "torch.nn.Module", inputs: Mapping[str, "torch.Tensor"], output: str, axes: Axes, target: Path) -> None:
    """Write ``network`` as one float32 graph, traced on ``inputs``; ``axes`` names those that vary."""
    import torch

    with torch.no_grad(), _quiet():
        torch.onnx.export(
            network,
            tuple(inputs.values()),
            str(target),
            input_names=list(inputs),
            output_names=[output],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )


def quantise(graph: Path, target: Path) -> None:
    """Write the int8 form of the float32 ``graph``: weights by channel, activations as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _quiet():
        quantize_dynamic(graph, target, weight_type=QuantType.QInt8, per_channel=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns of branches that do not matter here, and the quantiser gives advice to the root logger."""
    previous = logging.root.level
    logging.root.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.root.setLevel(previous)
