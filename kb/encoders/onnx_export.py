"""Exports a sentence-transformers folder's transformer as ONNX: float32, and int8 by dynamic quantisation."""

import logging
from pathlib import Path

FLOAT_FILE = "model.onnx"
INT8_FILE = "model_int8.onnx"


def export_onnx(model_folder: Path, target: Path) -> None:
    """Write ``model.onnx`` and ``model_int8.onnx`` into ``target``.

    Both take ``input_ids`` and ``attention_mask`` (int64 [batch, length]) and give ``embeddings`` (float32
    [batch, dimension]): mean-pooled over the mask and L2-normalised.
    """
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
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
    with torch.no_grad():
        torch.onnx.export(
            Pooled(),
            (ids, torch.ones_like(ids)),
            str(target / FLOAT_FILE),
            input_names=["input_ids", "attention_mask"],
            output_names=["embeddings"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    previous = logging.root.level
    logging.root.setLevel(logging.ERROR)  # the quantiser's advice on pre-processing goes to the root logger
    try:
        quantize_dynamic(target / FLOAT_FILE, target / INT8_FILE, weight_type=QuantType.QInt8, per_channel=True)
    finally:
        logging.root.setLevel(previous)
