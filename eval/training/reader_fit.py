"""Fits the reader: which sentence answers, or that none does."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from eval.training.example import Example, stripped
from eval.training.low_rank import Factors, adapt, factors_of, set_factors
from eval.training.schedule import Schedule, half_precision
from kb.encoder import FloatArray
from rag.reader import UNREAD
from rag.readers.network import ReaderNetwork
from rag.readers.reader_input import ReaderInput, encode_reading

SCALE = 2.0
HEAD_RATE = 1e-3
BATCH = 8
READINGS = 3
"""Passages read for a question in one step: the answering one and others of those found, or others alone."""
STRIPPED_SHARE = 0.3
"""Nothing teaches "described, but this is not said" as well as a passage that has just lost its answer."""
TOGETHER = 8
"""Passages in one pass of the network, of like length."""
OUT_BIAS = -2.0
"""Where scores start: most sentences answer nothing."""


@dataclass(frozen=True, slots=True)
class Freedom:
    """How much of the trunk may change, and how fast: the adapters' rank, the share of the layers, from the lowest, that stay as they are,
    and the learning rate."""

    rank: int
    frozen_share: float
    rate: float


READER_FREEDOM = Freedom(16, 1 / 3, 3e-4)
"""The lowest layers keep what the encoder learned; it saves a fifth of the time."""
CLAIM_FREEDOM = Freedom(32, 0.0, 5e-4)
"""To tell a claim from its opposite takes more than to find an answer: with `READER_FREEDOM` the loss stays high on claims seen before."""


@dataclass(frozen=True, slots=True)
class FittedReader:
    """The changes of the trunk and the head's tensors."""

    factors: Factors
    head: dict[str, FloatArray]


def fit_reader(
    examples: Sequence[Example],
    trunk: BertModel,
    tokenizer: Tokenizer,
    epochs: int,
    start: Factors | None = None,
    start_head: Mapping[str, FloatArray] | None = None,
    tell: Callable[[int, int, float], None] = lambda step, steps, loss: None,
    seed: int = 1,
    freedom: Freedom = READER_FREEDOM,
) -> FittedReader:
    """Fit on ``examples``; ``tell`` hears step, steps and loss.

    ``start`` is where to begin: the encoder's own adapter, or an earlier reader's together with its head, of no higher rank.
    """
    torch.manual_seed(seed)
    draw = random.Random(seed)
    _make_quick(trunk)
    adapters = adapt(trunk, freedom.rank, SCALE)
    set_factors(adapters, start or {})
    trunk.encoder.layer[: int(freedom.frozen_share * len(trunk.encoder.layer))].requires_grad_(False)
    network = ReaderNetwork(trunk, trunk.config.hidden_size)
    torch.nn.init.constant_(network.out.bias, OUT_BIAS)
    network.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in (start_head or {}).items()}, strict=False)
    head = {name: parameter for name, parameter in network.named_parameters() if not name.startswith("trunk.")}
    body = [parameter for parameter in trunk.parameters() if parameter.requires_grad]
    steps = epochs * len(examples) // BATCH
    schedule = Schedule([(body, freedom.rate), (list(head.values()), HEAD_RATE)], steps)
    network.train()
    step = 0
    for _ in range(epochs):
        order = draw.sample(list(examples), len(examples))
        for at in range(0, len(order) - BATCH + 1, BATCH):
            loss = _loss(network, tokenizer, [_thinned(example, draw) for example in order[at : at + BATCH]])
            loss.backward()  # type: ignore[no-untyped-call]
            schedule.step()
            step += 1
            tell(step, steps, loss.item())
    return FittedReader(factors_of(adapters), {name: tensor.detach().numpy() for name, tensor in head.items()})


def _make_quick(trunk: BertModel) -> None:
    """A third of the time a step: no dropout, whose random numbers one core draws alone, attention in one piece, and frozen weights that
    need not be cast at every use. The adapters keep full precision."""
    trunk.set_attn_implementation("sdpa")
    trunk.to(torch.bfloat16)  # type: ignore[arg-type]
    for module in trunk.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0


def _thinned(example: Example, draw: random.Random) -> Example:
    """`READINGS` of the passages: one that answers if there is any, the best found of the others, and further ones, in any order.

    In a `STRIPPED_SHARE` of the examples the sentences that answer are taken out of their passages.
    """
    rows = range(len(example.readings))
    answering = [row for row in rows if example.answers[row]][:1]
    others = [row for row in rows if not example.answers[row]]
    further = draw.sample(others[1:], min(len(others[1:]), READINGS - 1 - len(answering)))
    kept = [*answering, *others[:1], *further]
    draw.shuffle(kept)
    thinned = Example(example.question, tuple(example.readings[row] for row in kept), tuple(example.answers[row] for row in kept))
    return stripped(thinned) if answering and draw.random() < STRIPPED_SHARE else thinned


def _loss(network: ReaderNetwork, tokenizer: Tokenizer, examples: Sequence[Example]) -> torch.Tensor:
    """The mean over the questions of the cross-entropy over all sentences and "none of them" (logit 0).

    The answering sentences of a question are taken together.
    """
    laid = [encode_reading(tokenizer, example.question, reading) for example in examples for reading in example.readings]
    scores = iter(_scores(network, laid))
    return torch.stack([_loss_of([next(scores) for _ in example.readings], example) for example in examples]).mean()


def _loss_of(scores: Sequence[torch.Tensor], example: Example) -> torch.Tensor:
    right = [part[number] for part, numbers in zip(scores, example.answers, strict=True) for number in numbers]
    none = torch.zeros(1)
    chosen = torch.stack(right) if right else none
    return torch.logsumexp(torch.cat([*scores, none]), 0) - torch.logsumexp(chosen, 0)


def _scores(network: ReaderNetwork, laid: Sequence[ReaderInput]) -> list[torch.Tensor]:
    """The scores of the sentences of each passage, read with others of like length."""
    order = sorted(range(len(laid)), key=lambda row: len(laid[row].ids))
    scores: list[torch.Tensor] = [torch.empty(0)] * len(laid)
    for at in range(0, len(order), TOGETHER):
        rows = order[at : at + TOGETHER]
        with half_precision():
            together = network(*_batch([laid[row] for row in rows])).float()
        for row, found in zip(rows, together, strict=True):
            read = torch.from_numpy(laid[row].read)
            scores[row] = found[: len(read)].masked_fill(~read, UNREAD)
    return scores


def _batch(laid: Sequence[ReaderInput]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    length = max(len(one.ids) for one in laid)
    sentences = max(len(one.sentence_pool) for one in laid)
    ids = torch.ones((len(laid), length), dtype=torch.int64)
    mask = torch.zeros((len(laid), length), dtype=torch.int64)
    question = torch.zeros((len(laid), length))
    pool = torch.zeros((len(laid), sentences, length))
    for row, one in enumerate(laid):
        ids[row, : len(one.ids)] = torch.from_numpy(one.ids)
        mask[row, : len(one.ids)] = 1
        question[row, : len(one.ids)] = torch.from_numpy(one.question_pool)
        pool[row, : len(one.sentence_pool), : len(one.ids)] = torch.from_numpy(one.sentence_pool)
    return ids, mask, question, pool
