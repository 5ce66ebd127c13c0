"""Fits the encoder: a shopper's question nearest to the passage, and to the very sentence, that answers it among all of its shop."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from transformers import BertModel

from eval.shop import Shop, ShopPassage, answers, sentences_of
from eval.training.low_rank import Factors, adapt, factors_of, set_factors
from eval.training.schedule import Schedule, half_precision
from kb.encoders.e5_network import E5_PROMPTS

RANK = 16
SCALE = 2.0
RATE = 4e-4
TEMPERATURE = 0.03
QUESTIONS = 48
"""Questions of a shop in one step; its passages are all there, as each other's hard negatives."""
OTHER_SENTENCES = 40
BACKWARD_WEIGHT = 0.3
"""Weight of finding the question by its passage."""
BATCH = 32
MOST_TOKENS = 192


@dataclass(frozen=True, slots=True)
class _Step:
    """Texts of one step, and for each question the row of its passage and the rows of the sentences that answer."""

    questions: list[str]
    passages: list[str]
    sentences: list[str]
    passage_of: list[int]
    answers: list[list[int]]


def fit_encoder(
    shops: Sequence[Shop],
    network: BertModel,
    tokenizer: Tokenizer,
    epochs: int,
    start: Factors | None = None,
    tell: Callable[[int, int, float], None] = lambda step, steps, loss: None,
    seed: int = 0,
) -> Factors:
    """Fit on ``shops``, a shop a step, beginning with ``start``; ``tell`` hears step, steps and loss. ``tokenizer`` must not pad."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    adapters = adapt(network, RANK, SCALE)
    set_factors(adapters, start or {})
    steps = epochs * len(shops)
    schedule = Schedule([([parameter for parameter in network.parameters() if parameter.requires_grad], RATE)], steps)
    network.train()
    step = 0
    for _ in range(epochs):
        for shop in draw.sample(list(shops), len(shops)):
            loss = _loss(network, tokenizer, _lay_out(shop, draw))
            loss.backward()  # type: ignore[no-untyped-call]
            schedule.step()
            step += 1
            tell(step, steps, loss.item())
    return factors_of(adapters)


def _lay_out(shop: Shop, draw: random.Random) -> _Step:
    asked = [question for question in shop.questions if question.passages]
    asked = draw.sample(asked, min(QUESTIONS, len(asked)))
    rows = {passage.id: row for row, passage in enumerate(shop.passages)}
    sentences = [(row, sentence) for row, passage in enumerate(shop.passages) for sentence in sentences_of(passage)]
    answering = [[n for n, (row, text) in enumerate(sentences) if row == rows[q.passages[0]] and answers(text, q.answer)] for q in asked]
    needed = {number for numbers in answering for number in numbers}
    others = [number for number in range(len(sentences)) if number not in needed]
    kept = sorted(needed | set(draw.sample(others, min(OTHER_SENTENCES, len(others)))))
    place = {number: at for at, number in enumerate(kept)}
    return _Step(
        [question.question for question in asked],
        [_text_of(passage) for passage in shop.passages],
        [f"{_context(shop.passages[sentences[number][0]])}\n{sentences[number][1]}" for number in kept],
        [rows[question.passages[0]] for question in asked],
        [[place[number] for number in numbers] for numbers in answering],
    )


def _context(passage: ShopPassage) -> str:
    """As `rag.unit.Unit.context`."""
    if passage.kind == "faq":
        return passage.text.split("\n", 1)[0]
    return " ".join(dict.fromkeys(part for part in (passage.title, passage.heading) if part))


def _text_of(passage: ShopPassage) -> str:
    """As `kb.passage.Passage.encoded_text`."""
    heading = " > ".join(dict.fromkeys(part for part in (passage.title, passage.heading) if part))
    first = [passage.text.split("\n", 1)[0]] if passage.kind == "faq" else []
    between = "\n" if passage.kind in ("table", "list") else " "
    return "\n".join([heading, *first, between.join(sentences_of(passage))])


def _loss(network: BertModel, tokenizer: Tokenizer, step: _Step) -> torch.Tensor:
    asked = _encode(network, tokenizer, [E5_PROMPTS["query"] + text for text in step.questions])
    passages = _encode(network, tokenizer, [E5_PROMPTS["passage"] + text for text in step.passages])
    sentences = _encode(network, tokenizer, [E5_PROMPTS["passage"] + text for text in step.sentences])
    near = asked @ passages.T / TEMPERATURE
    owner = torch.tensor(step.passage_of)
    first = {row: number for number, row in reversed(list(enumerate(step.passage_of)))}
    forward = torch.nn.functional.cross_entropy(near, owner)
    backward = torch.nn.functional.cross_entropy(near.T[list(first)], torch.tensor(list(first.values())))
    close = asked @ sentences.T / TEMPERATURE
    told = torch.stack(
        [torch.logsumexp(row, 0) - torch.logsumexp(row[right], 0) for row, right in zip(close, step.answers, strict=True) if right]
    )
    return forward + BACKWARD_WEIGHT * backward + told.mean()


def _encode(network: BertModel, tokenizer: Tokenizer, texts: Sequence[str]) -> torch.Tensor:
    """Unit vectors [texts, width], mean-pooled; batches of like length."""
    encoded = [tokenizer.encode(text).ids for text in texts]
    cut = [ids if len(ids) <= MOST_TOKENS else [*ids[: MOST_TOKENS - 1], ids[-1]] for ids in encoded]
    order = sorted(range(len(cut)), key=lambda row: len(cut[row]))
    vectors: list[torch.Tensor] = [torch.empty(0)] * len(cut)
    for at in range(0, len(order), BATCH):
        rows = order[at : at + BATCH]
        for row, vector in zip(rows, _encode_batch(network, [cut[row] for row in rows]), strict=True):
            vectors[row] = vector
    return torch.stack(vectors)


def _encode_batch(network: BertModel, batch: Sequence[Sequence[int]]) -> torch.Tensor:
    length = max(map(len, batch))
    ids = torch.tensor([[*row, *[1] * (length - len(row))] for row in batch])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in batch])
    with half_precision():
        hidden = network(input_ids=ids, attention_mask=mask).last_hidden_state
    kept = mask.unsqueeze(-1).float()
    return torch.nn.functional.normalize((hidden.float() * kept).sum(1) / kept.sum(1), dim=1)
