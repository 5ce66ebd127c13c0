"""What the reader learns from: the passages that the product itself finds for a question, and which of their sentences answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.shop import Shop, ShopQuestion, answers
from eval.shop_answers import TODAY, ingested_shop
from kb.encoder import Encoder
from kb.scope import SearchScope
from kb.search import HybridSearch
from rag.evidence import READ_PASSAGES, readings_of
from rag.reader import Reading
from rag.unit import units_of


@dataclass(frozen=True, slots=True)
class Example:
    """``answers[i]`` are the numbers of the sentences of ``readings[i]`` that answer ``question``; all empty when nothing does."""

    question: str
    readings: tuple[Reading, ...]
    answers: tuple[tuple[int, ...], ...]

    @property
    def answered(self) -> bool:
        """Whether any sentence answers."""
        return any(self.answers)


def collect_examples(shop: Shop, encoder: Encoder) -> list[Example]:
    """One example for each question of ``shop``, through the product's own ingest and search."""
    with ingested_shop(shop, encoder) as version:
        found = HybridSearch(encoder).search(version, [question.question for question in shop.questions], READ_PASSAGES, SearchScope(TODAY))
        return [_example(question, readings_of(units_of(hits))) for question, hits in zip(shop.questions, found, strict=True)]


def stripped(example: Example) -> Example:
    """The same question when the sentences that answer it were never written: near to it, and no answer."""
    left = [
        Reading(reading.context, tuple(text for number, text in enumerate(reading.sentences) if number not in answering))
        for reading, answering in zip(example.readings, example.answers, strict=True)
    ]
    readings = tuple(reading for reading in left if reading.sentences)
    return Example(example.question, readings, tuple(() for _ in readings))


def _example(question: ShopQuestion, readings: Sequence[Reading]) -> Example:
    return Example(question.question, tuple(readings), tuple(_answering(question, reading) for reading in readings))


def _answering(question: ShopQuestion, reading: Reading) -> tuple[int, ...]:
    if not question.answer:
        return ()
    return tuple(number for number, sentence in enumerate(reading.sentences) if answers(sentence, question.answer))
