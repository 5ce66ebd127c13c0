"""Sizes of several measures: "220 × 220 × 250 mm" is told as a whole, each measure as often as it stands there."""

import re
from collections.abc import Sequence

from rag.facts.fact import Fact

_TIMES = re.compile(r"\s?(?:[x×*]|by|auf|mal|乘)\s?", re.IGNORECASE)


def size_of(fact: Fact, text: str, facts: Sequence[Fact]) -> tuple[Fact, ...]:
    """The measures of the size that ``fact`` belongs to, itself among them, as they stand in ``text``; none where it stands alone."""
    sizes: list[list[Fact]] = []
    for one in facts:
        if sizes and _TIMES.fullmatch(text, sizes[-1][-1].end, one.start):
            sizes[-1].append(one)
        else:
            sizes.append([one])
    return next((tuple(size) for size in sizes if len(size) > 1 and fact in size), ())


def is_within(ours: Sequence[Fact], told: Sequence[Fact]) -> bool:
    """Whether each of ``ours`` agrees with another one of ``told``."""
    left = list(told)
    for fact in ours:
        match = next((one for one in left if fact.agrees(one)), None)
        if match is None:
            return False
        left.remove(match)
    return True
