"""Fitting, on an encoder small enough to learn within seconds: what was learned changes the network as the adapter says."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel

from eval.shop import Shop, ShopPassage, ShopQuestion
from eval.training.encoder_fit import fit_encoder
from eval.training.example import Example, stripped
from eval.training.low_rank import adapt, factors_of, set_factors
from eval.training.reader_fit import fit_reader
from rag.reader import Reading
from rag.readers.network import ReaderNetwork

TOPICS = ("kettle", "lamp", "tent", "piano", "saddle", "heater")


@pytest.fixture
def tokenizer() -> Tokenizer:
    words = ("<s>", "<pad>", "</s>", "<unk>", *TOPICS, "costs", "ten", "what", "blue", "query", "passage", ":", ".")
    made = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


@pytest.fixture
def small_network() -> Callable[[], BertModel]:
    def make() -> BertModel:
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=32,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        return BertModel(config, add_pooling_layer=False)

    return make


def _shop() -> Shop:
    passages = tuple(ShopPassage(topic, topic, "", "en", "prose", f"{topic} costs ten.") for topic in TOPICS)
    questions = tuple(ShopQuestion(topic, "en", f"what {topic}", (topic,), f"{topic} costs ten.", "plain") for topic in TOPICS)
    return Shop("small", passages, questions)


@pytest.mark.slow
def test_the_encoder_learns_from_a_shop(small_network: Callable[[], BertModel], tokenizer: Tokenizer) -> None:
    losses: list[float] = []
    factors = fit_encoder([_shop()], small_network(), tokenizer, 40, tell=lambda step, steps, loss: losses.append(loss))
    assert losses[-1] < 0.75 * losses[0]
    assert set(factors) == {f"l{layer}.{part}.w" for layer in range(2) for part in ("q", "k", "v", "ao", "fi", "fo")}


@pytest.mark.slow
def test_the_reader_learns_which_sentence_answers_and_when_none_does(small_network: Callable[[], BertModel], tokenizer: Tokenizer) -> None:
    readings = tuple(Reading(topic, (f"{topic} costs ten.", f"{topic} blue.")) for topic in TOPICS[:3])
    answered = [
        Example(f"what {topic}", readings, tuple((0,) if reading.context == topic else () for reading in readings)) for topic in TOPICS[:3]
    ]
    unanswered = [Example(f"what {topic}", readings, ((), (), ())) for topic in TOPICS[3:]]
    losses: list[float] = []
    fitted = fit_reader(8 * (answered + unanswered), small_network(), tokenizer, 40, tell=lambda step, steps, loss: losses.append(loss))
    assert np.mean(losses[-6:]) < 0.7 * np.mean(losses[:6])
    assert set(fitted.head) == {"joint.weight", "joint.bias", "out.weight", "out.bias"}
    assert [example.answered for example in (answered[0], unanswered[0])] == [True, False]


def test_a_stripped_example_lost_what_answered() -> None:
    readings = (Reading("price", ("It costs ten.", "It is blue.")), Reading("how much?", ("Ten.",)), Reading("care", ("Wipe it.",)))
    left = stripped(Example("what does it cost", readings, ((0,), (0,), ())))
    assert left.readings == (Reading("price", ("It is blue.",)), Reading("care", ("Wipe it.",)))
    assert left.answers == ((), ())
    assert not left.answered


def test_a_fit_begins_where_the_factors_say(small_network: Callable[[], BertModel]) -> None:
    network = small_network()
    ids = torch.tensor([[0, 4, 5, 2]])
    before = network(input_ids=ids).last_hidden_state.detach()
    adapters = adapt(network, 4, 2.0)
    assert torch.equal(network(input_ids=ids).last_hidden_state, before)
    rng = np.random.default_rng(0)
    factors = {
        name: (rng.normal(size=tuple(adapter.a.shape)).astype(np.float32), rng.normal(size=tuple(adapter.b.shape)).astype(np.float32))
        for name, adapter in adapters.items()
    }
    set_factors(adapters, factors)
    assert not torch.allclose(network(input_ids=ids).last_hidden_state, before)
    assert all(np.array_equal(factors_of(adapters)[name][0], pair[0]) for name, pair in factors.items())


def test_the_network_scores_each_sentence_of_each_passage(small_network: Callable[[], BertModel]) -> None:
    scores = ReaderNetwork(small_network(), 32)(
        torch.ones((2, 5), dtype=torch.int64), torch.ones((2, 5)), torch.full((2, 5), 0.2), torch.full((2, 3, 5), 0.2)
    )
    assert scores.shape == (2, 3)
