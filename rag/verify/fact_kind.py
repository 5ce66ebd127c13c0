"""What a number is to a claim: a value that can be wrong, part of a name, or a way of speaking."""

import re

from rag.facts.fact import Fact
from rag.facts.quantity import Quantity

_NAME_BEFORE = re.compile(r"(?<!\w)[A-ZÀ-Þ]\w+[ -]?$")


def names_a_model(fact: Fact, text: str) -> bool:
    """Whether the number is part of a name in ``text``: "Rovo 310"."""
    return fact.is_bare and bool(_NAME_BEFORE.search(text, 0, fact.start))


def is_soft(fact: Fact) -> bool:
    """One and two are also said without a number ("again", "both", "the second"): they only count against another number."""
    content = fact.content
    return isinstance(content, Quantity) and content.dimension in {None, "times"} and max(content.values) <= 2
