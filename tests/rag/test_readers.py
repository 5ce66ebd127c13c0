"""Readers: what is laid before them, what they score; the bundled one on sentences it has never seen."""

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from kb.errors import EncoderError
from rag.reader import UNREAD, Reading
from rag.readers.deferred_claim_reader import DeferredClaimReader
from rag.readers.load import load_reader
from rag.readers.onnx_reader import OnnxReader
from rag.readers.reader_input import MOST_TOKENS, encode_reading
from rag.readers.word_reader import WordClaimReader, WordReader

KETTLE = Reading("Kettle K2", ("Descale it every 40 days.", "Never rinse the base under the tap.", "The cord measures 0.9 m."))
CHINESE = Reading("电热水壶 K2", ("每 40 天除一次水垢。", "底座不能用水冲洗。", "电源线长 0.9 米。"))


@pytest.fixture
def tokenizer() -> Tokenizer:
    made = Tokenizer(models.WordLevel({"<unk>": 3}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    return made


def test_every_token_of_a_sentence_counts_once_and_for_no_other(tokenizer: Tokenizer) -> None:
    laid = encode_reading(tokenizer, "how long is the cord", KETTLE)
    assert laid.ids[0] == 0 and laid.ids[-1] == 2 and list(laid.ids).count(2) == 3
    assert laid.question_pool.sum() == pytest.approx(1)
    assert laid.sentence_pool.sum(axis=1) == pytest.approx(1)
    assert ((laid.sentence_pool > 0).sum(axis=0) <= 1).all()
    assert not (laid.sentence_pool[:, laid.question_pool > 0]).any()


def test_what_does_not_fit_is_not_read(tokenizer: Tokenizer) -> None:
    laid = encode_reading(tokenizer, "cord?", Reading("Kettle", ("word " * MOST_TOKENS, "The cord measures 0.9 m.")))
    assert len(laid.ids) == MOST_TOKENS
    assert list(laid.read) == [True, False]


def test_words_decide_without_weights() -> None:
    (scores,) = WordReader().score("How long is the cord?", [KETTLE])
    assert scores.argmax() == 2
    assert isinstance(load_reader("words", Path("nowhere")), WordReader)


@pytest.mark.parametrize(
    ("question", "reading", "answer"),
    [
        ("how far does the cable reach", KETTLE, 2),
        ("can I hold it under running water?", KETTLE, 1),
        ("多久要清一次水垢", CHINESE, 0),
        ("线有多长", KETTLE, 2),
    ],
)
def test_the_bundled_reader_finds_the_sentence(reader: OnnxReader, question: str, reading: Reading, answer: int) -> None:
    (scores,) = reader.score(question, [reading])
    assert scores.argmax() == answer


@pytest.mark.parametrize(
    ("question", "reading"),
    [("How long is the cord?", KETTLE), ("电源线有多长？", CHINESE), ("多久除一次水垢", CHINESE)],
)
def test_the_bundled_reader_is_sure_of_a_plain_answer(reader: OnnxReader, question: str, reading: Reading) -> None:
    (scores,) = reader.score(question, [reading])
    assert scores.max() >= reader.limits.threshold


@pytest.mark.parametrize("question", ["Is it made in Portugal?", "有绿色的吗？", "Do you sell tea bags?"])
def test_the_bundled_reader_finds_nothing_where_nothing_answers(reader: OnnxReader, question: str) -> None:
    best = max(float(scores.max()) for scores in reader.score(question, [KETTLE, CHINESE]))
    assert best < max(float(scores.max()) for scores in reader.score("how long is the cord", [KETTLE, CHINESE]))


def test_a_passage_that_is_too_long_is_read_as_far_as_it_goes(reader: OnnxReader) -> None:
    long = Reading("Kettle", (*["Rinse it well before the first use."] * 90, KETTLE.sentences[2]))
    (scores,) = reader.score("how long is the cord", [long])
    assert scores[-1] == np.float32(UNREAD) and scores[0] > UNREAD


def test_a_reader_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="citedesk prepare"):
        OnnxReader(tmp_path)


def test_a_deferred_claim_reader_is_loaded_once_and_not_before_it_is_asked() -> None:
    loaded: list[WordClaimReader] = []

    def load() -> WordClaimReader:
        loaded.append(WordClaimReader())
        return loaded[-1]

    deferred = DeferredClaimReader(load)
    assert loaded == []
    readings = [Reading("Lamp", ("It dims.",))]
    assert deferred.score("It dims.", readings)[0].tolist() == WordClaimReader().score("It dims.", readings)[0].tolist()
    assert deferred.wording is WordClaimReader.wording
    assert len(loaded) == 1
