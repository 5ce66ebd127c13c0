"""The weights of the quantised file as a network and a tokenizer that the libraries know."""

from typing import TYPE_CHECKING

from kb.encoders.quantised_file import QuantisedModel

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertModel

E5_PROMPTS = {"query": "query: ", "passage": "passage: "}
"""The prefixes that multilingual-e5 was trained with."""
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""What the file calls the parts of a layer, and what a Hugging Face BERT calls them."""


def build_network(model: QuantisedModel) -> "BertModel":
    """A BERT encoder without pooler, holding the file's weights."""
    import torch
    from transformers import BertConfig, BertModel

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
        # The only attention that exports to ONNX without branches on the length.
        attn_implementation="eager",  # type: ignore[call-arg]
    )
    network = BertModel(config, add_pooling_layer=False)
    names = {theirs: ours for ours, theirs in tensor_names(shape.layers).items()}
    state = {
        name: torch.from_numpy(model.tensors[names[name]]).reshape(parameter.shape) for name, parameter in network.named_parameters()
    }
    network.load_state_dict(state, strict=False)
    trained: BertModel = network.train(False)
    return trained


def build_tokenizer(model: QuantisedModel) -> "Tokenizer":
    """The file's unigram tokenizer; a pair becomes ``<s> A </s> </s> B </s>``."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(list(model.pieces), unk_id=model.unknown))
    collapse = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.Nmt(), normalizers.NFKC(), collapse])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def tensor_names(layers: int) -> dict[str, str]:
    """The file's tensor names and what a Hugging Face BERT calls them."""
    names = dict(_EMBEDDINGS)
    for layer in range(layers):
        for short, long in LAYER_PARTS.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    return names
