"""With a model of a few thousand random weights: what it says is arbitrary, what is made of it is not."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from kb.errors import EncoderError
from rag.reader import Reading
from rag.readers.entailment_reader import EntailmentReader
from rag.readers.load import load_claim_reader
from rag.verify.verifier import ClaimReader

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "returns", "take", "30", "days", "no", "lamps", "."]
LABELS = {0: "contradiction", 1: "Entailment", 2: "neutral"}
READINGS = [Reading("lamps", ("returns take 30 days .", "no returns .")), Reading("", ("lamps take days .",))]


def _model(folder: Path, labels: dict[int, str]) -> str:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, id2label=labels
    )
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    marks = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **marks)  # type: ignore[no-untyped-call]
    BertForSequenceClassification(config).save_pretrained(folder)
    wrapped.save_pretrained(folder)
    return str(folder)


def test_the_logit_is_that_of_entailment_against_all_else(tmp_path: Path) -> None:
    reader: ClaimReader = EntailmentReader(_model(tmp_path, LABELS))
    scores = reader.score("returns take days .", READINGS)
    assert [one.shape for one in scores] == [(2,), (1,)]
    model = BertForSequenceClassification.from_pretrained(tmp_path)
    model.train(False)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    laid = tokenizer("lamps\nno returns .", "returns take days .", return_tensors="pt")
    with torch.no_grad():
        p = model(**laid).logits.softmax(-1)[0, 1].item()
    assert scores[0][1] == pytest.approx(np.log(p / (1 - p)), abs=1e-5)


def test_no_passages_and_empty_ones_are_no_error(tmp_path: Path) -> None:
    reader = EntailmentReader(_model(tmp_path, LABELS))
    assert reader.score("no returns .", []) == []
    assert [len(one) for one in reader.score("no returns .", [Reading("lamps", ()), READINGS[0]])] == [0, 2]


def test_a_model_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="tells relevant, irrelevant, not entailment"):
        EntailmentReader(_model(tmp_path, {0: "relevant", 1: "irrelevant"}))


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"CITEDESK_ENTAILMENT"):
        load_claim_reader("bundled", tmp_path, entailment=str(tmp_path / "missing"))
