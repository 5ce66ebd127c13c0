"""What the claim reader learns from: a claim, the passage it cites, and the sentences that bear it out, or that none does.

To the claims that were written come kinds that need no writing: sentences as they stand (true), and those and true claims turned
into their opposite, with a condition dropped, or with a fact exchanged for another one of the same passage (false), and true claims
laid before the passage most like theirs (false).
"""

import random
from collections.abc import Iterator, Sequence

from eval.claim import SHOP_PREFIX, Claim
from eval.shop import Shop, ShopPassage, answers, sentences_of
from eval.training.example import Example
from eval.training.negate import opposites
from eval.training.weaken import weakened
from kb.text.tokens import tokenize
from rag.facts.fact import find_facts
from rag.reader import Reading

LITERAL_SHARE = 0.06
"""Sentences as they stand, of all sentences of the shops; beside each its opposite, and what it says without a condition."""
EXCHANGED_SHARE = 0.2
NEGATED_SHARE = 0.25
WEAKENED_SHARE = 0.4
ELSEWHERE_SHARE = 0.2


def claim_examples(claims: Sequence[Claim], shops: Sequence[Shop], seed: int = 1) -> list[Example]:
    """Examples of one reading each.

    Raises:
        KeyError: a claim is about a shop that is not among ``shops``.
    """
    draw = random.Random(seed)
    known = {shop.name: shop for shop in shops}
    found = []
    for claim in claims:
        shop = known[claim.source.removeprefix(SHOP_PREFIX)]
        passage = next(passage for passage in shop.passages if claim.quote in passage.text)
        found += [_written(claim, passage), *_derived(claim, passage, shop, draw)]
    used = dict.fromkeys(claim.source.removeprefix(SHOP_PREFIX) for claim in claims)
    return [*found, *(example for name in used for example in _literal(known[name], draw))]


def reading_of(passage: ShopPassage) -> Reading:
    """The passage as the product lays it before a reader."""
    if passage.kind == "faq":
        return Reading(passage.text.split("\n", 1)[0], tuple(sentences_of(passage)))
    return Reading(" ".join(dict.fromkeys((passage.title, passage.heading))).strip(), tuple(sentences_of(passage)))


def _written(claim: Claim, passage: ShopPassage) -> Example:
    reading = reading_of(passage)
    return Example(claim.sentence, (reading,), (_bearing(reading.sentences, claim.quote) if claim.true else (),))


def _derived(claim: Claim, passage: ShopPassage, shop: Shop, draw: random.Random) -> Iterator[Example]:
    if not claim.true:
        return
    exchanged = _exchanged(claim, passage, draw)
    if exchanged is not None and draw.random() < EXCHANGED_SHARE:
        yield Example(exchanged, (reading_of(passage),), ((),))
    yield from _turned_round(claim.sentence, claim.language, reading_of(passage), draw, NEGATED_SHARE, WEAKENED_SHARE)
    if draw.random() < ELSEWHERE_SHARE:
        yield Example(claim.sentence, (reading_of(_most_like(passage, shop)),), ((),))


def _turned_round(
    sentence: str, language: str, reading: Reading, draw: random.Random, opposite_share: float, weakened_share: float
) -> Iterator[Example]:
    """One opposite of ``sentence`` and one of it without a condition, each with its probability."""
    for changed, share in ((opposites(sentence, language), opposite_share), (weakened(sentence, language), weakened_share)):
        if changed and draw.random() < share:
            yield Example(draw.choice(changed), (reading,), ((),))


def _exchanged(claim: Claim, passage: ShopPassage, draw: random.Random) -> str | None:
    """The claim with one of its facts exchanged for another of the passage that measures the same."""
    told = find_facts(passage.text, passage.language)
    choices = []
    for fact in find_facts(claim.sentence, claim.language):
        others = [other for other in told if fact.comparable(other) and not fact.agrees(other)]
        choices += [(fact, other) for other in others]
    if not choices or claim.language != passage.language:
        return None
    fact, other = draw.choice(choices)
    return claim.sentence[: fact.start] + passage.text[other.start : other.end] + claim.sentence[fact.end :]


def _most_like(passage: ShopPassage, shop: Shop) -> ShopPassage:
    """The other passage of the same language that shares most of its words, by number of words."""
    words = set(tokenize(passage.text, passage.language))
    others = [other for other in shop.passages if other.id != passage.id and passage.text not in other.text]
    return max(others, key=lambda other: len(words.intersection(tokenize(other.text, other.language))) / (30 + len(other.text)) ** 0.5)


def _literal(shop: Shop, draw: random.Random) -> Iterator[Example]:
    for passage in shop.passages:
        reading = reading_of(passage)
        for number, sentence in enumerate(reading.sentences):
            if draw.random() < LITERAL_SHARE:
                yield Example(sentence, (reading,), ((number,),))
                yield from _turned_round(sentence, passage.language, reading, draw, 1.0, 1.0)


def _bearing(sentences: Sequence[str], quote: str) -> tuple[int, ...]:
    """The sentences that ``quote`` is part of or made of; where the two were cut otherwise, the one that shares most of its words."""
    bearing = tuple(number for number, sentence in enumerate(sentences) if answers(sentence, quote) or answers(quote, sentence))
    if bearing:
        return bearing
    words = set(tokenize(quote, "und"))
    return (max(range(len(sentences)), key=lambda number: len(words.intersection(tokenize(sentences[number], "und")))),)
